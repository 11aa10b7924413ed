import { join } from 'node:path'
import { Agent, request } from 'undici'
import { VERIFICATION_SLOTS as SLOTS } from '../../src/core.ts'
import { makeEasyFreelance } from '../../src/services/easyfreelance.ts'
import { makeNudge } from '../../src/services/nudge.ts'
import { makePartner } from '../../src/services/partner.ts'
import { makeRequestBudget } from '../../src/services/request-budget.ts'
import { makeGroupCommit } from '../../src/services/store/group-commit.ts'
import { makeLinks } from '../../src/services/store/sealed-links.ts'
import { makeVerificationStore, type VerificationStore } from '../../src/services/store/verification-store.ts'
import type { Links } from '../../src/services/verification.ts'
import { makeVerifications } from '../../src/services/verifications.ts'
import { laneOf, makeWorker } from '../../src/services/worker.ts'
import { type Child, programAt, startChild } from '../measure/child.ts'
import { besideFloor, type Results, ratioOf } from '../measure/columns.ts'
import { folder, remove } from '../measure/our-bot.ts'
import type { Report } from '../measure/report.ts'
import { interleave } from '../measure/rounds.ts'
import { NO_LIMITS, openOwn, quiet, seedWaiting } from '../measure/seed.ts'
import type { Floor } from './floor.ts'

/** No budget at all, so that the worker itself is what is measured. */
const PER_MINUTE = 1e9

/** A pass of the real worker over due sessions: claim, ask, judge, commit, claim the next. */
export const workerPass: Floor = {
  name: 'worker-pass',
  run: async (report, { short, rounds }) => {
    const count = short ? 50 : 3000
    const at = folder()
    const upstream = await startChild(programAt('quick-easyfreelance'))
    const { db, seal } = openOwn(join(at, 'verify.db'))
    seedWaiting({ db, seal }, { count, dueAt: () => Number.MAX_SAFE_INTEGER })
    const makeDue = db.prepare('update verifications set next_at = 0')
    const store = makeVerificationStore(db, {
      onUnreadable: () => {},
      limits: NO_LIMITS,
      group: makeGroupCommit(db, { soon: setImmediate }),
    })
    try {
      const perSecond = (run: () => Promise<void>) => async () => {
        const startedAt = performance.now()
        await run()
        return { perSecond: (count / (performance.now() - startedAt)) * 1000 }
      }
      const results = await interleave(
        [
          {
            name: OURS,
            run: async () => {
              makeDue.run()
              return perSecond(() => workThrough(store, makeLinks(seal), upstream, count))()
            },
          },
          { name: FLOOR, run: perSecond(() => bare(upstream, count)) },
        ],
        { rounds, report },
      )
      tell(report, results)
    } finally {
      db.close()
      await upstream.kill()
      remove(at)
    }
  },
}

const apiUrl = (upstream: Child) => `http://127.0.0.1:${upstream.port}/api/v1`

async function workThrough(store: VerificationStore, links: Links, upstream: Child, count: number): Promise<void> {
  const now = Date.now
  const agent = new Agent({ connect: { timeout: 4000 } })
  const budget = makeRequestBudget({ perMinute: PER_MINUTE, now: () => now() })
  const nudge = makeNudge({ now })
  const easyfreelance = makeEasyFreelance({
    apiUrl: apiUrl(upstream),
    token: 'token',
    apiKey: 'key',
    linkOrigin: 'https://app.easyfreelance.no',
    returnUrl: 'https://verify.example.com/return',
    pollDispatcher: agent,
    now,
  })
  const partner = makePartner({ easyfreelance, budget, now, log: quiet })
  let left = count
  let finish: () => void = () => {}
  const finished = new Promise<void>((resolve) => {
    finish = resolve
  })
  const counted: VerificationStore = {
    ...store,
    reschedule: async (...args) => {
      const isDone = await store.reschedule(...args)
      left -= 1
      if (left === 0) finish()
      return isDone
    },
  }
  const verifications = makeVerifications({
    store: counted,
    partner,
    links,
    now,
    random: Math.random,
    newId: () => 'none',
    log: quiet,
    onDue: nudge.nudge,
  })
  const queue = { kind: 'verification', slots: SLOTS, ...partner, ...counted, step: verifications.advance }
  const worker = makeWorker({ queues: [laneOf(queue)], nudge, now, log: quiet })
  worker.start()
  await finished
  await worker.stop(1000)
  await agent.destroy()
}

async function bare(upstream: Child, count: number): Promise<void> {
  const agent = new Agent({ connections: SLOTS })
  let next = 0
  const ask = async () => {
    while (next < count) {
      next += 1
      const answer = await request(`${apiUrl(upstream)}/verification/status/session-seed-${next}`, {
        dispatcher: agent,
      })
      JSON.parse(await answer.body.text())
    }
  }
  await Promise.all(Array.from({ length: SLOTS }, ask))
  await agent.destroy()
}

const OURS = 'this bot’s worker'
const FLOOR = 'bare undici and JSON.parse'

function tell(report: Report, results: Results): void {
  report.table({
    title: 'A pass of the worker over due sessions',
    about: `${SLOTS} at once, against an upstream on loopback; every answer judged and committed.`,
    columns: ['', 'polls a second', '/ bare undici'],
    rows: [OURS, FLOOR].map((name) => [name, ...besideFloor(results, name, FLOOR, 'perSecond')]),
  })
  const found = ratioOf(results, OURS, FLOOR, 'perSecond')
  report.goal({ what: 'polls a second, beside bare undici', found, unit: '×', atLeast: 0.32 })
}
