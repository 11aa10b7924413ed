import { setTimeout as sleep } from 'node:timers/promises'
import { CANDIDATES } from '../scenes/crowd.ts'
import { makeSteps, type Wish } from '../scenes/steps.ts'
import type { Sandbox } from '../start-sandbox.ts'

const MANAGERS = ['U0MARIA', 'U0PETTER', 'U0NINA', 'U0TORE']
const ENDS = ['approved', 'declined', 'cancelled', 'error', 'expired'] as const
const OVER = /^(Approved|Declined|Cancelled|Expired|Error)\b/i
const MOST_ATTEMPTS = 5
const PATIENCE_MS = 10 * 60_000

export type Stories = {
  /** Verifies one person after another until that moment (real ms), then waits until the last is over. */
  tell(until: number, perMinute: number): Promise<void>
  readonly begun: () => number
  readonly over: () => number
  /** Stories that did not end as they should. */
  readonly broken: readonly string[]
}

/** One verification after another, side by side; now and then something goes wrong on the way. */
export function makeStories(sandbox: Sandbox): Stories {
  const { slack, easyfreelance } = sandbox
  const steps = makeSteps(sandbox)
  const busy = new Set<string>()
  const atForms = new Map<string, Promise<unknown>>()
  const broken: string[] = []
  let begun = 0
  let over = 0

  const mishaps: readonly (() => void)[] = [
    () => void slack.fault({ method: 'chat.postMessage', do: 'lose' }),
    () => void slack.fault({ method: 'chat.update', do: { ratelimit: 2 } }),
    () => void easyfreelance.fault({ route: 'poll', do: { status: 500 } }),
    () => void slack.fault({ method: 'chat.postMessage', do: { status: 503 } }),
    () => slack.drop(),
    () => void easyfreelance.fault({ route: 'start', do: 'lose_before' }),
    () => void easyfreelance.fault({ route: 'poll', do: { garbage: 'html' } }),
  ]

  const endings = (userId: string): number =>
    slack
      .messages()
      .filter(({ deleted, text }) => !deleted && text.includes(`Employee: <@${userId}>`) && OVER.test(text)).length

  const isAsked = (number: number): boolean =>
    easyfreelance.sessions().some(({ employeeId, status }) => employeeId === number && status === 'pending')

  /** Slack says so when the connection is just down; people then try again. */
  async function askPatiently(wish: Wish): Promise<void> {
    for (let attempts = 1; !isAsked(wish.number); attempts += 1) {
      try {
        return await steps.requestAll([wish])
      } catch (error) {
        const isDown = error instanceof Error && error.message.includes('operation_timeout')
        if (!isDown || attempts === MOST_ATTEMPTS) throw error
        await slack.until(() => slack.connections() > 0, { withinMs: PATIENCE_MS, what: 'a connection' })
      }
    }
  }

  /** A manager fills in one form at a time. */
  async function ask(wish: Wish): Promise<void> {
    const before = atForms.get(wish.managerId) ?? Promise.resolve()
    const asking = before.then(() => askPatiently(wish))
    atForms.set(
      wish.managerId,
      asking.catch(() => undefined),
    )
    await asking
  }

  async function tellOne(nth: number, userId: string, number: number): Promise<void> {
    const end = ENDS[nth % ENDS.length] ?? 'approved'
    const before = endings(userId)
    if (nth % 5 === 4) mishaps[Math.floor(nth / 5) % mishaps.length]?.()
    await ask({
      userId,
      number,
      managerId: MANAGERS[nth % MANAGERS.length] ?? '',
      provider: nth % 2 === 0 ? 'BankID' : 'Veriff',
      documents: 'Norwegian documents',
      note: null,
      channelId: 'C0GENERAL',
      cardIn: 'Only to me',
    })
    await slack.until(() => isAsked(number), { withinMs: PATIENCE_MS, what: `a session of ${number}` })
    if (end === 'expired') easyfreelance.decide((await steps.sessionOf(userId)).id, end)
    else await steps.finish(userId, end)
    await steps.comeBack(userId).catch(() => undefined)
    await slack.until(() => endings(userId) > before, { withinMs: PATIENCE_MS, what: `the end of ${userId} (${end})` })
    over += 1
  }

  return {
    begun: () => begun,
    over: () => over,
    broken,
    tell: async (until, perMinute) => {
      const underWay = new Set<Promise<void>>()
      for (let nth = 0; Date.now() < until; nth += 1) {
        await sleep(60_000 / perMinute)
        const candidate = CANDIDATES.find(({ userId }) => !busy.has(userId))
        if (candidate === undefined) continue
        const { userId, number } = candidate
        busy.add(userId)
        begun += 1
        const story = tellOne(nth, userId, number)
          .catch((error: unknown) => void broken.push(error instanceof Error ? error.message : String(error)))
          .finally(() => {
            // Whoever was verified least lately is next.
            setTimeout(() => busy.delete(userId), 60_000).unref()
            underWay.delete(story)
          })
        underWay.add(story)
      }
      await Promise.all(underWay)
    },
  }
}
