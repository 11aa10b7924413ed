import type { ModalView } from '@slack/types'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import type { MessageKind } from '../../src/services/message.ts'
import { OUTCOMES, type Outcome } from '../../src/services/verification.ts'
import type { Content } from '../../src/views/blocks.ts'
import { confirmationOf, maskEmail } from '../../src/views/confirmation.ts'
import { verificationList } from '../../src/views/list.ts'
import { readVerifyForm } from '../../src/views/read-verify-modal.ts'
import { renderMessage } from '../../src/views/render-message.ts'
import { formNotOpened, unexpectedError } from '../../src/views/replies.ts'
import { verificationStatus } from '../../src/views/status.ts'
import { usage } from '../../src/views/usage.ts'
import { readVerifyCommand } from '../../src/views/verify-command.ts'
import { newVerifyForm } from '../../src/views/verify-form.ts'
import { verifyModal } from '../../src/views/verify-modal.ts'
import { buildSession, buildSettled, buildWaiting } from './build-verification.ts'
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
)
const long = fc.constantFrom('x', '&', '\n', '<').map((letter) => letter.repeat(900))
const some = fc.string({ unit: 'binary', maxLength: 20 })
const words = fc
  .array(fc.oneof({ weight: 6, arbitrary: attack }, { weight: 6, arbitrary: some }, long), { maxLength: 8 })
  .map((parts) => parts.join(''))
/** Markup that we did not write: all of ours is a mention of the two people, or a date. */
const FOREIGN = /<(?!@W0OLA>|@U0MARIA>|!date\^\d+\^\{date_short_pretty\} at \{time\}\|[^<>]* UTC>)/

const RUNS = { numRuns: 10_000 }

/** What is wrong with it; nothing when it is harmless. */
function harmIn(shown: Content | ModalView): string {
  return [...brokenLimits(shown), ...(FOREIGN.exec(JSON.stringify(shown)) ?? [])].join()
}

type Words = { word: string; missingSteps: string[]; outcome: Outcome | 'other' }
const waiting = ({ word }: Words) => buildWaiting({ note: word, session: buildSession({ reported: word }) })
const settled = ({ word, missingSteps, outcome }: Words) => buildSettled({ outcome, reported: word, missingSteps })
const message = (kind: MessageKind) => ({ kind, occasion: 0, movedBecause: null })
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
const SHOWN: ((words: Words) => Content | ModalView)[] = [
  (words) => renderMessage(message('card'), waiting(words)),
  (words) => renderMessage(message('invitation'), waiting(words)),
  (words) => renderMessage(message('card'), settled(words)),
  (words) => renderMessage(message('invitation'), settled(words)),
  (words) => renderMessage(message('outcome'), settled(words)),
  (words) => verificationStatus('W0OLA', waiting(words), settled(words)),
  (words) => verificationList([waiting(words)], [settled(words)]),
  ({ word }) => confirming(word, word),
  ({ word }) => confirming(word, maskEmail(`${word}@${word}`)),
  ({ word }) => {
    const again = readVerifyForm({ ...submitted({ ...OLA, confirmation: confirmed(word, word) }) })
    return verifyModal(again)
  },
  ({ word }) => usage(word),
  ({ word }) => formNotOpened(`x ${word}`),
  ({ word }) => unexpectedError(word),
  ({ word }) => {
    const command = readVerifyCommand(`@${word}`)
    const typedName = command.do === 'open' ? command.typedName : null
    return verifyModal(
      newVerifyForm({ employeeId: null, typedName, rememberedNumber: null, isLinked: false, channelId: null }),
    )
  },
]

it('words from outside add no link and no mention, and break no limit', () => {
  const outcome = fc.constantFrom(...OUTCOMES, 'other' as const)
  const anyWords = fc.record({ word: words, missingSteps: fc.array(words, { maxLength: 3 }), outcome })
  fc.assert(
    fc.property(anyWords, fc.constantFrom(...SHOWN), (hostile, show) => {
      expect(harmIn(show(hostile))).toBe('')
    }),
    RUNS,
  )
})

it('a list of hundreds is still one message', () => {
  const many = Array.from({ length: 300 }, () => buildWaiting())
  expect(brokenLimits(verificationList(many, many))).toEqual([])
  expect(verificationList(many, []).text).toContain('Open: 300')
})
