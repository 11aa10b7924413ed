/** Everything the bot can show, by name: every message, reply and view, in every state it can be in. */
import type { ModalView } from '@slack/types'
import { AUDIT_ACTIONS, AUDIT_RESULTS } from '../../src/services/audit.ts'
import type { RefusedBecause } from '../../src/services/easyfreelance.ts'
import type { MessageKind, MovedBecause } from '../../src/services/message.ts'
import {
  type Base,
  type FailureReason,
  type Hold,
  OUTCOMES,
  type ParkReason,
  type Session,
  type Verification,
} from '../../src/services/verification.ts'
import type { Content } from '../../src/views/blocks.ts'
import { askingWho, type Confirmation, confirmationOf } from '../../src/views/confirmation.ts'
import { type HistoryEntry, nobodyForHistory, verificationHistory } from '../../src/views/history.ts'
import * as linkReplies from '../../src/views/link-replies.ts'
import { verificationList } from '../../src/views/list.ts'
import { askingForAccount, type LookupProblem, lookupProblem } from '../../src/views/lookup-words.ts'
import * as replies from '../../src/views/replies.ts'
import { verificationStatus } from '../../src/views/status.ts'
import { help, usage } from '../../src/views/usage.ts'
import { newVerifyForm, type VerifyForm } from '../../src/views/verify-form.ts'
import { verifyModal } from '../../src/views/verify-modal.ts'
import {
  alreadyOpenProblem,
  EMPLOYEE_PROBLEMS,
  type EmployeeProblem,
  limitProblem,
  numberTakenProblem,
  OUTDATED_PROBLEM,
} from '../../src/views/verify-problems.ts'
import { acceptedView, refusedView } from '../../src/views/verify-results.ts'
import { renderMessage } from '../helpers/links.ts'
import {
  buildFailed,
  buildParked,
  buildRequested,
  buildSession,
  buildSettled,
  buildStarting,
  buildWaiting,
  NOW,
} from './build-verification.ts'

/** Written as records so that a new word in the domain breaks the build here. */
const HOLDS: Record<Hold, true> = {
  unreachable: true,
  unauthorised: true,
  rate_limited: true,
  timeout: true,
  connection_lost: true,
  server_error: true,
  unreadable: true,
  interrupted: true,
}
const FAILURES: Record<FailureReason, true> = {
  employee_unknown: true,
  not_allowed: true,
  return_url_not_approved: true,
  invalid: true,
  bad_request: true,
  given_up: true,
  restored: true,
}
const PARKS: Record<ParkReason, true> = {
  start_timeout: true,
  start_connection_lost: true,
  start_server_error: true,
  start_unreadable: true,
  start_interrupted: true,
  unsafe_link: true,
  session_missing: true,
  session_denied: true,
  overdue: true,
  unanswered: true,
  undeliverable: true,
  link_broken: true,
  poisoned: true,
}
const MOVES: Record<MovedBecause, true> = { not_in_channel: true, channel_closed: true, posting_restricted: true }
const KINDS: Record<MessageKind, true> = {
  card: true,
  invitation: true,
  decision: true,
  outcome: true,
  concern: true,
}
const keys = <K extends string>(record: Record<K, true>): K[] => Object.keys(record) as K[]

type Named<T> = [name: string, thing: T]

const CHECKS: Named<Pick<Base, 'provider' | 'idType'>>[] = [
  ['bankid', { provider: 'bankid', idType: null }],
  ['veriff local', { provider: 'veriff', idType: 'local' }],
  ['veriff international', { provider: 'veriff', idType: 'international' }],
]
const FLAGS: Named<Partial<Base>>[] = [
  ['', {}],
  [' with a note', { note: 'New contract from Monday.\nThank you!' }],
  [' in a channel', { cardChannelId: 'C0SECRET' }],
  [' unexpected', { unexpectedAt: NOW }],
]
const SESSIONS: Named<Partial<Session>>[] = [
  ['sent', {}],
  ['opened', { openedAt: NOW }],
  ['returned', { openedAt: NOW, returnedAt: NOW }],
  ['reported', { reported: 'in_review' }],
  ['without a deadline', { expiresAt: null }],
]
const CLOSED = { closedBy: 'U0MARIA' }

/** Every state a verification can be shown in, without the flags that all of them share. */
export function allStates(): Named<Verification>[] {
  const holds = [null, ...keys(HOLDS)]
  const parks = keys(PARKS)
  return [
    ...holds.map((hold): Named<Verification> => [`requested ${hold}`, buildRequested({ hold })]),
    ...holds.map((hold): Named<Verification> => [`starting ${hold}`, buildStarting({ hold })]),
    ...SESSIONS.map(([name, news]): Named<Verification> => [name, buildWaiting({ session: buildSession(news) })]),
    ...OUTCOMES.map((outcome): Named<Verification> => [`settled ${outcome}`, buildSettled({ outcome })]),
    ['settled approved, steps missing', buildSettled({ missingSteps: ['terms', 'bank', 'tax_card'] })],
    ['settled other', buildSettled({ outcome: 'other', reported: 'in_review' })],
    ...keys(FAILURES).map((reason): Named<Verification> => {
      return [`failed ${reason}`, buildFailed({ reason, ...(reason === 'given_up' ? CLOSED : {}) })]
    }),
    ...parks.map((reason): Named<Verification> => [`parked ${reason}`, buildParked({ reason })]),
    ...parks.map((reason): Named<Verification> => {
      return [`parked ${reason}, with a session`, buildParked({ reason, session: buildSession({ openedAt: NOW }) })]
    }),
  ]
}

export function allVerifications(): Named<Verification>[] {
  const flagged = CHECKS.flatMap(([check, what]) =>
    FLAGS.map(([flag, flags]) => ({ name: `${check}${flag}`, what, flags })),
  )
  return allStates().flatMap(([state, verification]) =>
    flagged.map(
      ({ name, what, flags }): Named<Verification> => [`${state}, ${name}`, { ...verification, ...what, ...flags }],
    ),
  )
}

export function allMessages(): Named<Content>[] {
  const moves = [null, ...keys(MOVES)]
  return allVerifications().flatMap(([name, verification]) =>
    keys(KINDS).flatMap((kind) =>
      (kind === 'card' ? moves : [null]).flatMap((movedBecause) =>
        [verification.parks, 99].map((occasion): Named<Content> => {
          const at = kind === 'invitation' && occasion !== 99 ? verification.invitations : occasion
          const shown = renderMessage({ kind, occasion: at, movedBecause }, verification)
          return [`${kind} ${at} ${movedBecause}: ${name}`, shown]
        }),
      ),
    ),
  )
}

/** Every action with every result and reason that the bot writes, and a word that has no sentence yet. */
export function allHistoryEntries(): HistoryEntry[] {
  const people: Pick<HistoryEntry, 'actorId' | 'actorForgotten'>[] = [
    { actorId: 'U0MARIA', actorForgotten: false },
    { actorId: null, actorForgotten: true },
    { actorId: null, actorForgotten: false },
  ]
  const refusals = [
    'not_permitted',
    'more_not_recorded',
    'slack_did_not_answer',
    'already_open',
    'number_taken',
    'linked_otherwise',
  ]
  const limits = ['limit_employee', 'limit_manager', 'limit_everybody', 'target_yourself', 'target_changed']
  const reasons = [null, ...refusals, ...limits, ...keys(FAILURES), ...keys(PARKS), ...OUTCOMES]
  return [...AUDIT_ACTIONS, 'a_new_word'].flatMap((action) =>
    people.flatMap((person) =>
      AUDIT_RESULTS.flatMap((result) =>
        reasons.map((reason) => ({ at: NOW, action, result, reason, employeeNumber: 2_147_483_647, ...person })),
      ),
    ),
  )
}

function histories(): Named<Content>[] {
  const all = allHistoryEntries()
  const pages = Array.from({ length: Math.ceil(all.length / 20) }, (_, nth) => all.slice(nth * 20, nth * 20 + 20))
  const longest = all.toSorted((one, other) => (other.reason?.length ?? 0) - (one.reason?.length ?? 0))
  return [
    ['history, nothing', verificationHistory('W0OLA', [])],
    ['history, one', verificationHistory('W0OLA', all.slice(0, 1))],
    ['history, more than are shown', verificationHistory('W0OLA', longest)],
    ['history of nobody', nobodyForHistory()],
    ...pages.map((page, nth): Named<Content> => [`history, part ${nth}`, verificationHistory('W0OLA', page)]),
  ]
}

export function allReplies(): Named<Content>[] {
  const verifications = allVerifications().map(([, verification]) => verification)
  const employeeProblems = Object.keys(EMPLOYEE_PROBLEMS) as EmployeeProblem[]
  const statuses = allStates().map(([name, verification]): Named<Content> => {
    return [`status: ${name}`, verificationStatus('W0OLA', verification, buildSettled())]
  })
  return [
    ['help', help()],
    ['usage', usage('make coffee `now` <!channel>')],
    ['list, nothing', verificationList([], [])],
    ['list, everything', verificationList(verifications, verifications)],
    ['list, ended only', verificationList([], [buildSettled(), buildFailed()])],
    ['status, nothing', verificationStatus('W0OLA', null, null)],
    ['status, ended only', verificationStatus('W0OLA', null, buildSettled({ outcome: 'declined' }))],
    ...statuses,
    ...histories(),
    ['not permitted', replies.notPermitted()],
    ['permission unchecked', replies.permissionUnchecked()],
    ['form not opened', replies.formNotOpened('@Ola Nordmann')],
    ['form not opened, mention', replies.formNotOpened('<@W0OLA|ola>')],
    ['form not opened, nothing typed', replies.formNotOpened('')],
    ['not your button', replies.notYourButton()],
    ['not your decision', replies.notYourDecision('U0MARIA')],
    ['already done', replies.alreadyDone()],
    ['unknown button', replies.unknownButton()],
    ['thanks', replies.thanksForTelling('U0MARIA')],
    ['retrying', replies.retrying('W0OLA')],
    ['closed', replies.closed('W0OLA')],
    ['nobody for status', replies.nobodyForStatus()],
    ['link incomplete', linkReplies.linkIncomplete()],
    ['unlink incomplete', linkReplies.unlinkIncomplete()],
    ...employeeProblems.map(
      (problem): Named<Content> => [`link refused: ${problem}`, linkReplies.linkRefused(problem)],
    ),
    ['linked', linkReplies.linked('W0OLA', 4711, null)],
    ['linked anew', linkReplies.linked('W0OLA', 4711, 4712)],
    ['already linked', linkReplies.alreadyLinked('W0OLA', 4711)],
    ['link taken', linkReplies.linkTaken(4711, 'U0KARI')],
    ['unlinked', linkReplies.unlinked('W0OLA', 4711)],
    ['not linked', linkReplies.notLinked('W0OLA')],
    ['unexpected error', replies.unexpectedError('7f3a9c')],
    ['not saved', replies.notSaved('7f3a9c')],
  ]
}

export function allForms(): Named<VerifyForm>[] {
  const empty = newVerifyForm({
    employeeId: null,
    typedName: null,
    rememberedNumber: null,
    isLinked: false,
    channelId: null,
  })
  const full: VerifyForm = {
    ...empty,
    employeeId: 'W0OLA',
    provider: 'veriff',
    idType: 'local',
    rememberedNumber: 4711,
    note: 'Welcome!',
    channelId: 'C0SECRET',
    cardIn: 'channel',
  }
  const typed = { text: '4711', forEmployeeId: 'U0KARI' }
  return [
    ['empty', empty],
    ['typed name', { ...empty, typedName: '@Ola Nordmann' }],
    ['from a direct message', { ...empty, channelId: 'D0DIRECT' }],
    ['nothing chosen', { ...empty, provider: null }],
    ['remembered', { ...full, provider: 'bankid', idType: null }],
    ['full', full],
    ['linked', { ...full, isLinked: true }],
    ['number typed for somebody else', { ...full, rememberedNumber: null, typedNumber: typed }],
    ['number typed for them', { ...full, typedNumber: { text: '12', forEmployeeId: 'W0OLA' } }],
    ['already open', { ...full, problem: alreadyOpenProblem(buildWaiting()) }],
    ['number taken', { ...full, problem: numberTakenProblem(4711, 'U0KARI') }],
    ...confirmations().map(
      ([name, found]): Named<VerifyForm> => [
        `confirmation: ${name}`,
        { ...full, confirmation: confirmationOf('W0OLA', 4711, found) },
      ],
    ),
    ['confirmation, held', { ...full, confirmation: confirmationOf('W0OLA', 4711, FOUND, { held: true }) }],
    ['asking who it is', { ...full, confirmation: askingWho('W0OLA', 4711) }],
    ['lookup offered', { ...full, rememberedNumber: null, lookup: 'offered' }],
    ['lookup wanted', { ...full, rememberedNumber: null, lookup: 'wanted', problem: askingForAccount('W0OLA') }],
    ...lookupProblems().map(
      (problem): Named<VerifyForm> => [
        `lookup: ${JSON.stringify(problem)}`,
        { ...full, rememberedNumber: null, lookup: 'wanted', problem: lookupProblem('W0OLA', problem) },
      ],
    ),
    ['outdated', { ...full, problem: OUTDATED_PROBLEM }],
    ['limit of the employee', { ...full, problem: limitProblem('W0OLA', { limit: 'employee', until: NOW }) }],
    ['limit of the manager', { ...full, problem: limitProblem('W0OLA', { limit: 'manager', until: NOW }) }],
    ['limit of everybody', { ...full, problem: limitProblem('W0OLA', { limit: 'everybody', until: NOW }) }],
  ]
}

const FOUND = {
  is: 'found',
  name: 'Ola Nordmann',
  maskedEmail: 'o…n@example.com',
  email: 'same',
  isVerified: false,
} as const satisfies Confirmation

export function confirmations(): Named<Confirmation>[] {
  return [
    ['found', FOUND],
    ['with another e-mail', { ...FOUND, email: 'different' }],
    ['not compared', { ...FOUND, email: 'not_compared' }],
    ['verified already', { ...FOUND, isVerified: true }],
    ['with everything to warn of', { ...FOUND, email: 'different', isVerified: true }],
    ['without a name', { ...FOUND, name: null, maskedEmail: null, isVerified: null }],
    ['not found', { is: 'not_found' }],
    ['not allowed', { is: 'not_allowed' }],
    ['no answer', { is: 'no_answer' }],
  ]
}

const REFUSALS: Record<RefusedBecause, true> = {
  unreachable: true,
  unauthorised: true,
  not_allowed: true,
  not_found: true,
  return_url_not_approved: true,
  invalid: true,
  bad_request: true,
  rate_limited: true,
}

export function lookupProblems(): LookupProblem[] {
  return [
    { is: 'no_email' },
    { is: 'unknown' },
    { is: 'linked_meanwhile' },
    { is: 'number_taken', employeeNumber: 4711, userId: 'U0KARI' },
    ...keys(REFUSALS).map((because): LookupProblem => ({ is: 'refused', because })),
  ]
}

export function allViews(): Named<ModalView>[] {
  const request = { ...buildWaiting(), note: null }
  return [
    ...allForms().map(([name, form]): Named<ModalView> => [`form: ${name}`, verifyModal(form)]),
    ['accepted', acceptedView(request)],
    ['accepted for a channel', acceptedView({ ...request, cardChannelId: 'C0SECRET' })],
    ['refused', refusedView(replies.notPermitted())],
  ]
}
