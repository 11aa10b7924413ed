import { createSecretKey } from 'node:crypto'
import type { EasyFreelance } from '../../src/services/easyfreelance.ts'
import { makeLog } from '../../src/services/log.ts'
import { makePartner } from '../../src/services/partner.ts'
import { scheduleOf } from '../../src/services/poll-schedule.ts'
import { makeRequestBudget } from '../../src/services/request-budget.ts'
import { openDatabase } from '../../src/services/store/open-database.ts'
import { makeLinks } from '../../src/services/store/sealed-links.ts'
import { makeSeal } from '../../src/services/store/sealing.ts'
import { makeVerificationStore } from '../../src/services/store/verification-store.ts'
import { makeVerifications } from '../../src/services/verifications.ts'
import { makeChances } from './chances.ts'
import { makeSightings, type Seen } from './sightings.ts'
import { EPOCH, makeStory, type OursOptions } from './story.ts'
import type { Workload } from './workload.ts'

const SLOTS = 32
const LEASE_MS = 60_000

const neverCalled = () => Promise.reject(new Error('never called'))
const nameOf = (nth: number) => `v${nth}`
const numberIn = (name: string) => Number(/\d+$/.exec(name)?.[0])

/**
 * The bot itself, without Slack and the network: its schedule, budget, gate, use cases, store and claim order, on a real
 * database in memory, carried out as its worker does, on a clock that jumps from one thing to the next.
 */
export async function runOnSqlite(
  workload: Workload,
  { perMinute, countFrom, signs, seed }: OursOptions,
): Promise<Seen> {
  const story = makeStory(workload, { signs })
  const { next: random } = makeChances(seed)
  const { endsAt, assumptions } = workload
  let time = 0
  const now = () => EPOCH + time
  const sightings = makeSightings(workload, countFrom)
  const log = makeLog({ level: 'fatal', write: () => {} })
  const db = openDatabase(':memory:')
  const store = makeVerificationStore(db, {
    onUnreadable: (id) => {
      throw new Error(`unreadable: ${id}`)
    },
    limits: { perEmployeeDay: 0, perManagerHour: 0, perHour: 0 },
  })

  // EasyFreelance answers at once: what a call takes comes on top, for every policy alike.
  const easyfreelance: EasyFreelance = {
    start: async ({ employeeNumber }) => {
      const nth = employeeNumber - 1
      sightings.started(nth, time)
      return { is: 'done', session: story.session(nth) }
    },
    poll: async (sessionId) => {
      const nth = numberIn(sessionId)
      sightings.looked(nth, time)
      return { is: 'done', report: { status: story.status(nth, time), missingSteps: [] } }
    },
    registerReturnUrl: neverCalled,
    readEmployee: neverCalled,
    linkOrCreate: neverCalled,
  }

  const budget = makeRequestBudget({ perMinute, now })
  const partner = makePartner({ easyfreelance, budget, now, log })
  const links = makeLinks(makeSeal([createSecretKey(Buffer.alloc(32, 1))]))
  let invited = 0
  const newId = () => nameOf(invited)
  const verifications = makeVerifications({ store, partner, links, now, random, newId, log, onDue: () => {} })

  async function happen(nth: number, what: string): Promise<void> {
    if (what === 'invited') {
      invited = nth
      await verifications.request(story.request(nth))
    } else if (what === 'opened') {
      await verifications.note(nameOf(nth), { type: 'opened' })
    } else {
      await verifications.returned(assumptions.returnNamesSession ? [story.session(nth).sessionId] : [])
    }
  }

  /** The worker's own rule: as many as there are calls, then sleep until something is due and there is a call for it. */
  async function pass(): Promise<number> {
    for (;;) {
      const room = Math.min(SLOTS, partner.capacity())
      if (room < 1) break
      const due = await store.claim(room, now(), LEASE_MS)
      if (due.length === 0) break
      partner.hold(due.length)(due.length)
      for (const each of due) await verifications.advance(each, new AbortController().signal, () => {})
    }
    const dueAt = ((await store.nextDueAt()) ?? Number.POSITIVE_INFINITY) - EPOCH
    return partner.capacity() < 1 ? Math.max(dueAt, partner.capacityAt() - EPOCH) : dueAt
  }

  for (const { requested, now: waiting } of story.waiting(nameOf)) {
    await store.insert(requested, EPOCH)
    await store.save(waiting, 1, scheduleOf(waiting, { now: EPOCH, chance: random() }), EPOCH)
  }
  let done = 0
  while (time < endsAt) {
    for (let next = story.happenings[done]; next !== undefined && next.at <= time; next = story.happenings[done]) {
      done += 1
      await happen(next.nth, next.what)
    }
    time = Math.max(time, Math.min(await pass(), story.happenings[done]?.at ?? Number.POSITIVE_INFINITY, endsAt))
  }
  db.close()
  return sightings.result()
}
