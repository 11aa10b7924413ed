import type { ModalView } from '@slack/types'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { problemsOfMessageBlocks, problemsOfView } from '../../sandbox/slack/check-blocks.ts'
import type { MessageKind } from '../../src/services/message.ts'
import { OUTCOMES, type Outcome, type Verification } from '../../src/services/verification.ts'
import type { Content } from '../../src/views/blocks.ts'
import { confirmationOf, maskEmail } from '../../src/views/confirmation.ts'
import * as history from '../../src/views/history.ts'
import * as linkReplies from '../../src/views/link-replies.ts'
import * as list from '../../src/views/list.ts'
import { readVerifyForm } from '../../src/views/read-verify-modal.ts'
import * as replies from '../../src/views/replies.ts'
import * as status from '../../src/views/status.ts'
import * as usage from '../../src/views/usage.ts'
import { readVerifyCommand } from '../../src/views/verify-command.ts'
import { NOTE_LIMIT, NUMBER_LIMIT, newVerifyForm, type VerifyForm } from '../../src/views/verify-form.ts'
import { verifyModal } from '../../src/views/verify-modal.ts'
import { alreadyOpenProblem, limitProblem, numberTakenProblem } from '../../src/views/verify-problems.ts'
import * as results from '../../src/views/verify-results.ts'
import { renderMessage } from '../helpers/links.ts'
import { buildSession, buildSettled, buildWaiting, LINK, NOW } from './build-verification.ts'
import { allStates } from './catalogue.ts'
import { brokenLimits } from './limits.ts'
import { submitted } from './submitted.ts'

const attack = fc.constantFrom(
  '<!channel>',
  '<!here|x>',
  '<@U0EVE>',
  '<http://evil.test|here>',
  '<mailto:a@b.c>',
  '&',
  '`',
  '\n',
  '*',
  '\u0007',
  '\u200b',
  '\u200f',
  '\u202e',
  '\u2066',
  '\u{e0041}',
)
const long = fc.constantFrom('x', '&', '\n', '<').map((letter) => letter.repeat(900))
const some = fc.string({ unit: 'binary', maxLength: 20 })
const words = fc
  .array(fc.oneof({ weight: 6, arbitrary: attack }, { weight: 6, arbitrary: some }, long), { maxLength: 8 })
  .map((parts) => parts.join(''))
/** Markup that we did not write: all of ours is a mention of the two people, or a date. */
const FOREIGN = /<(?!@W0OLA>|@U0MARIA>|!date\^\d+\^\{date_short_pretty\} at \{time\}\|[^<>]* UTC>)/

/** Bidi, zero-width and other characters that nobody sees; control characters as JSON writes them. Joiners are for emoji. */
const INVISIBLE = /(?![\u200c\u200d])[\p{Cf}\u007f-\u009f]|\\u00[01][0-9a-f]|\\ud[89a-f]|\\[bft]/u

const known = { user: () => true, conversation: () => true }

const RUNS = { numRuns: 10_000 }

/** What is wrong with it; nothing when it is harmless. */
function harmIn(shown: Content | ModalView): string {
  const refused = 'type' in shown ? problemsOfView(shown, 'modal', known) : problemsOfMessageBlocks(shown.blocks, known)
  // What stands in a field is never read as markup, and the rest is shown to nobody.
  const unread = new Set(['initial_value', 'private_metadata', 'block_id'])
  const text = JSON.stringify(shown, (name, value: unknown) => (unread.has(name) ? undefined : value))
  const invisible = INVISIBLE.exec(text) ?? []
  const urls = [...text.matchAll(/"url":"([^"]*)"/g)].map(([, url]) => url).filter((url) => url !== LINK)
  return [
    ...brokenLimits(shown),
    ...refused.map(({ says }) => says),
    ...invisible,
    ...urls,
    ...(FOREIGN.exec(text) ?? []),
  ].join()
}

type Words = { word: string; missingSteps: string[]; outcome: Outcome | 'other' }
/** Whoever is named may be called anything: an id is what somebody else says it is. */
const waiting = ({ word }: Words) =>
  buildWaiting({ note: word, cardChannelId: word, session: buildSession({ reported: word }) })
const settled = ({ word, missingSteps, outcome }: Words) => buildSettled({ outcome, reported: word, missingSteps })
const ofStrangers = (verification: Verification, { word }: Words): Verification => ({
  ...verification,
  note: word,
  managerId: word,
  employeeId: word,
  ...(verification.status === 'failed' && { closedBy: word }),
})
const message = (kind: MessageKind) => ({ kind, occasion: 0, movedBecause: null })
const states = allStates().map(([, verification]) => verification)
const request = (employeeId: string, cardChannelId: string) => ({
  ...buildWaiting({ employeeId, cardChannelId }),
  note: null,
})
const formWith = (form: Partial<VerifyForm>) => {
  const empty = { employeeId: null, typedName: null, rememberedNumber: null, isLinked: false, channelId: null }
  return verifyModal({ ...newVerifyForm(empty), ...form })
}
const limit = (employeeId: string) => limitProblem(employeeId, { limit: 'employee', until: NOW })

type Shown = Content | ModalView
type Show = (words: Words) => Shown
/** One for each function of a module that makes something to show; the compiler asks for those that are added. */
type Each<Module> = {
  [Name in keyof Module as Module[Name] extends (...args: never[]) => Shown ? Name : never]: Show | Show[]
}

const REPLIES: Each<typeof replies> = {
  notPermitted: replies.notPermitted,
  permissionUnchecked: replies.permissionUnchecked,
  // A mention alone is what Slack made of what they typed, and is given back.
  formNotOpened: [
    ({ word }) => replies.formNotOpened(`x ${word}`),
    ({ word }) => replies.formNotOpened(`<@W0OLA|${word}>`),
  ],
  notYourButton: replies.notYourButton,
  notYourDecision: ({ word }) => replies.notYourDecision(word),
  notVerifiableNow: ({ word }) => replies.notVerifiableNow(word),
  alreadyDone: replies.alreadyDone,
  unknownButton: replies.unknownButton,
  thanksForTelling: ({ word }) => replies.thanksForTelling(word),
  retrying: ({ word }) => replies.retrying(word),
  closed: ({ word }) => replies.closed(word),
  nobodyForStatus: replies.nobodyForStatus,
  unexpectedError: ({ word }) => replies.unexpectedError(word),
  notSaved: ({ word }) => replies.notSaved(word),
}
const LINK_REPLIES: Each<typeof linkReplies> = {
  linkIncomplete: linkReplies.linkIncomplete,
  unlinkIncomplete: linkReplies.unlinkIncomplete,
  linkRefused: () => linkReplies.linkRefused('stranger'),
  linked: ({ word }) => linkReplies.linked(word, 4711, 4712),
  alreadyLinked: ({ word }) => linkReplies.alreadyLinked(word, 4711),
  linkTaken: ({ word }) => linkReplies.linkTaken(4711, word),
  unlinked: ({ word }) => linkReplies.unlinked(word, 4711),
  notLinked: ({ word }) => linkReplies.notLinked(word),
}
const HISTORY: Each<typeof history> = {
  verificationHistory: [
    ({ word }) => history.verificationHistory('W0OLA', entries(word, history.HISTORY_SHOWN)),
    ({ word }) => history.verificationHistory(word, entries('request', 1)),
    ({ word }) => history.verificationHistory(word, []),
  ],
  nobodyForHistory: history.nobodyForHistory,
}
const OTHERS: Each<typeof list & typeof status & typeof usage & typeof results> = {
  verificationList: [
    (words) => list.verificationList([waiting(words)], [settled(words)]),
    (words) =>
      list.verificationList(
        states.map((state) => ofStrangers(state, words)),
        [settled(words)],
      ),
  ],
  verificationStatus: [
    (words) => status.verificationStatus('W0OLA', waiting(words), settled(words)),
    (words) => status.verificationStatus(words.word, ofStrangers(waiting(words), words), null),
  ],
  help: usage.help,
  usage: ({ word }) => usage.usage(word),
  acceptedView: ({ word }) => results.acceptedView(request(word, word)),
  refusedView: ({ word }) => results.refusedView(replies.formNotOpened(`x ${word}`)),
}
const MESSAGES: Record<MessageKind, Show[]> = {
  card: shownIn('card'),
  invitation: shownIn('invitation'),
  decision: shownIn('decision'),
  outcome: shownIn('outcome'),
  concern: shownIn('concern'),
}
const OLA = newVerifyForm({
  employeeId: 'W0OLA',
  typedName: null,
  rememberedNumber: 4711,
  isLinked: false,
  channelId: null,
})
const confirmed = (name: string, maskedEmail: string) =>
  confirmationOf('W0OLA', 4711, { is: 'found', name, maskedEmail, email: 'different', isVerified: true })
const confirming = (name: string, maskedEmail: string) =>
  verifyModal({ ...OLA, confirmation: confirmed(name, maskedEmail) })
/** Slack lets nobody type more than a field takes. */
const FORMS: Show[] = [
  ({ word }) => confirming(word, word),
  ({ word }) => confirming(word, maskEmail(`${word}@${word}`)),
  ({ word }) => verifyModal(readVerifyForm({ ...submitted({ ...OLA, confirmation: confirmed(word, word) }) })),
  ({ word }) => {
    const command = readVerifyCommand(`@${word}`)
    return formWith({ typedName: command.do === 'open' ? command.typedName : null })
  },
  ({ word }) => formWith({ employeeId: 'W0OLA', note: word.slice(0, NOTE_LIMIT), channelId: word.slice(0, 100) }),
  ({ word }) => formWith({ typedNumber: { text: word.slice(0, NUMBER_LIMIT), forEmployeeId: null } }),
  (words) => formWith({ problem: alreadyOpenProblem(ofStrangers(waiting(words), words)) }),
  ({ word }) => formWith({ problem: numberTakenProblem(4711, word) }),
  ({ word }) => formWith({ problem: limit(word) }),
]
const GROUPS = [REPLIES, LINK_REPLIES, HISTORY, OTHERS, MESSAGES].map((each): Show[] => Object.values(each).flat())
const shown = fc.oneof(...[...GROUPS, FORMS].map((group) => fc.constantFrom(...group)))

function shownIn(kind: MessageKind): Show[] {
  return [
    (words) => renderMessage(message(kind), waiting(words)),
    (words) => renderMessage(message(kind), settled(words)),
    ...states.map((state) => (words: Words) => renderMessage(message(kind), ofStrangers(state, words))),
  ]
}

function entries(word: string, count: number): history.HistoryEntry[] {
  const people = { actorId: word, actorForgotten: false, employeeNumber: 4711 }
  return Array.from({ length: count }, (_, nth) => ({
    at: NOW,
    action: nth % 2 === 0 ? word : 'link',
    result: 'refused',
    reason: word,
    ...people,
  }))
}

it('words from outside add no link and no mention, and break no limit', () => {
  const outcome = fc.constantFrom(...OUTCOMES, 'other' as const)
  const anyWords = fc.record({ word: words, missingSteps: fc.array(words, { maxLength: 3 }), outcome })
  fc.assert(
    fc.property(anyWords, shown, (hostile, show) => {
      expect(harmIn(show(hostile))).toBe('')
    }),
    RUNS,
  )
})

it('a list of hundreds is still one message', () => {
  const many = Array.from({ length: 300 }, () => buildWaiting())
  expect(brokenLimits(list.verificationList(many, many))).toEqual([])
  expect(list.verificationList(many, []).text).toContain('Open: 300')
})
