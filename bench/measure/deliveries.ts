import { createHmac, randomBytes } from 'node:crypto'
import { Pool } from 'undici'
import { newVerifyForm, numberBlock, VERIFY_MODAL } from '../../src/views/verify-form.ts'
import { verifyModal } from '../../src/views/verify-modal.ts'

export const SIGNING_SECRET = '0123456789abcdef0123456789abcdef'
export const MANAGER = 'U0MANAGER'
const TEAM = { id: 'T0BENCH', domain: 'bench' }

/** Each delivery is a new one: another trigger, another view, another employee. */
let count = 0
const next = () => {
  count += 1
  return count
}
const run = randomBytes(3).toString('hex').toUpperCase()

export function commandBody(): string {
  const n = next()
  return new URLSearchParams({
    token: 'verification-token',
    team_id: TEAM.id,
    team_domain: TEAM.domain,
    channel_id: 'C0GENERAL',
    channel_name: 'general',
    user_id: MANAGER,
    user_name: 'manager',
    command: '/verify',
    text: `<@U0E${run}${n}|employee>`,
    api_app_id: 'A0BENCH',
    is_enterprise_install: 'false',
    response_url: 'http://127.0.0.1:9/respond',
    trigger_id: `${n}.${run}`,
  }).toString()
}

/** What Slack sends when a manager has filled in the form and pressed Send. */
export function submissionBody(): string {
  const n = next()
  const employeeId = `U0E${run}${n}`
  const start = { employeeId, typedName: null, rememberedNumber: null, isLinked: false, channelId: null }
  const employeeNumber = 100_000 + n
  // Who has the number was shown already, so that Send goes on.
  const confirmation = { employeeId, employeeNumber, is: 'said', text: 'Ola Nordmann, o…@example.com' } as const
  const typedNumber = { text: String(employeeNumber), forEmployeeId: employeeId }
  const payload = {
    type: 'view_submission',
    team: TEAM,
    user: { id: MANAGER, username: 'manager', name: 'manager', team_id: TEAM.id },
    api_app_id: 'A0BENCH',
    token: 'verification-token',
    trigger_id: `${n}.${run}`,
    view: {
      ...verifyModal({ ...newVerifyForm(start), typedNumber, confirmation }),
      id: `V${run}${n}`,
      team_id: TEAM.id,
      hash: `${n}.hash`,
      root_view_id: `V${run}${n}`,
      app_id: 'A0BENCH',
      bot_id: 'B0BENCH',
      callback_id: VERIFY_MODAL,
      state: {
        values: {
          employee: { choose_employee: { type: 'users_select', selected_user: employeeId } },
          provider: { choose_provider: { type: 'radio_buttons', selected_option: { value: 'bankid' } } },
          [numberBlock(employeeId)]: {
            employee_number: { type: 'plain_text_input', value: String(employeeNumber) },
          },
          note: { note: { type: 'plain_text_input', value: null } },
        },
      },
    },
    response_urls: [],
    enterprise: null,
    is_enterprise_install: false,
  }
  return new URLSearchParams({ payload: JSON.stringify(payload) }).toString()
}

export type Ack = { readonly ms: number; readonly status: number; readonly text: string }

/** Slack, as far as deliveries go: signs them and waits for the ack. */
export function makeSlackSide(port: number, connections: number) {
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections, pipelining: 1, headersTimeout: 60_000 })
  return {
    deliver: async (body: string): Promise<Ack> => {
      const timestamp = String(Math.floor(Date.now() / 1000))
      const digest = createHmac('sha256', SIGNING_SECRET).update(`v0:${timestamp}:${body}`).digest('hex')
      const startedAt = performance.now()
      const answer = await pool.request({
        path: '/slack/events',
        method: 'POST',
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          'x-slack-request-timestamp': timestamp,
          'x-slack-signature': `v0=${digest}`,
        },
        body,
      })
      const text = await answer.body.text()
      return { ms: performance.now() - startedAt, status: answer.statusCode, text }
    },
    close: () => pool.destroy(),
  }
}

export type SlackSide = ReturnType<typeof makeSlackSide>

/** One every `everyMs`, whether the one before is answered or not. */
export async function paced(
  slack: SlackSide,
  makeBody: () => string,
  { deliveries, everyMs }: { deliveries: number; everyMs: number },
): Promise<Ack[]> {
  const bodies = Array.from({ length: deliveries }, makeBody)
  const startedAt = performance.now()
  const acks: Promise<Ack>[] = []
  for (const [index, body] of bodies.entries()) {
    const wait = startedAt + index * everyMs - performance.now()
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
    acks.push(slack.deliver(body))
  }
  return Promise.all(acks)
}

/** All in the same moment. */
export async function atOnce(slack: SlackSide, bodies: readonly string[]): Promise<Ack[]> {
  return Promise.all(bodies.map((body) => slack.deliver(body)))
}
