import { FOR_PEOPLE } from '../../src/services/partner.ts'
import { scheduleOf } from '../../src/services/poll-schedule.ts'
import { makeRequestBudget } from '../../src/services/request-budget.ts'
import { type Candidate, makeChoice } from '../../src/services/store/claim-verifications.ts'
import { PACES, paceOf } from '../../src/services/store/schedule.ts'
import { transition } from '../../src/services/transition.ts'
import type { Verification, VerificationEvent } from '../../src/services/verification.ts'
import { makeChances } from './chances.ts'
import { type Heap, makeHeap } from './heap.ts'
import { makeSightings, type Seen } from './sightings.ts'
import { EPOCH, makeStory, type OursOptions } from './story.ts'
import type { Workload } from './workload.ts'

const SLOTS = 32
const EXPIRED_PACE = paceOf(2000)
const AFTER_DEADLINE_MS = 2000
const OPENED_LATELY_MS = 60 * 60_000
const MOST_HURRIED = 10
const HURRY_AGAIN_AFTER_MS = 10_000

type Row = { verification: Verification; pace: number; nextAt: number | null }
type Due = Candidate

/**
 * The bot's schedule, budget, choice and transitions over rows in memory: about twenty times as fast as `on-sqlite.ts`, which
 * sees the very same things at the same moments; a test compares them.
 */
export function runInMemory(workload: Workload, { perMinute, countFrom, signs, seed }: OursOptions): Seen {
  const story = makeStory(workload, { signs })
  const { next: random } = makeChances(seed)
  const { endsAt, assumptions } = workload
  let time = 0
  const now = () => EPOCH + time
  const sightings = makeSightings(workload, countFrom)
  const budget = makeRequestBudget({ perMinute, now })
  const choose = makeChoice()

  const rows = new Map<number, Row>()
  const lines: Heap<Due>[] = PACES.map(() =>
    makeHeap((one, other) => one.nextAt < other.nextAt || (one.nextAt === other.nextAt && one.nth < other.nth)),
  )
  const deadlines = makeHeap<{ nth: number; at: number }>((one, other) => one.at < other.at)
  let hurriedAt = 0

  function put(nth: number, verification: Verification, nextAt: number | null, pace: number): void {
    rows.set(nth, { verification, nextAt, pace })
    if (nextAt === null) rows.delete(nth)
    else lines[pace]?.push({ nth, nextAt, pace })
  }
  /** `before`: the row that a sign tells something about. */
  function reschedule(nth: number, verification: Verification, before: Row | null = null): void {
    const { nextAt, lateAt } = scheduleOf(verification, { now: now(), chance: random(), isSign: before !== null })
    const pace = nextAt === null || lateAt === null ? 0 : paceOf(lateAt - nextAt)
    if (nextAt === null || before?.nextAt == null) put(nth, verification, nextAt, pace)
    else put(nth, verification, before.nextAt <= now() ? dueStill(before, pace) : Math.min(nextAt, before.nextAt), pace)
  }
  /** The share of its patience that it has waited stays the same when that gets shorter. */
  function dueStill({ nextAt, pace: before }: Row, pace: number): number {
    return now() - Math.floor((now() - (nextAt ?? 0)) / 2 ** Math.max(before - pace, 0))
  }
  const isInLine = ({ nth, nextAt, pace }: Due) => rows.get(nth)?.nextAt === nextAt && rows.get(nth)?.pace === pace

  /** The first of a line; those that have moved on meanwhile are dropped. */
  function headOf(line: Heap<Due>): Due | undefined {
    while (line.size > 0) {
      const head = line.top()
      if (head !== undefined && isInLine(head)) return head
      line.pop()
    }
    return undefined
  }
  function firstOf(line: Heap<Due>, limit: number): Due[] {
    const taken: Due[] = []
    for (
      let head = headOf(line);
      head !== undefined && head.nextAt <= now() && taken.length < limit;
      head = headOf(line)
    ) {
      if (!taken.some(({ nth }) => nth === head.nth)) taken.push(head)
      line.pop()
    }
    for (const each of taken) line.push(each)
    return taken
  }
  const nextDueAt = () => Math.min(...lines.map((line) => headOf(line)?.nextAt ?? Number.POSITIVE_INFINITY)) - EPOCH

  function hurryExpired(): void {
    for (
      let first = deadlines.top();
      first !== undefined && first.at <= now() - AFTER_DEADLINE_MS;
      first = deadlines.top()
    ) {
      deadlines.pop()
      const row = rows.get(first.nth)
      if (row?.nextAt != null && row.nextAt <= now() && row.pace > EXPIRED_PACE) {
        put(first.nth, row.verification, dueStill(row, EXPIRED_PACE), EXPIRED_PACE)
      }
    }
  }

  function step({ nth }: Due): void {
    const row = rows.get(nth)
    if (row === undefined) return
    const happened = (state: Verification, event: VerificationEvent) => transition(state, event, now())
    if (row.verification.status === 'requested') {
      sightings.started(nth, time)
      deadlines.push({ nth, at: story.session(nth).expiresAt })
      const begun = happened(row.verification, { type: 'start_begun' })
      reschedule(nth, happened(begun, story.started(nth)))
      return
    }
    sightings.looked(nth, time)
    const report = { sessionId: story.session(nth).sessionId, status: story.status(nth, time), missingSteps: [] }
    reschedule(nth, happened(row.verification, { type: 'reported', ...report }))
  }

  function happen(nth: number, what: 'invited' | 'opened' | 'returned'): void {
    if (what === 'invited') {
      put(nth, { ...story.request(nth), id: `v${nth}`, status: 'requested' }, now(), 0)
      return
    }
    if (what === 'returned' && !assumptions.returnNamesSession) {
      hurry()
      return
    }
    const row = rows.get(nth)
    if (row === undefined) return
    const next = transition(row.verification, { type: what }, now())
    if (next !== row.verification) reschedule(nth, next, row)
  }

  /** Somebody came back and nobody knows who. */
  function hurry(): void {
    if (now() - hurriedAt < HURRY_AGAIN_AFTER_MS) return
    hurriedAt = now()
    const openedAt = ({ verification: { status, ...rest } }: Row) =>
      status === 'waiting' && 'session' in rest ? (rest.session?.openedAt ?? 0) : 0
    const lately = [...rows]
      .filter(([, row]) => openedAt(row) >= now() - OPENED_LATELY_MS && (row.nextAt ?? 0) > now())
      .sort(([, one], [, other]) => openedAt(other) - openedAt(one))
      .slice(0, MOST_HURRIED)
    for (const [nth, { verification }] of lately) put(nth, verification, now(), paceOf(1))
  }

  function pass(): number {
    for (;;) {
      const room = Math.min(SLOTS, budget.available(FOR_PEOPLE))
      if (room < 1) break
      hurryExpired()
      const due = lines.flatMap((line) => firstOf(line, room))
      const chosen = choose(due, room, now())
      if (chosen.length === 0) break
      budget.take(chosen.length)
      for (const each of chosen) step(each)
    }
    return budget.available(FOR_PEOPLE) < 1 ? Math.max(nextDueAt(), budget.nextAt(FOR_PEOPLE) - EPOCH) : nextDueAt()
  }

  for (const { nth, now: waiting } of story.waiting((each) => `v${each}`)) {
    deadlines.push({ nth, at: story.session(nth).expiresAt })
    reschedule(nth, waiting)
  }
  let done = 0
  while (time < endsAt) {
    for (let next = story.happenings[done]; next !== undefined && next.at <= time; next = story.happenings[done]) {
      done += 1
      happen(next.nth, next.what)
    }
    time = Math.max(time, Math.min(pass(), story.happenings[done]?.at ?? Number.POSITIVE_INFINITY, endsAt))
  }
  return sightings.result()
}
