import { existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { type Chance, makeChance } from './chance.ts'
import { makeClock } from './clock.ts'
import { openReusedDatabase } from './database.ts'
import { checkWhatIsOver } from './day-checks.ts'
import { makeEasyFreelanceSide } from './easyfreelance-side.ts'
import { type Happenings, makeHappenings } from './happenings.ts'
import { makeLives } from './lives.ts'
import { makePeopleActing } from './people.ts'
import { settleDown } from './settle-down.ts'
import { makeSlackSide } from './slack-side.ts'
import { type Act, ADMIN, MANAGERS, TEAM } from './story.ts'
import { makeTrace } from './trace.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
const START = Date.UTC(2026, 10, 23)
const VERIFICATIONS_AN_HOUR = 500 / 24
const CALLS_A_MINUTE = 30
/** One call in forty goes wrong. */
const FAULT_SHARE = 0.1

export type Hour = {
  readonly hour: number
  readonly heapMb: number
  /** What the process holds open, and the alarms that the bot has set on the made-up clock. */
  readonly handles: number
  /** The write-ahead log's largest size within the hour. */
  readonly walMb: number
}

export type Day = {
  readonly asked: number
  readonly over: number
  readonly problems: readonly string[]
  readonly unhandled: number
  readonly calls: number
  readonly hours: readonly Hour[]
}

/**
 * One long life of the bot in made-up time, on a real file: 500 verifications a day, and what grows with time. What is over
 * is checked and then taken off the stand-ins' books, so that what still grows is the bot's.
 */
export async function liveThrough(hours: number, seed = 1): Promise<Day> {
  const folder = mkdtempSync(join(existsSync('/dev/shm') ? '/dev/shm' : tmpdir(), 'verify-day-'))
  let unhandled = 0
  const count = () => {
    unhandled += 1
  }
  process.on('unhandledRejection', count)
  try {
    const day = await live(join(folder, 'verify.db'), hours, seed)
    return { ...day, unhandled }
  } finally {
    process.off('unhandledRejection', count)
    rmSync(folder, { recursive: true })
  }
}

async function live(path: string, hours: number, seed: number): Promise<Omit<Day, 'unhandled'>> {
  const database = openReusedDatabase(path)
  const { db } = database
  const chance = makeChance(seed)
  const happenings = fewerFaults(makeHappenings(chance, null))
  const clock = makeClock(START)
  const trace = makeTrace({ now: clock.now, keep: false })
  const common = { clock, chance, happenings, outages: [], trace }
  const easyfreelance = makeEasyFreelanceSide(common)
  const slack = makeSlackSide({ ...common, teamId: TEAM, admins: new Set([ADMIN]), onShown: () => {} })
  const sides = { ...common, slack, easyfreelance }
  const lives = makeLives({
    ...sides,
    database,
    perMinute: CALLS_A_MINUTE,
    teamId: TEAM,
    managers: MANAGERS,
    retentionDays: 90,
    broken: null,
  })
  const people = makePeopleActing({ ...sides, lives })
  const acts = dayOf(chance, Math.round(hours * VERIFICATIONS_AN_HOUR), hours)
  for (const act of acts) clock.after(() => people.act(act), act.at - START)

  const checks = checkWhatIsOver({ db, slack, easyfreelance, people, now: clock.now })
  const measured: Hour[] = []
  lives.boot()
  for (let hour = 1; hour <= hours; hour += 1) {
    let walMb = 0
    for (let part = 1; part <= 12; part += 1) {
      await clock.runUntil(START + (hour - 1) * HOUR_MS + part * 5 * MINUTE_MS)
      walMb = Math.max(walMb, statSync(`${path}-wal`).size / 2 ** 20)
    }
    checks.takeOff()
    const toCome = acts.filter(({ at }) => at > clock.now()).length
    const handles = process.getActiveResourcesInfo().length + clock.pending() - toCome
    measured.push({ hour, heapMb: heapMb(), handles, walMb })
  }
  happenings.calm()
  await settleDown({ db, clock, chance, easyfreelance, people })
  await clock.runUntil(clock.now() + 2 * HOUR_MS)
  checks.takeOff()
  const calls = easyfreelance.callTimes.length + slack.calls()
  const problems = [...checks.problems(), ...checks.leftOver()]
  lives.end()
  db.close()
  return { asked: people.accepted.length, over: checks.over(), problems, calls, hours: measured }
}

/** No kills: it is one life that is watched here. */
function fewerFaults(happenings: Happenings): Happenings {
  return {
    ...happenings,
    happens: (key, probability, what) =>
      what !== 'kill' && what !== 'store fails' && happenings.happens(key, probability * FAULT_SHARE, what),
  }
}

/** Everybody is asked once; most open the link, within minutes or hours. */
function dayOf(chance: Chance, verifications: number, hours: number): Act[] {
  return Array.from({ length: verifications }, (_, index): Act[] => {
    const key = `verification ${index}`
    const employee = `U0E${index}`
    const at = START + chance.between(`time of ${key}`, MINUTE_MS, hours * HOUR_MS - MINUTE_MS)
    const form = { employeeId: employee, number: String(1000 + index), provider: 'bankid', channelId: null }
    const by = chance.pick(`manager of ${key}`, MANAGERS)
    const viewId = `V-${index}`
    const opens = at + chance.between(`distance of opening of ${key}`, MINUTE_MS, 50 * MINUTE_MS)
    const acts: Act[] = [{ key, at, what: key, do: 'submit', by, viewId, form }]
    if (chance.of(`opening of ${key}`) > 0.85) return acts
    return [...acts, { key: `opening of ${key}`, at: opens, what: 'opens', do: 'open_and_return', employee }]
  }).flat()
}

function heapMb(): number {
  setFlagsFromString('--expose-gc')
  const collect: unknown = runInNewContext('gc')
  if (typeof collect === 'function') collect()
  return process.memoryUsage().heapUsed / 2 ** 20
}

/** What is not as it must be: growth between the second hour and the last, a large log, anything unsettled. */
export function judgeDay({ asked, over, problems, unhandled, hours }: Day): string[] {
  const [early, late] = [hours[1], hours.at(-1)]
  if (early === undefined || late === undefined) return ['too short to judge']
  const wrong = [...problems]
  if (over < asked || asked === 0) wrong.push(`${asked - over} of ${asked} are not over`)
  if (unhandled > 0) wrong.push(`${unhandled} unhandled rejections`)
  if (late.heapMb > early.heapMb + MOST_GROWTH_MB) wrong.push(`the heap grew from ${early.heapMb} to ${late.heapMb} MB`)
  if (late.handles > early.handles + MOST_MORE_HANDLES)
    wrong.push(`handles grew from ${early.handles} to ${late.handles}`)
  const walMb = Math.max(...hours.map((hour) => hour.walMb))
  if (walMb >= 16) wrong.push(`the write-ahead log reached ${walMb} MB`)
  return wrong
}

const MOST_GROWTH_MB = 4
/** Calls that happen to be on their way when the hour strikes. */
const MOST_MORE_HANDLES = 20
