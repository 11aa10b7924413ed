import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isWanted, type MessageKind, messagesFor } from '../../src/services/message.ts'
import type { Status, Verification } from '../../src/services/verification.ts'
import { anyVerification } from '../helpers/any-verification.ts'
import {
  buildFailed,
  buildParked,
  buildRequested,
  buildSettled,
  buildStarting,
  buildWaiting,
} from '../views/build-verification.ts'

const MANAGER = buildRequested().managerId
const kindsFor = (verification: Verification) => messagesFor(verification).map(({ kind }) => kind)

describe('a verification calls for', () => {
  const CALLED: { readonly [S in Status]: [Verification, MessageKind[]] } = {
    requested: [buildRequested(), ['card']],
    starting: [buildStarting(), ['card']],
    waiting: [buildWaiting(), ['card', 'invitation']],
    parked: [buildParked(), ['card', 'decision']],
    settled: [buildSettled(), ['card', 'outcome']],
    failed: [buildFailed(), ['card', 'outcome']],
  }

  it.each(Object.entries(CALLED))('these while it is %s', (_status, [verification, kinds]) => {
    expect(kindsFor(verification)).toEqual(kinds)
  })

  it('a word about the employee who did not expect it, whatever its state', () => {
    for (const [verification, kinds] of Object.values(CALLED)) {
      expect(kindsFor({ ...verification, unexpectedAt: 1 }).toSorted()).toEqual([...kinds, 'concern'].toSorted())
    }
  })

  it('no news for the manager who closed it, but for one whose verification somebody else closed', () => {
    expect(kindsFor(buildFailed({ reason: 'given_up', closedBy: MANAGER }))).toEqual(['card'])
    expect(kindsFor(buildFailed({ reason: 'given_up', closedBy: 'U-other' }))).toEqual(['card', 'outcome'])
  })

  it('a card where the manager wanted it', () => {
    expect(messagesFor(buildRequested())[0]?.recipient).toEqual({ userId: MANAGER })
    expect(messagesFor(buildRequested({ cardChannelId: 'C1' }))[0]?.recipient).toEqual({ channelId: 'C1' })
  })

  it('an invitation that goes to the employee and nowhere else, ever', () => {
    fc.assert(
      fc.property(anyVerification, (verification) => {
        const wanted = messagesFor(verification)
        for (const { kind, recipient } of wanted) {
          if (kind === 'invitation') expect(recipient).toEqual({ userId: verification.employeeId })
          else if (kind !== 'card') expect(recipient).toEqual({ userId: verification.managerId })
        }
        const names = wanted.map(({ kind, occasion }) => `${kind} ${occasion}`)
        expect(new Set(names).size).toBe(names.length)
        expect(wanted.every((message) => isWanted(message, verification))).toBe(true)
      }),
    )
  })
})

describe('is no longer wanted', () => {
  const invitation = { kind: 'invitation', occasion: 1 } as const
  const decision = { kind: 'decision', occasion: 2 } as const

  it('an invitation once it is over, parked, or another one is in force', () => {
    expect(isWanted(invitation, buildWaiting({ invitations: 1 }))).toBe(true)
    expect(isWanted(invitation, buildWaiting({ invitations: 2 }))).toBe(false)
    for (const other of [buildSettled(), buildFailed(), buildParked(), buildRequested()]) {
      expect(isWanted(invitation, { ...other, invitations: 1 })).toBe(false)
    }
  })

  it('a decision once it was made', () => {
    expect(isWanted(decision, buildParked({ parks: 2 }))).toBe(true)
    expect(isWanted(decision, buildParked({ parks: 3 }))).toBe(false)
    expect(isWanted(decision, buildWaiting({ parks: 2 }))).toBe(false)
  })
})
