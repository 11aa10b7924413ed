import fc from 'fast-check'
import type { Message, MessageIdentity, MessageIn, MessageKind, Recipient } from '../../src/services/message.ts'

const id = fc.stringMatching(/^[A-Za-z0-9-]{1,20}$/)
const time = fc.integer({ min: 1, max: 4e12 })
const KINDS: Record<MessageKind, true> = { card: true, invitation: true, decision: true, outcome: true, concern: true }

const identity: fc.Arbitrary<MessageIdentity> = fc.record({
  id,
  verificationId: fc.constant('v'),
  kind: fc.constantFrom(...(Object.keys(KINDS) as MessageKind[])),
  occasion: fc.nat(9),
  createdAt: time,
  version: fc.integer({ min: 1, max: 1e6 }),
  recipient: fc.oneof<fc.Arbitrary<Recipient>[]>(fc.record({ userId: id }), fc.record({ channelId: id })),
  movedBecause: fc.constantFrom(null, 'not_in_channel', 'channel_closed', 'posting_restricted'),
  sends: fc.nat(9),
})

const shows = fc.record({ revision: fc.nat(1e6), digest: id })

function inState<S extends Message['state']>(
  state: S,
  own: { [Name in Exclude<keyof MessageIn<S>, keyof MessageIdentity | 'state'>]: fc.Arbitrary<MessageIn<S>[Name]> },
): fc.Arbitrary<Message> {
  const rest: fc.Arbitrary<object> = fc.record(own as Record<string, fc.Arbitrary<unknown>>)
  return fc.tuple(identity, rest).map(([common, news]) => ({ ...common, ...news, state }) as unknown as Message)
}

const BY_STATE: { readonly [S in Message['state']]: fc.Arbitrary<Message> } = {
  none: inState('none', {}),
  sending: inState('sending', { conversationId: id, since: time, shows }),
  unknown: inState('unknown', { conversationId: id, since: time, shows, cleanReads: fc.nat(9) }),
  sent: inState('sent', {
    conversationId: id,
    ts: id,
    shows,
    resentAt: fc.option(time, { nil: null }),
    sweeps: fc.nat(2),
  }),
  undeliverable: inState('undeliverable', { reason: id }),
}

/** Any message of the verification `v`, in each of its states. */
export const anyMessage: fc.Arbitrary<Message> = fc.oneof(...Object.values(BY_STATE))
