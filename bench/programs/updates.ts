/**
 * Edits a card a number of times, one after the other, in one of several ways, and says what CPU it took. Its own process for
 * each way, so that none has another's garbage to collect.
 */
import { WebClient } from '@slack/web-api'
import { Agent, request } from 'undici'
import { makeLog } from '../../src/services/log.ts'
import { makeSlackClient } from '../../src/services/slack-client.ts'
import { slackLogger } from '../../src/services/slack-logger.ts'

const [way = '', slackApiUrl = '', times = '0'] = process.argv.slice(2)
const token = 'xoxb-bench'
const agent = new Agent()
const line = (text: string) => ({ type: 'section', text: { type: 'mrkdwn', text, verbatim: true } })
const blocks = [line('*Ola Nordmann* – waiting for them to open the link'), line('BankID · asked for by <@U0MANAGER>')]
const message = { channel: 'D0MANAGER', ts: '1700000000.000100', text: 'Waiting', blocks }

const WAYS: Readonly<Record<string, () => () => Promise<unknown>>> = {
  'bare undici': () => async () => {
    const body = new URLSearchParams({ ...message, blocks: JSON.stringify(blocks) }).toString()
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await request(`${slackApiUrl}chat.update`, { method: 'POST', headers, body, dispatcher: agent })
    return answer.body.json()
  },
  'this bot': () => {
    const log = makeLog({ level: 'info' })
    const client = makeSlackClient({
      token,
      apiUrl: slackApiUrl,
      timeoutMs: 10_000,
      dispatcher: agent,
      logger: slackLogger(log),
    })
    return () => client.chat.update(message as never)
  },
  "Slack's client as it comes": () => {
    const client = new WebClient(token, { slackApiUrl })
    return () => client.chat.update(message as never)
  },
}

const edit = WAYS[way]?.()
if (edit === undefined) throw new Error(`no way ${way}`)
for (let i = 0; i < Number(times) / 2; i += 1) await edit()
const before = process.cpuUsage()
for (let i = 0; i < Number(times); i += 1) await edit()
const { user, system } = process.cpuUsage(before)
process.stdout.write(`${JSON.stringify({ microseconds: (user + system) / Number(times) })}\n`)
process.exit(0)
