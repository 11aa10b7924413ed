import { readVerification } from '../../src/services/store/verification-rows.ts'
import type { Verification } from '../../src/services/verification.ts'
import type { BrokenRule } from './broken-rules.ts'
import { makeChance } from './chance.ts'
import { checkAll } from './checks.ts'
import { makeClock } from './clock.ts'
import type { ReusedDatabase } from './database.ts'
import { makeEasyFreelanceSide } from './easyfreelance-side.ts'
import { type Happening, makeHappenings } from './happenings.ts'
import { sendsOnRecord } from './ledger.ts'
import { makeLives } from './lives.ts'
import { makePeopleActing, type People } from './people.ts'
import { readRows } from './rows.ts'
import { settleDown } from './settle-down.ts'
import { makeSlackSide } from './slack-side.ts'
import { ADMIN, MANAGERS, makeStory, TEAM } from './story.ts'
import { makeTrace } from './trace.ts'
import { makeWitness, type WhoseMessage } from './witness.ts'

export type Run = {
  readonly seed: number
  readonly problems: readonly string[]
  /** Equal for equal runs. */
  readonly hash: string
  readonly happenings: readonly Happening[]
  readonly lines: readonly { readonly at: number; readonly line: string }[]
  readonly counts: Counts
}

export type Counts = {
  readonly verifications: number
  readonly kills: number
  readonly faults: number
  readonly posts: number
  readonly calls: number
}

export type RunOptions = {
  readonly database: ReusedDatabase
  /** Nothing but these happenings; null: whatever the seed brings. */
  readonly only?: ReadonlySet<string> | null
  readonly broken?: BrokenRule | null
  readonly keepLines?: boolean
}

/** One story from the first request to the last edit, in made-up time. The same seed gives the same run, exactly. */
export async function runStory(seed: number, options: RunOptions): Promise<Run> {
  const { database, only = null, broken = null, keepLines = false } = options
  const { db } = database
  database.beginLife()
  database.reset()
  const chance = makeChance(seed)
  const story = makeStory(seed, chance)
  const happenings = makeHappenings(chance, only)
  const clock = makeClock(story.start)
  const trace = makeTrace({ now: clock.now, keep: keepLines })
  const outages = story.outages.filter(({ key, side, mode }) => happenings.happens(key, 1, `${side}: ${mode}`))
  const common = { clock, happenings, outages, trace }
  let whilePolled: People['whilePolled'] = () => {}
  const easyfreelance = makeEasyFreelanceSide({ ...common, onPoll: (...poll) => whilePolled(...poll) })
  const whose = db.prepare(WHOSE)
  const witness = makeWitness({ easyfreelance, whose: (id) => (whose.get(id) as ReturnType<WhoseMessage>) ?? null })
  const slack = makeSlackSide({ ...common, teamId: TEAM, admins: new Set([ADMIN]), onShown: witness.saw })
  const lives = makeLives({
    ...common,
    database,
    slack,
    easyfreelance,
    perMinute: story.perMinute,
    teamId: TEAM,
    managers: MANAGERS,
    retentionDays: 0,
    broken,
  })
  const people = makePeopleActing({ clock, chance, happenings, lives, slack, easyfreelance, trace })
  whilePolled = people.whilePolled
  for (const act of story.acts) {
    if (happenings.happens(act.key, 1, act.what)) clock.after(() => people.act(act), act.at - story.start)
  }

  lives.boot()
  await clock.runUntil(story.troubledUntil)
  happenings.calm()
  trace.note('from now on nothing goes wrong')
  await settleDown({ db, clock, chance, easyfreelance, people })
  const rows = readRows(db)
  const problems = [
    ...witness.problems(),
    ...checkAll({
      rows,
      verifications: new Map(rows.verifications.map((row): [string, Verification] => [row.id, readVerification(row)])),
      slack,
      easyfreelance,
      ...people,
      sends: sendsOnRecord(db),
      perMinute: story.perMinute,
    }),
  ]
  for (const problem of problems) trace.note(`WRONG: ${problem}`)
  // The dead end of this run's bot: nothing of it may reach into the next.
  lives.end()
  return {
    seed,
    problems,
    hash: trace.hash(),
    happenings: happenings.all,
    lines: trace.lines,
    counts: {
      verifications: rows.verifications.length,
      kills: lives.kills(),
      faults: happenings.all.filter(({ what }) => what !== 'kill').length,
      posts: slack.posts(),
      calls: slack.calls() + easyfreelance.callTimes.length,
    },
  }
}

const WHOSE = `select messages.verification_id as verificationId, kind, employee_id as employeeId, session_id as sessionId
  from messages join verifications on verifications.id = messages.verification_id where messages.id = ?`
