import type { ModalView } from '@slack/types'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { askingWho } from '../../src/views/confirmation.ts'
import { readVerifyForm, readVerifyModal } from '../../src/views/read-verify-modal.ts'
import {
  CARD_IN,
  EMPLOYEE,
  ID_TYPE,
  LOOKUP_ACTION,
  NOTE,
  NUMBER_ACTION,
  newVerifyForm,
  numberBlock,
  PROVIDER,
  pairOf,
  type VerifyForm,
} from '../../src/views/verify-form.ts'
import { verifyModal } from '../../src/views/verify-modal.ts'
import { allForms } from './catalogue.ts'
import { type Filled, submitted } from './submitted.ts'

const empty = newVerifyForm({
  employeeId: null,
  typedName: null,
  rememberedNumber: null,
  isLinked: false,
  channelId: 'C0SECRET',
})
const ola: VerifyForm = { ...empty, employeeId: 'W0OLA', rememberedNumber: 4711 }
const errors = (form: VerifyForm, filled: Filled = {}) => {
  const result = readVerifyModal(submitted(form, filled))
  return result.is === 'wrong' ? result.errors : {}
}

describe('a form that was sent', () => {
  it('is a request when it is complete', () => {
    const filled = {
      provider: 'veriff',
      idType: 'international',
      number: ' 47 11 ',
      note: ' Hi\r\nOla ',
      cardIn: 'channel',
    }
    expect(readVerifyModal(submitted({ ...ola, provider: 'veriff' }, filled))).toEqual({
      is: 'complete',
      request: {
        employeeId: 'W0OLA',
        employeeNumber: 4711,
        provider: 'veriff',
        idType: 'international',
        note: 'Hi\nOla',
        cardChannelId: 'C0SECRET',
      },
    })
  })

  it('needs no more than the person when the rest is known', () => {
    const result = readVerifyModal(submitted(ola))
    const request = { employeeNumber: 4711, provider: 'bankid', idType: null, note: null, cardChannelId: null }
    expect(result).toEqual({ is: 'complete', request: { employeeId: 'W0OLA', ...request } })
  })

  it('puts each error at its own field', () => {
    const wrong = errors({ ...empty, provider: 'veriff' }, { number: '12a', note: 'x'.repeat(301) })
    expect(Object.keys(wrong).sort()).toEqual([EMPLOYEE.block, ID_TYPE.block, NOTE.block, numberBlock(null)].sort())
    expect(errors({ ...ola, provider: null })).toHaveProperty(PROVIDER.block)
    expect(errors(ola, { provider: 'veriff' })).toHaveProperty(PROVIDER.block)
  })

  it.each(['0', '-1', '1.5', '2147483648', '99999999999', '', '  ', '4711 kr'])(
    'refuses "%s" as an employee id',
    (number) => {
      expect(errors(ola, { number })).toHaveProperty(numberBlock('W0OLA', 4711))
    },
  )

  describe('for somebody who can be found by e-mail', () => {
    const offered: VerifyForm = { ...ola, rememberedNumber: null, lookup: 'offered' }

    it('needs no number when that is ticked', () => {
      expect(readVerifyModal(submitted(offered, { find: true }))).toEqual({ is: 'to_be_found', employeeId: 'W0OLA' })
    })

    it('says both ways to go on when there is neither', () => {
      const says = 'Type the id, or tick the box below to have it found by e-mail.'
      expect(errors(offered)).toEqual({ [numberBlock('W0OLA')]: says })
    })

    it('goes by the number where one was typed', () => {
      const both = readVerifyModal(submitted(offered, { find: true, number: '4711' }))
      expect(both).toMatchObject({ is: 'complete', request: { employeeNumber: 4711 } })
      expect(errors(offered, { find: true, number: 'x' })).toHaveProperty(numberBlock('W0OLA'))
    })

    it('has nobody found while something else is wrong', () => {
      expect(errors(offered, { find: true, note: 'x'.repeat(301) })).toHaveProperty(NOTE.block)
    })

    it('forgets the tick when somebody else is chosen', () => {
      const next = readVerifyForm(submitted(offered, { find: true, employeeId: 'U0KARI' }))
      expect(next).toMatchObject({ employeeId: 'U0KARI', lookup: 'off' })
      expect(errors(offered, { find: true, employeeId: 'U0KARI' })).not.toEqual({})
    })

    it('offers it only while no number is known', () => {
      const blocks = (form: VerifyForm) => JSON.stringify(verifyModal(form).blocks)
      expect(blocks(offered)).toContain('"optional":true')
      for (const form of [{ ...offered, rememberedNumber: 4711 }, { ...offered, employeeId: null }, ola]) {
        expect(blocks(form)).not.toContain(LOOKUP_ACTION)
      }
    })
  })

  it('counts a note as people do', () => {
    expect(errors(ola, { note: '👍🏽'.repeat(300) })).toEqual({})
    expect(errors(ola, { note: '👍🏽'.repeat(301) })).toHaveProperty(NOTE.block)
  })

  it('does not take the number of the person chosen before', () => {
    expect(errors(ola, { employeeId: 'U0KARI' })).toHaveProperty(numberBlock('W0OLA', 4711))
    expect(errors(empty, { employeeId: 'U0KARI', number: '12' })).toEqual({})
  })

  it('goes to direct messages when the channel is not one we know', () => {
    const direct = submitted({ ...ola, channelId: 'D0DIRECT' }, { cardIn: 'channel' })
    for (const view of [direct, { ...submitted(ola, { cardIn: 'channel' }), private_metadata: '{' }]) {
      const result = readVerifyModal(view)
      expect(result).toMatchObject({ is: 'complete', request: { cardChannelId: null } })
    }
  })

  it('never throws, and is taken only when every part of it is valid', () => {
    const id = fc.constantFrom('W0OLA', 'U0KARI', 'nobody', '<@U0EVE>', null, 7)
    const word = fc.constantFrom('veriff', 'bankid', 'local', 'international', 'dm', 'channel', 'x', null)
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.integer().map(String),
      fc.constantFrom('4711', 'x'.repeat(400), null),
    )
    const field = fc.oneof(
      id.map((selected_user) => ({ selected_user })),
      word.map((value) => ({ selected_option: value === null ? null : { value } })),
      text.map((value) => ({ value })),
      fc.jsonValue(),
    )
    const blocks = [
      EMPLOYEE,
      PROVIDER,
      ID_TYPE,
      NOTE,
      CARD_IN,
      { block: numberBlock('W0OLA', 4711), action: NUMBER_ACTION },
    ]
    const values = fc
      .tuple(...blocks.map(() => fc.option(field)))
      .map((fields) => Object.fromEntries(blocks.map(({ block, action }, at) => [block, { [action]: fields[at] }])))
    const usual = fc.record({
      employeeId: fc.constantFrom('W0OLA', 'W0OLA', 'U0KARI', null),
      provider: fc.constantFrom('veriff', 'bankid', 'x'),
      idType: fc.constantFrom('local', 'international', 'x', null),
      number: text.map((typed) => typed ?? ''),
      note: text,
      cardIn: fc.constantFrom('dm', 'channel', 'x'),
    })
    const anything = fc.oneof(
      fc.jsonValue(),
      fc.record({ private_metadata: fc.string(), state: fc.record({ values }), blocks: fc.jsonValue() }),
      usual.map((filled) => submitted({ ...ola, provider: 'veriff' }, filled)),
    )
    let taken = 0
    fc.assert(
      fc.property(anything, (view) => {
        readVerifyForm(view)
        const result = readVerifyModal(view)
        if (result.is === 'wrong')
          return Object.values(result.errors).length > 0 && Object.values(result.errors).every(Boolean)
        if (result.is === 'to_be_found') return false
        const { employeeId, employeeNumber, provider, idType, note, cardChannelId } = result.request
        taken++
        return (
          /^[UW][A-Z0-9]+$/.test(employeeId) &&
          Number.isInteger(employeeNumber) &&
          employeeNumber >= 1 &&
          employeeNumber < 2 ** 31 &&
          (provider === 'bankid' ? idType === null : provider === 'veriff' && idType !== null) &&
          (note === null || (note !== '' && note.length <= 2000)) &&
          (cardChannelId === null || cardChannelId === 'C0SECRET')
        )
      }),
      { numRuns: 10_000 },
    )
    expect(taken).toBeGreaterThan(100)
  })
})

describe('a form shown again', () => {
  const shown = (view: ModalView, block: string) => view.blocks.find(({ block_id }) => block_id === block)

  it('comes back as it was', () => {
    for (const [name, form] of allForms()) {
      const channelId = form.channelId?.startsWith('C') ? form.channelId : null
      const idType = form.provider === 'veriff' ? form.idType : null
      expect([name, readVerifyForm(submitted(form))]).toEqual([name, { ...form, channelId, idType, problem: null }])
    }
  })

  it('shows the ID type for Veriff only', () => {
    expect(shown(verifyModal({ ...ola, provider: 'veriff' }), ID_TYPE.block)).toBeDefined()
    expect(shown(verifyModal(ola), ID_TYPE.block)).toBeUndefined()
  })

  it('offers a channel only where there is one', () => {
    expect(shown(verifyModal(ola), CARD_IN.block)).toBeDefined()
    expect(shown(verifyModal({ ...ola, channelId: 'D0DIRECT' }), CARD_IN.block)).toBeUndefined()
  })

  it('shows who has the number only for this person and this number', () => {
    const confirmed = { ...ola, confirmation: askingWho('W0OLA', 4711) }
    const again = (filled: Filled) => JSON.stringify(verifyModal(readVerifyForm(submitted(confirmed, filled))))
    expect(again({})).toContain('confirmation-asking-W0OLA-4711')
    expect(again({ number: ' 47 11 ' })).toContain('confirmation-asking-W0OLA-4711')
    expect(again({ number: '4712' })).not.toContain('confirmation-')
    expect(again({ employeeId: 'U0KARI' })).not.toContain('confirmation-')
  })

  it('is about the number that stands in it, whatever was typed, shown and chosen before', () => {
    const number = fc.constantFrom('4711', ' 47 11 ', '4712', '12', '')
    const filled = fc.record({ employeeId: fc.constantFrom('W0OLA', 'U0KARI'), number }, { requiredKeys: [] })
    fc.assert(
      fc.property(fc.array(filled, { minLength: 1, maxLength: 6 }), (changes) => {
        let form: VerifyForm = ola
        for (const change of changes) {
          const view = submitted(form, change)
          const sent = readVerifyModal(view)
          const read = readVerifyForm(view)
          if (sent.is === 'complete') expect(sent.request).toMatchObject(pairOf(read) ?? { employeeNumber: null })
          form = { ...read, rememberedNumber: read.employeeId === 'W0OLA' ? 4711 : null }
        }
      }),
    )
  })

  it('remembers nothing of who has the number', () => {
    const { private_metadata } = verifyModal({ ...ola, confirmation: askingWho('W0OLA', 4711) })
    expect(private_metadata).not.toMatch(/confirmation|Asking/)
  })

  it('does not carry a remembered number over to another person', () => {
    const next = readVerifyForm(submitted(ola, { employeeId: 'U0KARI' }))
    expect(next).toMatchObject({ employeeId: 'U0KARI', rememberedNumber: null, typedNumber: null })
    expect(JSON.stringify(verifyModal(next))).not.toContain('4711')
  })

  it('has a number field of its own for each person and number, because Slack keeps what is in a field', () => {
    const ids = [null, 'W0OLA', 'U0KARI'].flatMap((id) => [numberBlock(id), numberBlock(id, 4711)])
    expect(new Set(ids).size).toBe(6)
    expect(shown(verifyModal(ola), numberBlock('W0OLA', 4711))).toBeDefined()
  })

  it('keeps a number typed for another person and asks to check it, however often it is shown', () => {
    const next = readVerifyForm(submitted(ola, { employeeId: 'U0KARI', number: '12' }))
    const again = readVerifyForm(submitted(next, { provider: 'veriff' }))
    for (const form of [next, again]) {
      const field = JSON.stringify(shown(verifyModal(form), numberBlock('U0KARI')))
      expect(field).toContain('"initial_value":"12"')
      expect(field).toContain('check that it is theirs')
    }
  })

  it('prefers what we remember to what was typed for somebody else', () => {
    const form = { ...ola, typedNumber: { text: '12', forEmployeeId: 'U0KARI' } }
    expect(JSON.stringify(verifyModal(form))).toContain('"initial_value":"4711"')
  })
})
