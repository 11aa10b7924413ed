import { createSecretKey } from 'node:crypto'
import { makeFormTurns } from '../../src/commands/form-turns.ts'
import { type Core, makeCore, type Ports } from '../../src/core.ts'
import { makeConfirmations } from '../../src/services/confirmations.ts'
import { makeEasyFreelance } from '../../src/services/easyfreelance.ts'
import { makeEmployees } from '../../src/services/employees.ts'
import type { Log } from '../../src/services/log.ts'
import { makeNudge } from '../../src/services/nudge.ts'
import { makePeople } from '../../src/services/people.ts'
import { makePermissions } from '../../src/services/permissions.ts'
import { makeRequestBudget } from '../../src/services/request-budget.ts'
import { makeSlackConversations } from '../../src/services/slack-conversations.ts'
import { makeAuditStore } from '../../src/services/store/audit-store.ts'
import { makeEmployeeStore } from '../../src/services/store/employee-store.ts'
import { makeMessageStore } from '../../src/services/store/message-store.ts'
import { makePseudonyms } from '../../src/services/store/pseudonyms.ts'
import { makeRetentionStore } from '../../src/services/store/retention-store.ts'
import { makeLinks } from '../../src/services/store/sealed-links.ts'
import { makeSeal } from '../../src/services/store/sealing.ts'
import { makeVerificationStore } from '../../src/services/store/verification-store.ts'
import { makeRenderMessage } from '../../src/views/render-message.ts'
import type { BrokenRule } from './broken-rules.ts'
import type { Clock } from './clock.ts'
import type { ReusedDatabase } from './database.ts'
import { type EasyFreelanceSide, LINK_ORIGIN } from './easyfreelance-side.ts'
import type { Happenings } from './happenings.ts'
import type { Life } from './life.ts'
import { type Listeners, listen } from './listeners.ts'
import type { SlackSide } from './slack-side.ts'
import type { Trace } from './trace.ts'

/** Made up. */
const KEYS = [createSecretKey(Buffer.alloc(32, 7))]
const LINKS = makeLinks(makeSeal(KEYS))
export const renderMessage = makeRenderMessage(LINKS)
const KILLED_BEFORE = 0.01
const KILLED_AFTER = 0.01
const STORE_FAULT = 0.003
const SLOW_READS = 0.2

export type LivesDeps = {
  readonly database: ReusedDatabase
  readonly clock: Clock
  readonly happenings: Happenings
  readonly slack: SlackSide
  readonly easyfreelance: EasyFreelanceSide
  readonly trace: Trace
  readonly perMinute: number
  readonly teamId: string
  readonly managers: readonly string[]
  readonly retentionDays: number
  readonly broken: BrokenRule | null
}

export type Running = Life & { readonly core: Core; readonly listeners: Listeners }
export type Lives = ReturnType<typeof makeLives>

/** Boots the bot, and kills it: everything it had in memory is dropped, and the next life has only the database. */
export function makeLives(deps: LivesDeps) {
  const { database, clock, happenings, trace } = deps
  const { chance } = happenings
  let running: Running | null = null
  let kills = 0
  let lives = 0
  let ids = 0

  function kill(where: string): void {
    kills += 1
    trace.note(`KILLED ${where}`)
    running = null
    const isLong = chance.of(`downtime after ${where}`) < 0.05
    clock.after(boot, chance.between(`length of downtime after ${where}`, 100, isLong ? 20 * 60_000 : 4000))
  }

  function boot(): void {
    if (running !== null) return
    lives += 1
    trace.note(`boot ${lives}`)
    database.beginLife()
    const life: Life = { isAlive: () => running === self }
    const self: Running = { ...life, ...build({ ...deps, newId: (kind) => `${kind}-${++ids}` }, life, kill) }
    running = self
    self.core.releaseClaims().then(
      () => self.core.worker.start(),
      () => life.isAlive() && kill(`boot ${lives}`),
    )
  }

  return {
    boot,
    /** Null while the process is down. */
    current: () => running,
    kills: () => kills,
    /** The run is over: nothing that is still under way may go on. */
    end: () => {
      running = null
    },
    /** Stops as SIGTERM does, and starts again. */
    restart: async () => {
      const stopping = running
      if (stopping === null) return
      trace.note('asked to stop')
      await stopping.core.worker.stop(6000)
      if (!stopping.isAlive()) return
      running = null
      clock.after(boot, 1000)
    },
  }
}

type BuildDeps = LivesDeps & { readonly newId: (kind: string) => string }

function build(deps: BuildDeps, life: Life, kill: (where: string) => void): Pick<Running, 'core' | 'listeners'> {
  const { database, clock, happenings, slack, easyfreelance, trace, newId, broken } = deps
  const { db } = database
  const now = clock.now
  const setTimer: Clock['after'] = (ring, ms) => clock.after(() => life.isAlive() && ring(), ms)
  const log = logInto(trace)
  const guard = guardOf({ life, happenings, kill, setTimer })
  const budget = makeRequestBudget({ perMinute: deps.perMinute, now })
  const client = slack.clientOf(life)
  const onUnreadable = (id: string) => {
    throw new Error(`unreadable row ${id}`)
  }
  const ports: Ports = {
    verificationStore: guard(
      'verifications',
      makeVerificationStore(db, { onUnreadable, limits: NO_LIMITS }),
      STORE_FAULT,
    ),
    messageStore: guard('messages', makeMessageStore(db, { onUnreadable }), STORE_FAULT),
    retentionStore: makeRetentionStore(db, { pseudonyms: makePseudonyms(KEYS) }),
    easyfreelance: guard(
      'easyfreelance',
      makeEasyFreelance({
        apiUrl: `${LINK_ORIGIN}/api/v1`,
        token: 'made-up',
        apiKey: 'made-up',
        linkOrigin: LINK_ORIGIN,
        returnUrl: 'https://verify.test/return',
        dispatcher: easyfreelance.connectionsOf(life),
        now,
        setTimer,
        onLimits: budget.limited,
      }),
    ),
    budget,
    conversations: guard('conversations', makeSlackConversations({ client, now })),
    links: LINKS,
    render: renderMessage,
    retentionDays: deps.retentionDays,
    now,
    random: () => happenings.chance.of(happenings.next('jitter')),
    newId: () => newId('v'),
    log,
    setTimer,
    // Nobody sets this clock, so nobody need look at it while nothing is due.
    nudge: makeNudge({ now, setTimer, longestSleepMs: HOUR_MS }),
  }
  const core = makeCore(broken === null ? ports : broken.change(ports))
  const people = makePeople({ client, teamId: deps.teamId })
  const permissions = makePermissions({
    people,
    groups: { has: async () => 'out' },
    managers: { userIds: deps.managers, groupIds: [], admins: true },
    log,
  })
  const audit = guard('audit', makeAuditStore(db, { now }))
  const employees = makeEmployees({ store: guard('employees', makeEmployeeStore(db)), now, log })
  const confirmations = makeConfirmations({ partner: core.partner, people, audit, now })
  const { verifications } = core
  const turns = makeFormTurns()
  return {
    core,
    listeners: listen({
      verifications,
      employees,
      permissions,
      people,
      confirmations,
      emailLookup: null,
      turns,
      audit,
      log,
    }),
  }
}

const HOUR_MS = 60 * 60_000
const NO_LIMITS = { perEmployeeDay: 0, perManagerHour: 0, perHour: 0 }

/** The step boundaries: before and after every call to the store or to one of the two sides the process may end. */
function guardOf({
  life,
  happenings,
  kill,
  setTimer,
}: {
  life: Life
  happenings: Happenings
  kill: (where: string) => void
  setTimer: Clock['after']
}) {
  function boundary(where: string, probability: number): Promise<void> | null {
    if (!life.isAlive()) return never()
    if (!happenings.happens(where, probability, 'kill')) return null
    kill(where)
    return never()
  }

  async function slowness(key: string): Promise<void> {
    if (!happenings.happens(`slowness of ${key}`, SLOW_READS, 'slow')) return
    await new Promise<void>((resolve) => setTimer(resolve, happenings.chance.between(`length of ${key}`, 1, 1500)))
  }

  return <Port extends object>(name: string, port: Port, faultRate = 0): Port => {
    const guarded = Object.entries(port).map(([method, run]: [string, (...args: unknown[]) => Promise<unknown>]) => [
      method,
      async (...args: unknown[]) => {
        // A process that ends around a read might as well have ended around the write before or after it. But what was read
        // may be old by the time somebody gets to it.
        if (READS.has(method)) {
          const read = await run(...args)
          if (method === 'get') await slowness(happenings.next(`${name}.get`))
          return life.isAlive() ? read : never()
        }
        const key = happenings.next(`${name}.${method}`)
        if (method !== 'claim') await boundary(`before ${key}`, KILLED_BEFORE)
        if (faultRate > 0 && happenings.happens(`fault of ${key}`, faultRate, 'store fails')) throw new Error('disk')
        const result = await run(...args)
        // The worker asks every few seconds whether something is due; that nothing is, is a read too.
        if (Array.isArray(result) && result.length === 0) return result
        await boundary(`after ${key}`, KILLED_AFTER)
        return result
      },
    ])
    return Object.fromEntries(guarded) as Port
  }
}

const READS = new Set(['get', 'withSession', 'endedFor', 'openFor', 'listFor', 'nextDueAt', 'of', 'historyOf'])

/** What a dead process waits for: one promise each, because a shared one would hold on to every life that ever waited. */
const never = () => new Promise<void>(() => {})

function logInto(trace: Trace): Log {
  const write = (sentence: string, fields: Record<string, unknown> = {}) => {
    const { verificationId = '', kind = '', status = '', reason = '', outcome = '' } = fields
    trace.note(
      `log: ${[sentence, verificationId, kind, status, reason, outcome].filter((word) => word !== '').join(' ')}`,
    )
  }
  return {
    level: 'trace',
    trace: write,
    debug: write,
    info: write,
    warn: write,
    error: write,
    fatal: write,
  } as unknown as Log
}
