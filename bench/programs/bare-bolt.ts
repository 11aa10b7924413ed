/**
 * The floor for anything on Bolt: an app of its own HTTPReceiver that only acks commands. A submission is acked when one row
 * is committed with `synchronous=FULL`, and, where asked for, after two live look-ups with Slack's own client.
 */
import { createServer } from 'node:http'
import { App, HTTPReceiver } from '@slack/bolt'
import Database from 'better-sqlite3'
import { listen } from './ready.ts'

const {
  SLACK_SIGNING_SECRET: signingSecret = '',
  SLACK_API_URL: slackApiUrl = '',
  BARE_DATABASE,
  BARE_LOOKUPS,
} = process.env
const receiver = new HTTPReceiver({ signingSecret, endpoints: ['/slack/events'] })
const app = new App({
  receiver,
  clientOptions: { slackApiUrl },
  authorize: async () => ({ botToken: 'xoxb-bench', botId: 'B0BENCH', botUserId: 'U0BENCHBOT' }),
})
app.command('/verify', ({ ack }) => ack())

if (BARE_DATABASE !== undefined) {
  const db = new Database(BARE_DATABASE)
  db.exec('pragma journal_mode = wal')
  db.exec('create table requests (view_id text primary key, body text not null)')
  db.exec('pragma synchronous = full')
  const insert = db.prepare('insert into requests values (?, ?)')
  app.view('verify', async ({ ack, view, body, client }) => {
    if (BARE_LOOKUPS === 'yes') {
      const users = [body.user.id, 'U0EMPLOYEE']
      await Promise.all(users.map((user) => client.users.info({ user })))
    }
    insert.run(view.id, JSON.stringify(view.state.values))
    await ack()
  })
}

listen(createServer((request, response) => void receiver.requestListener(request, response)))
