import type {
  ActRequest,
  ActResult,
  ControlRequest,
  ControlResult,
  PageMessage,
  SceneName,
  Snapshot,
} from '../../../sandbox/page/contract.ts'
import { makeStage, type Stage } from '../../../sandbox/page/server/stage.ts'
import { startPage } from '../../../sandbox/page/server/start-page.ts'

export type PageBench = {
  readonly url: string
  readonly stage: Stage
  state(): Promise<Snapshot>
  act(request: ActRequest): Promise<ActResult>
  control(request: ControlRequest): Promise<ControlResult>
  /** The first truthy value of `look`, asked again whenever something has changed. */
  until<T>(what: string, look: (snapshot: Snapshot) => T | undefined | null | false): Promise<T>
  /** The card of that employee, once it says so. */
  card(userId: string, words: RegExp): Promise<PageMessage>
  /** The form says who has this number. */
  confirmed(as: string, number: string): Promise<unknown>
  stop(): Promise<void>
}

const PATIENCE_MS = 60_000

/** The page's server over a real sandbox with the built bot, and a client that speaks HTTP to it. */
export async function openPage(scene: SceneName = 'empty'): Promise<PageBench> {
  const stage = makeStage()
  await stage.open(scene)
  const page = await startPage({ stage, port: 0 })

  async function post<Result>(path: string, body: object): Promise<Result> {
    const headers = { 'content-type': 'application/json' }
    const answer = await fetch(`${page.url}api/${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
    return (await answer.json()) as Result
  }

  const state = async (): Promise<Snapshot> => (await (await fetch(`${page.url}api/state`)).json()) as Snapshot

  async function until<T>(what: string, look: (snapshot: Snapshot) => T | undefined | null | false): Promise<T> {
    const signal = AbortSignal.timeout(PATIENCE_MS)
    for (;;) {
      const snapshot = await state()
      const seen = look(snapshot)
      if (seen !== undefined && seen !== null && seen !== false) return seen
      await changedSince(stage, snapshot.version, signal).catch(() => {
        throw new Error(`not within ${PATIENCE_MS} ms: ${what}`)
      })
    }
  }

  return {
    url: page.url,
    stage,
    state,
    act: (request) => post('act', request),
    control: (request) => post('control', request),
    until,
    card: (userId, words) =>
      until(`a card of ${userId} that says ${words}`, ({ messages }) =>
        messages.find(({ text }) => text.includes(`Employee: <@${userId}>`) && words.test(text)),
      ),
    confirmed: (as, number) =>
      until(`who ${number} is`, ({ modals }) =>
        new RegExp(`At EasyFreelance ${number} is |did not say who ${number}`).test(JSON.stringify(modals[as]?.at(-1))),
      ),
    async stop() {
      await page.stop()
      await stage.close()
    },
  }
}

function changedSince(stage: Stage, version: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (stage.version() > version) return resolve()
    signal.throwIfAborted()
    signal.addEventListener('abort', () => reject(new Error('too late')), { once: true })
    stage.onChange(resolve)
  })
}

/** Asks for a verification by BankID as a manager does on the page. */
export async function askFor(page: PageBench, name: string, userId: string, number: string): Promise<void> {
  const as = 'U0MARIA'
  await page.act({ as, do: 'command', channelId: 'C0GENERAL', command: '/verify', text: `@${name}` })
  await page.until('the form', ({ modals }) => modals[as]?.at(-1))
  await page.act({ as, do: 'type', target: 'modal', actionId: 'employee_number', text: number, enter: true })
  await page.confirmed(as, number)
  await page.act({ as, do: 'submit' })
  await page.act({ as, do: 'close' })
  await page.card(userId, /./)
}

/** The link in the employee's invitation, once it is there. */
export function linkOf(page: PageBench, userId: string): Promise<{ link: string; ts: string; channelId: string }> {
  return page.until(`an invitation for ${userId}`, ({ messages }) => {
    for (const { channelId, ts, blocks } of messages.filter((message) => message.channelId === `D${userId}`)) {
      const link = /http[^"]*\/verify\/[^"]+/.exec(JSON.stringify(blocks))?.[0]
      if (link !== undefined) return { link, ts, channelId }
    }
    return null
  })
}
