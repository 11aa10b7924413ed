import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  askingWho,
  type Confirmation,
  confirmationOf,
  confirmationSection,
  maskEmail,
  readShownConfirmation,
} from '../../src/views/confirmation.ts'
import { confirmations } from './catalogue.ts'

const FOUND = {
  is: 'found',
  name: 'Ola Nordmann',
  maskedEmail: 'o…n@example.com',
  email: 'same',
  isVerified: false,
} as const
const words = (found: Confirmation, held = false) => confirmationOf('U0OLA', 4711, found, { held }).text

describe('who has the number', () => {
  it('is asked in one sentence when there is nothing to warn of', () => {
    expect(words(FOUND)).toBe('At EasyFreelance 4711 is *Ola Nordmann*, `o…n@example.com`. Is that <@U0OLA>?')
  })

  it('comes with a warning when the e-mail is another one, or when they are verified already', () => {
    expect(words({ ...FOUND, email: 'different' })).toContain('not the e-mail address they have in Slack')
    expect(words({ ...FOUND, isVerified: true })).toContain('verified already')
    for (const calm of [FOUND, { ...FOUND, email: 'not_compared', isVerified: null } as const]) {
      expect(words(calm)).not.toContain('⚠️')
    }
  })

  it('says that nothing was sent, and what to do, when Send was pressed before it was shown', () => {
    expect(words(FOUND, true)).toMatch(/Nothing was sent yet\.\* .* press Send again\.$/)
    expect(words({ is: 'no_answer' }, true)).toContain('press Send again')
    expect(words({ is: 'not_found' }, true)).not.toContain('press Send again')
  })

  it('says that EasyFreelance does not say, and that the manager can go on', () => {
    expect(words({ is: 'no_answer' })).toBe(
      '*EasyFreelance did not say who 4711 is.* You can go on; please check the id yourself.',
    )
  })

  it('is a name, whatever stands in it', () => {
    const text = words({ ...FOUND, name: '<!channel> *x* <@U0EVE>' })
    expect(text).toContain('*&lt;!channel&gt; ∗x∗ &lt;@U0EVE&gt;*')
    expect(words({ ...FOUND, name: '\u200b\u202e' })).toContain('*somebody without a name*')
  })
})

describe('a section of the form', () => {
  it('is read back as it was shown', () => {
    for (const [name, found] of confirmations()) {
      const shown = confirmationOf('W0OLA', 2_147_483_647, found)
      const blocks = [{ type: 'divider' }, confirmationSection(shown)]
      expect([name, readShownConfirmation({ blocks })]).toEqual([name, shown])
    }
    const asking = askingWho('U0OLA', 7)
    expect(readShownConfirmation({ blocks: [confirmationSection(asking)] })).toEqual(asking)
  })

  it('lets Send go on for everything but a definite nobody, and what is still being asked for', () => {
    const is = confirmations().map(([name, found]) => [name, confirmationOf('U0OLA', 1, found).is])
    expect(is.filter(([, kind]) => kind !== 'said')).toEqual([['not found', 'nobody']])
    expect(askingWho('U0OLA', 1).is).toBe('asking')
  })

  it('is none when it is not one of ours; reading it never throws', () => {
    const id = fc.oneof(
      fc.string(),
      fc.constantFrom('confirmation-said-U0OLA-0', 'confirmation-said-x-1', 'confirmation-no-U0OLA-1'),
    )
    const block = fc.oneof(
      fc.jsonValue(),
      fc.record({ block_id: id, text: fc.record({ text: fc.string({ minLength: 1 }) }) }),
    )
    const view = fc.oneof(fc.jsonValue(), fc.record({ blocks: fc.array(block) }))
    fc.assert(fc.property(view, (shown) => readShownConfirmation(shown) === null))
  })
})

describe('a masked e-mail address', () => {
  it.each([
    ['ola.nordmann@example.com', 'o…n@example.com'],
    ['olan@example.com', 'o…n@example.com'],
    ['ola@example.com', '…@example.com'],
    ['@example.com', '…@example.com'],
    ['nobody', '…'],
    ['"a@b"@example.com', '"…"@example.com'],
    ['👩‍👩‍👧x😀@example.com', '👩…😀@example.com'],
  ])('%s is shown as %s', (email, masked) => expect(maskEmail(email)).toBe(masked))

  it('never shows more than two letters before the @', () => {
    fc.assert(
      fc.property(fc.emailAddress(), (email) => {
        const [local = ''] = maskEmail(email).split('@')
        expect([...local].length).toBeLessThanOrEqual(3)
      }),
    )
  })
})
