import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { makeClock } from '../../test/simulation/clock.ts'
import { round } from '../measure/digits.ts'
import { folder, remove } from '../measure/our-bot.ts'
import type { Report } from '../measure/report.ts'
import { startCore } from './settle-core.ts'
import { type Ledger, makeLedger } from './settle-ledger.ts'
import { makeCountingSlack } from './settle-slack.ts'

const SECOND_MS = 1000
const MINUTE_MS = 60 * SECOND_MS
/** docs.slack.dev: chat.update and conversations.open, tier 3. */
const EDITS_A_MINUTE = 50
const NEWCOMERS = 3
const NEWCOMERS_AFTER_MS = 10 * MINUTE_MS

type Shape = {
  readonly name: string
  readonly managerOf: (index: number) => string
  /** Null: in the manager's direct messages. */
  readonly channelOf: (index: number) => string | null
}

/** How a company may have spread what it asks for. */
const SHAPES: readonly Shape[] = [
  { name: 'one channel, one manager', managerOf: () => 'U0MANAGER', channelOf: () => 'C0EVERYBODY' },
  {
    name: 'direct messages of fifty managers',
    managerOf: (index) => `U0MANAGER${index % 50}`,
    channelOf: () => null,
  },
  {
    name: 'nine tenths in one channel, the rest in twenty',
    managerOf: (index) => `U0MANAGER${index % 50}`,
    channelOf: (index) => (index % 10 === 9 ? `C0TEAM${Math.floor(index / 10) % 20}` : 'C0EVERYBODY'),
  },
]

/** Ten thousand sessions settle in the same minute, in made-up time: how long Slack's limits make it, and who waits. */
export async function settleLoad(report: Report, { sessions }: { sessions: number }): Promise<void> {
  const results: (readonly [string, Outcome])[] = []
  for (const shape of SHAPES) {
    results.push([shape.name, await settleAll(shape, sessions)])
    report.progress(results.length, SHAPES.length)
  }
  const many = sessions.toLocaleString('en-GB')
  report.table({
    title: `${many} sessions settle in the same minute`,
    about:
      `In made-up time, with the real core and a real database, against a Slack that counts every call when it arrives. ` +
      `Each settled session is two edits (the manager's card, the employee's invitation) and one new message (the notice of the ` +
      `outcome). The limit's own floor for the edits: ${round((2 * sessions) / EDITS_A_MINUTE)} minutes.`,
    columns: ['', 'cards shown', 'last card, min', '/ floor', 'last notice, min', 'calls refused', 'troubles logged'],
    rows: results.map(([name, { ledger, refused, troubles, editsDone }]) => [
      name,
      `${ledger.shown('card').toLocaleString('en-GB')} of ${many}`,
      round(ledger.lastMin('card')),
      `${round(ledger.lastMin('card') / ((editsDone - 1) / EDITS_A_MINUTE))}×`,
      round(ledger.lastMin('outcome')),
      String(refused),
      String(troubles),
    ]),
  })
  report.table({
    title: 'Who waits, and what it takes',
    about:
      'Places lost: by how many others a card was overtaken that settled later. The quiet: the longest wait in any channel but the ' +
      'busiest, as a share of the longest in the busiest. Newcomers: asked for ten minutes later, of people who have no ' +
      'conversation with the bot yet. Memory: the heap after a full collection when all have settled and wait, and its most after that.',
    columns: [
      '',
      'places lost, most',
      'quiet / busiest',
      'new card after',
      'new invitation after',
      'heap first, MB',
      'most after',
    ],
    rows: results.map(([name, { ledger, heaps, newcomers }]) => [
      name,
      String(ledger.mostPlacesLost()),
      `${round(ledger.quietBesideBusiest())}×`,
      newcomers.card,
      newcomers.invitation,
      round(heaps[0] ?? Number.NaN),
      round(Math.max(...heaps.slice(1))),
    ]),
  })
  for (const [name, { ledger }] of results) {
    const missing = sessions - ledger.shown('card')
    if (missing > 0) throw new Error(`${name}: ${missing} cards were never edited`)
  }
}

type Outcome = {
  readonly ledger: Ledger
  readonly refused: number
  readonly troubles: number
  readonly editsDone: number
  /** MB, first when everything waits. */
  readonly heaps: readonly number[]
  readonly newcomers: { readonly card: string; readonly invitation: string }
}

async function settleAll(shape: Shape, sessions: number): Promise<Outcome> {
  const at = folder()
  const begin = Date.now()
  const clock = makeClock(begin)
  const ledger = makeLedger({ sessions, begin, channelOf: (index) => shape.channelOf(index) ?? shape.managerOf(index) })
  const slack = makeCountingSlack({ clock, onArrival: ledger.arrived })
  const dueAt = (index: number) => begin + SECOND_MS + Math.round((index * MINUTE_MS) / sessions)
  const seeding = { count: sessions, dueAt, messages: shape }
  const running = startCore({ at, clock, slack, seeding, onSettled: ledger.settled })
  const heaps: number[] = []
  try {
    await clock.runUntil(begin + 2 * MINUTE_MS)
    heaps.push(heapMb())
    await clock.runUntil(begin + NEWCOMERS_AFTER_MS)
    const askedAt = clock.now()
    for (let nth = 0; nth < NEWCOMERS; nth += 1) await running.core.verifications.request(newcomer(nth))
    const most = begin + (4 * sessions * MINUTE_MS) / EDITS_A_MINUTE + 60 * MINUTE_MS
    while (!ledger.isComplete(NEWCOMERS) && clock.now() < most) {
      await clock.runUntil(clock.now() + 5 * MINUTE_MS)
      heaps.push(heapMb())
    }
    await running.core.worker.stop(0)
    return {
      ledger,
      refused: slack.refused(),
      troubles: running.troubles(),
      editsDone: slack.calls('chat.update'),
      heaps,
      newcomers: {
        card: after(ledger.newcomerAt('card'), askedAt),
        invitation: after(ledger.newcomerAt('invitation'), askedAt),
      },
    }
  } finally {
    running.db.close()
    remove(at)
  }
}

const newcomer = (nth: number) => ({
  teamId: 'T0BENCH',
  viewId: `V0NEW${nth}`,
  managerId: `U0NEWMANAGER${nth}`,
  employeeId: `U0NEW${nth}`,
  employeeNumber: 5_000_000 + nth,
  provider: 'bankid' as const,
  idType: null,
  note: null,
  cardChannelId: `C0NEW${nth}`,
})

function after(times: readonly number[], askedAt: number): string {
  const ms = Math.max(...times) - askedAt
  return ms < MINUTE_MS ? `${round(ms / SECOND_MS)} s` : `${round(ms / MINUTE_MS)} min`
}

function heapMb(): number {
  // A context made after the flag has it.
  setFlagsFromString('--expose-gc')
  const collect: () => void = runInNewContext('gc')
  collect()
  return process.memoryUsage().heapUsed / 1024 / 1024
}
