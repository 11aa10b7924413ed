import { Agent } from 'undici'
import { makeApp } from './app.ts'
import { makeFormTurns } from './commands/form-turns.ts'
import type { Config } from './config.ts'
import { makeCore } from './core.ts'
import { makeAcksFirst } from './services/acks-first.ts'
import { makeAfterRestore } from './services/after-restore.ts'
import { makeConfirmations } from './services/confirmations.ts'
import { makeEasyFreelance } from './services/easyfreelance.ts'
import { makeEmailLookup } from './services/email-lookup.ts'
import { makeEmployees } from './services/employees.ts'
import { makeGroupMembers } from './services/group-members.ts'
import type { Log } from './services/log.ts'
import { makeMetrics } from './services/metrics.ts'
import { makeNudge } from './services/nudge.ts'
import { makePeople } from './services/people.ts'
import { makePermissions } from './services/permissions.ts'
import { makeReadiness } from './services/readiness.ts'
import { makeRequestBudget } from './services/request-budget.ts'
import { makeSlackClient, slackClientOptions } from './services/slack-client.ts'
import { makeSlackConversations } from './services/slack-conversations.ts'
import { slackLogger } from './services/slack-logger.ts'
import { signIn } from './services/slack-sign-in.ts'
import { makeWebServer } from './services/web-server.ts'
import { makeSlackReceiver } from './slack-receiver.ts'
import { openStores } from './stores.ts'
import { lostMessage } from './views/lost-message.ts'
import { makeRenderMessage } from './views/render-message.ts'
import { returnPage } from './views/return-page.ts'

export type Bot = {
  /** Resolves when the bot hears Slack. Once Slack has taken the token, what is stored is worked at. */
  start(options?: StartOptions): Promise<{ readonly port: number }>
  /** In reverse: no more deliveries, the steps under way end, everything is closed. */
  stop(): Promise<void>
  /** Something became due, or the clock was moved. */
  nudge(): void
}

export type StartOptions = {
  /** The database was put back to an earlier time by somebody else than `npm run restore`, which notes it by itself. */
  readonly restored?: boolean
}

/** Within Slack's three seconds, with room for the rest of the answer. */
const LISTENER_TIMEOUT_MS = 1800
const WORKER_TIMEOUT_MS = 10_000
const STEPS_MAY_END_MS = 6000
const PASS_OVERDUE_MS = 60_000

/** Builds everything, in one place and once. */
export function makeBot(
  config: Config,
  deps: {
    log: Log
    now: () => number
    /** Elapsed ms, by which it is noticed that the clock was set. Left out, `now` is taken at its word. */
    steady?: () => number
    random: () => number
    newId: () => string
  },
): Bot {
  const { log, random, newId } = deps
  const acks = makeAcksFirst()
  const stores = openStores(config, {
    wall: deps.now,
    steady: deps.steady ?? deps.now,
    onJump: () => nudge.nudge(),
    isMoreComing: acks.isWaitedFor,
    log,
  })
  const { db, messageStore, employeeStore, audit } = stores
  const { now, steady, isSure: isClockSure } = stores.clock
  const nudge = makeNudge({ now, turn: acks.later })

  const easyfreelanceAgent = new Agent({ connect: { timeout: 4000 } })
  const pollAgent = new Agent({ connect: { timeout: 4000 } })
  const budget = makeRequestBudget({ perMinute: config.easyfreelanceRequestsPerMinute, now: steady })
  const easyfreelance = makeEasyFreelance({
    apiUrl: config.easyfreelanceApiUrl,
    token: config.easyfreelanceToken,
    apiKey: config.easyfreelanceApiKey,
    linkOrigin: config.easyfreelanceLinkOrigin,
    returnUrl: config.partnerReturnUrl,
    dispatcher: easyfreelanceAgent,
    pollDispatcher: pollAgent,
    now,
    onLimits: budget.limited,
  })
  const metrics = makeMetrics()
  const slackAgent = new Agent({ connect: { timeout: 4000 }, headersTimeout: 10_000, bodyTimeout: 10_000 })
  const logger = slackLogger(log)
  const slack = { apiUrl: config.slackApiUrl, dispatcher: slackAgent, logger, onCall: metrics.slackCalled }
  const workerClient = makeSlackClient({ ...slack, token: config.slackBotToken, timeoutMs: WORKER_TIMEOUT_MS })
  const clientOptions = slackClientOptions({ ...slack, timeoutMs: LISTENER_TIMEOUT_MS })
  const conversations = makeSlackConversations({ client: workerClient, now: steady })
  const core = makeCore({
    ...stores,
    easyfreelance: metrics.counted(easyfreelance),
    budget,
    conversations,
    render: makeRenderMessage(stores.links),
    retentionDays: config.retentionDays,
    nudge,
    now,
    steady,
    isClockSure,
    random,
    newId,
    log,
  })
  const { verifications, partner, worker } = core

  const receiver = makeSlackReceiver(config.slackTransport, { clientOptions, logger, log, acks, timeOfDay: Date.now })
  const ready = makeReadiness({
    slack: receiver.isConnected,
    worker: () => (worker.idleMs() ?? Number.POSITIVE_INFINITY) < PASS_OVERDUE_MS,
    easyfreelance: partner.isOpen,
    database: stores.health.look,
  })
  const web = makeWebServer({
    host: config.host,
    port: config.port,
    page: returnPage(),
    ...(receiver.listener === null ? {} : { slack: receiver.listener }),
    onReturn: verifications.returned,
    ready,
    metrics: () => metrics.read({ standing: stores.standing, budget, ready, now }),
    log,
  })

  const stopping = new AbortController()
  const afterRestore = makeAfterRestore({
    ...config,
    db,
    client: workerClient,
    verifications,
    messages: messageStore,
    conversations,
    lostMessage,
    managerIds: config.managers.userIds,
    requestsPerMinute: config.easyfreelanceRequestsPerMinute,
    nudge,
    signal: stopping.signal,
    now,
    log,
  })

  return {
    nudge: core.nudge,
    start: async ({ restored = false } = {}) => {
      const { port } = await web.start()
      if (restored) afterRestore.mark()
      stores.start()
      await core.releaseClaims()
      const { teamId, ...bot } = await signIn({ client: workerClient, log, signal: stopping.signal })
      const client = makeSlackClient({ ...slack, token: config.slackBotToken, timeoutMs: LISTENER_TIMEOUT_MS })
      const people = makePeople({ client, teamId })
      const groups = makeGroupMembers({ client, now: steady, log })
      const permissions = makePermissions({ people, groups, managers: config.managers, log })
      const employees = makeEmployees({ store: employeeStore, now, log })
      const confirmations = makeConfirmations({ partner, people, audit, now: steady })
      const byEmail = () => makeEmailLookup({ partner, people, employees, confirmations, audit })
      makeApp({
        ...receiver,
        botToken: config.slackBotToken,
        bot,
        clientOptions,
        logger,
        verifications,
        employees,
        permissions,
        people,
        confirmations,
        emailLookup: config.employeeLookup === 'email' ? byEmail() : null,
        turns: makeFormTurns(),
        audit,
        log,
      })
      await afterRestore.reconcile()
      worker.start()
      await receiver.connect()
      log.info('ready', { port, mode: config.slackTransport.mode })
      return { port }
    },
    stop: async () => {
      stopping.abort()
      await receiver.disconnect()
      // The worker cuts off its calls to EasyFreelance; a call to Slack ends with its connection.
      const cutOff = setTimeout(() => void slackAgent.destroy(), STEPS_MAY_END_MS)
      await worker.stop(STEPS_MAY_END_MS)
      clearTimeout(cutOff)
      await web.stop()
      for (const agent of [slackAgent, easyfreelanceAgent, pollAgent]) await agent.destroy()
      stores.close()
    },
  }
}
