import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  APPROVED,
  CHANNEL,
  EMPLOYEE,
  MANAGER,
  openSlackBench,
  type SlackBench,
  STARTED,
} from '../helpers/slack-bench.ts'
import { LINK } from '../views/build-verification.ts'

const MINUTE_MS = 60_000

let bench: SlackBench

beforeEach(async () => {
  bench = await openSlackBench()
})
afterEach(async () => {
  expect(bench.slack.violations).toEqual([])
  await bench.close()
})

describe('a message', () => {
  it('is sent once, with our marker and without a preview of its link', async () => {
    await bench.move(await bench.request(), ...STARTED)
    await bench.pass(MINUTE_MS)
    const [card, ...more] = bench.standing(MANAGER)
    const [invitation, ...others] = bench.standing(EMPLOYEE)
    expect([more, others]).toEqual([[], []])
    expect(card?.metadata?.event_payload).toEqual({ id: (await bench.message('card')).id })
    expect(invitation).toMatchObject({ unfurlLinks: false, unfurlMedia: false })
    expect(JSON.stringify(invitation?.blocks)).toContain(LINK)
    expect(JSON.stringify(card)).not.toContain(LINK)
    expect(bench.calls('chat.postMessage')).toBe(2)
    expect(bench.calls('conversations.history')).toBe(0)
  })

  it('is announced in the database before Slack hears of it', async () => {
    await bench.request()
    let announced: unknown
    const stop = bench.slack.on((event) => {
      if (event.type === 'message_posted')
        announced = bench.store.db.prepare('select state from messages').pluck().get()
    })
    await bench.pass(0)
    stop()
    expect(announced).toBe('sending')
  })

  it('follows its verification, and says the last word when that was over before it was sent', async () => {
    const waiting = await bench.move(await bench.request(), ...STARTED)
    await bench.move(waiting, APPROVED)
    await bench.pass(MINUTE_MS)
    expect(bench.standing(EMPLOYEE)).toEqual([])
    expect(bench.standing(MANAGER)).toHaveLength(2)
    expect(bench.calls('chat.update')).toBe(0)
    expect(await bench.message('invitation')).toMatchObject({ state: 'none', sends: 0 })
    expect(await bench.store.messages.nextDueAt()).toBeNull()
  })

  it('is edited when its verification moves, and the dead link is gone', async () => {
    const waiting = await bench.move(await bench.request(), ...STARTED)
    await bench.pass(0)
    await bench.move(waiting, APPROVED)
    await bench.pass(0)
    const [invitation, ...others] = bench.standing(EMPLOYEE)
    expect(others).toEqual([])
    expect(invitation?.edits).toHaveLength(1)
    expect(JSON.stringify(invitation?.blocks)).not.toContain(LINK)
    expect(await bench.message('invitation')).toMatchObject({
      state: 'sent',
      shows: { revision: waiting.revision + 1 },
    })
  })

  it('that would look the same is not edited', async () => {
    const waiting = await bench.move(await bench.request(), ...STARTED)
    await bench.pass(0)
    const before = bench.calls('chat.update')
    const missed = await bench.move(waiting, { type: 'session_missing', sessionId: 'session-1' })
    await bench.pass(0)
    expect(bench.calls('chat.update')).toBe(before)
    expect(await bench.message('card')).toMatchObject({ shows: { revision: missed.revision } })
  })
})

describe('a card in a channel', () => {
  const REFUSED: [string, string][] = [
    ['not_in_channel', 'not_in_channel'],
    ['channel_not_found', 'not_in_channel'],
    ['is_archived', 'channel_closed'],
    ['is_inactive', 'channel_closed'],
    ['restricted_action', 'posting_restricted'],
    ['restricted_action_read_only_channel', 'posting_restricted'],
    ['restricted_action_thread_only_channel', 'posting_restricted'],
    ['restricted_action_non_threadable_channel', 'posting_restricted'],
    ['restricted_action_thread_locked', 'posting_restricted'],
  ]

  it('stands there', async () => {
    await bench.request({ cardChannelId: CHANNEL })
    await bench.pass(0)
    expect(bench.standing(CHANNEL)).toHaveLength(1)
    expect(bench.standing(MANAGER)).toEqual([])
  })

  it.each(REFUSED)('goes to the manager when Slack says %s, and says why', async (error, because) => {
    bench.slack.fault({ method: 'chat.postMessage', do: { error } })
    await bench.request({ cardChannelId: CHANNEL })
    await bench.pass(MINUTE_MS)
    expect(bench.standing(CHANNEL)).toEqual([])
    expect(bench.standing(MANAGER)).toHaveLength(1)
    expect(await bench.message('card')).toMatchObject({
      state: 'sent',
      movedBecause: because,
      recipient: { userId: MANAGER },
      sends: 1,
    })
  })

  it('goes to the manager when the bot was removed from the channel before an edit', async () => {
    const requested = await bench.request({ cardChannelId: CHANNEL })
    await bench.pass(0)
    bench.slack.fault({ method: 'chat.update', do: { error: 'not_in_channel' } })
    await bench.move(requested, ...STARTED)
    await bench.pass(0)
    expect(await bench.message('card')).toMatchObject({ state: 'sent', movedBecause: 'not_in_channel' })
    expect(bench.standing(MANAGER)).toHaveLength(1)
  })
})

describe('an invitation that the employee can’t get', () => {
  it.each(['user_disabled', 'user_not_found', 'user_not_visible', 'cannot_dm_bot'])(
    'is undeliverable when Slack says %s, which is said before it is given up',
    async (error) => {
      bench.slack.fault({
        method: 'conversations.open',
        when: ({ users }) => users === EMPLOYEE,
        times: 9,
        do: { error },
      })
      const { id } = await bench.move(await bench.request(), ...STARTED)
      await bench.pass(MINUTE_MS)
      expect(bench.undeliverable).toEqual([
        { verificationId: id, invitation: 0, why: 'undeliverable', stateThen: 'none' },
      ])
      expect(await bench.message('invitation')).toMatchObject({ state: 'undeliverable', reason: error })
      expect(bench.standing(MANAGER)).toHaveLength(1)
    },
  )

  it('is so too when only the post is refused', async () => {
    bench.slack.fault({ method: 'chat.postMessage', when: isFor(EMPLOYEE), do: { error: 'messages_tab_disabled' } })
    await bench.move(await bench.request(), ...STARTED)
    await bench.pass(MINUTE_MS)
    expect(bench.undeliverable).toMatchObject([{ stateThen: 'sending' }])
    expect(await bench.message('invitation')).toMatchObject({ state: 'undeliverable', sends: 0 })
  })
})

const isFor =
  (userId: string) =>
  ({ channel }: Record<string, unknown>) =>
    channel === `D${userId}`

describe('trouble', () => {
  it('with one method leaves the others alone, and waits as long as Slack says', async () => {
    const requested = await bench.request()
    await bench.pass(0)
    bench.slack.fault({ method: 'chat.update', do: { ratelimit: 90 } })
    await bench.move(requested, ...STARTED)
    await bench.pass(89_000)
    expect(bench.calls('chat.update')).toBe(1)
    expect(bench.standing(EMPLOYEE)).toHaveLength(1)
    await bench.pass(10_000)
    expect(bench.calls('chat.update')).toBe(2)
    expect(await bench.message('card')).toMatchObject({ shows: { revision: 3 } })
  })

  it.each(['invalid_auth', 'token_revoked', 'account_inactive', 'missing_scope', 'not_allowed_token_type'])(
    'with our own token loses nothing: %s',
    async (error) => {
      for (const method of ['chat.postMessage', 'conversations.open']) {
        bench.slack.fault({ method, times: 999, do: { error } })
      }
      await bench.move(await bench.request(), ...STARTED)
      await bench.pass(6 * 60 * MINUTE_MS)
      expect(bench.said('slack refuses our token or scopes').length).toBeGreaterThan(10)
      bench.slack.clearFaults()
      await bench.pass(5 * MINUTE_MS)
      expect(bench.standing(EMPLOYEE)).toHaveLength(1)
      expect(bench.standing(MANAGER)).toHaveLength(1)
      expect(bench.undeliverable).toEqual([])
    },
  )

  it('of an edit whose answer was lost: it is made again', async () => {
    const requested = await bench.request()
    await bench.pass(0)
    bench.slack.fault({ method: 'chat.update', do: 'lose' })
    bench.slack.fault({ method: 'chat.update', do: 'loseBefore' })
    const waiting = await bench.move(requested, ...STARTED)
    await bench.pass(MINUTE_MS)
    expect(bench.calls('chat.update')).toBe(3)
    expect(await bench.message('card')).toMatchObject({ state: 'sent', shows: { revision: waiting.revision } })
    expect(bench.standing(MANAGER)).toHaveLength(1)
  })
})

describe('a message that can’t be edited any more', () => {
  it.each(['message_not_found', 'cant_update_message', 'edit_window_closed'])('is replaced: %s', async (error) => {
    const requested = await bench.request()
    await bench.pass(0)
    const [old] = bench.standing(MANAGER)
    bench.slack.fault({ method: 'chat.update', do: { error } })
    await bench.move(requested, ...STARTED)
    await bench.pass(MINUTE_MS)
    const [card, ...more] = bench.standing(MANAGER)
    expect(more).toEqual([])
    expect(card?.ts).not.toBe(old?.ts)
    expect(await bench.message('card')).toMatchObject({ state: 'sent', ts: card?.ts })
  })

  it('and that nobody needs any more is taken away', async () => {
    const waiting = await bench.move(await bench.request(), ...STARTED)
    await bench.pass(0)
    bench.slack.fault({ method: 'chat.update', when: isFor(EMPLOYEE), do: { error: 'edit_window_closed' } })
    await bench.move(waiting, APPROVED)
    await bench.pass(MINUTE_MS)
    expect(bench.standing(EMPLOYEE)).toEqual([])
  })

  it.each(['msg_too_long', 'channel_not_found'])('and whose link is dead is taken away: %s', async (error) => {
    const waiting = await bench.move(await bench.request(), ...STARTED)
    await bench.pass(0)
    bench.slack.fault({ method: 'chat.update', when: isFor(EMPLOYEE), times: 9, do: { error } })
    await bench.move(waiting, APPROVED)
    await bench.pass(MINUTE_MS)
    expect(bench.standing(EMPLOYEE)).toEqual([])
  })

  it('is taken away in the end, though the first try failed', async () => {
    const waiting = await bench.move(await bench.request(), ...STARTED)
    await bench.pass(0)
    bench.slack.fault({ method: 'chat.update', when: isFor(EMPLOYEE), times: 9, do: { error: 'edit_window_closed' } })
    bench.slack.fault({ method: 'chat.delete', do: 'loseBefore' })
    await bench.move(waiting, APPROVED)
    await bench.pass(MINUTE_MS)
    expect(bench.standing(EMPLOYEE)).toEqual([])
  })

  it('is replaced also when Slack doesn’t let it be deleted', async () => {
    const requested = await bench.request()
    await bench.pass(0)
    bench.slack.fault({ method: 'chat.update', do: { error: 'edit_window_closed' } })
    bench.slack.fault({ method: 'chat.delete', times: 99, do: { error: 'compliance_exports_prevent_deletion' } })
    await bench.move(requested, ...STARTED)
    await bench.pass(MINUTE_MS)
    expect(bench.standing(MANAGER)).toHaveLength(2)
    expect(await bench.message('card')).toMatchObject({ state: 'sent', ts: bench.standing(MANAGER)[1]?.ts })
  })
})
