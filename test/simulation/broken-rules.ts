/** Rules of the bot, each broken on purpose around the real code. The checks must catch every one of them. */
import type { Ports } from '../../src/core.ts'
import type { Content } from '../../src/services/slack-conversations.ts'
import { AT_REST } from '../../src/services/store/schedule.ts'
import type { Verification } from '../../src/services/verification.ts'
import { buttonsIn } from './slack-messages.ts'

export type BrokenRule = {
  readonly name: string
  readonly change: (ports: Ports) => Ports
}

const broken = (name: string, change: (ports: Ports) => Partial<Ports>): BrokenRule => ({
  name,
  change: (ports) => ({ ...ports, ...change(ports) }),
})

export const BROKEN_RULES: readonly BrokenRule[] = [
  broken('a post is repeated until it is answered', ({ conversations }) => ({
    conversations: {
      ...conversations,
      post: async (...post) => {
        for (;;) {
          const answer = await conversations.post(...post)
          if (answer.is !== 'unknown') return answer
        }
      },
    },
  })),

  broken('a message is marked as sent, then sent', ({ messageStore, now }) => ({
    messageStore: {
      ...messageStore,
      begin: (next, fromVersion, at) =>
        next.state === 'sending'
          ? messageStore.save(
              { ...next, state: 'sent', ts: '0.0', resentAt: null, sweeps: 0 },
              fromVersion,
              next.shows.revision,
              AT_REST,
              now(),
            )
          : messageStore.begin(next, fromVersion, at),
    },
  })),

  broken('an unclear send is taken for done', ({ conversations }) => ({
    conversations: {
      ...conversations,
      post: async (...post) => {
        const answer = await conversations.post(...post)
        return answer.is === 'unknown' ? { is: 'done', value: '1.0' } : answer
      },
    },
  })),

  broken('an unclear start is forgotten, and made again', ({ easyfreelance }) => ({
    easyfreelance: {
      ...easyfreelance,
      start: async (...start) => {
        const answer = await easyfreelance.start(...start)
        return answer.is === 'unknown' ? { is: 'refused', because: 'unreachable', retryAfterMs: null } : answer
      },
    },
  })),

  broken('an unclear edit is taken for done', ({ conversations }) => ({
    conversations: {
      ...conversations,
      update: async (...update) => {
        const answer = await conversations.update(...update)
        return answer.is === 'unknown' ? { is: 'done', value: undefined } : answer
      },
    },
  })),

  broken('a message found after a doubt is believed to be up to date', ({ messageStore }) => ({
    messageStore: {
      ...messageStore,
      save: (next, fromVersion, seenRevision, schedule, now) =>
        messageStore.save(
          next.state === 'sent' ? { ...next, shows: { ...next.shows, revision: seenRevision } } : next,
          fromVersion,
          seenRevision,
          schedule,
          now,
        ),
    },
  })),

  broken('an answer about another session is accepted', ({ easyfreelance }) => ({
    easyfreelance: {
      ...easyfreelance,
      // What the other session's answer said: see `other_session` in easyfreelance-side.ts.
      poll: async (...poll) => {
        const answer = await easyfreelance.poll(...poll)
        return answer.is === 'unknown' && answer.because === 'unreadable'
          ? { is: 'done', report: { status: 'approved', missingSteps: [] } }
          : answer
      },
    },
  })),

  broken('our own clock settles a session', ({ verificationStore, easyfreelance, now }) => ({
    easyfreelance: {
      ...easyfreelance,
      poll: async (sessionId, signal) => {
        const found = await verificationStore.withSession(sessionId)
        const expiresAt = found?.status === 'waiting' ? found.session.expiresAt : null
        return expiresAt !== null && now() > expiresAt
          ? { is: 'done', report: { status: 'expired', missingSteps: [] } }
          : easyfreelance.poll(sessionId, signal)
      },
    },
  })),

  broken('what a killed process had claimed stays claimed', ({ verificationStore, messageStore }) => ({
    verificationStore: {
      ...verificationStore,
      claim: (limit, now) => verificationStore.claim(limit, now, FOR_EVER_MS),
      releaseClaims: async () => {},
    },
    messageStore: {
      ...messageStore,
      claim: (limit, now) => messageStore.claim(limit, now, FOR_EVER_MS),
      releaseClaims: async () => {},
    },
  })),

  broken('the next look exists in memory only', ({ verificationStore, setTimer }) => ({
    verificationStore: {
      ...verificationStore,
      reschedule: (id, revision, schedule, now) => {
        const { nextAt } = schedule
        if (nextAt !== null) setTimer?.(() => void verificationStore.postpone(id, nextAt), nextAt % 1000)
        return verificationStore.reschedule(id, revision, AT_REST, now)
      },
    },
  })),

  broken('a link stays in its message when it is over', ({ render }) => {
    const live = new Map<string, Content>()
    return {
      render: (message, verification) => {
        const content = render(message, verification)
        if (message.kind !== 'invitation' || content === null) return content
        if (buttonsIn(content).length > 0) live.set(verification.id, content)
        return live.get(verification.id) ?? content
      },
    }
  }),

  broken('the link stands on the card', ({ render, links }) => ({
    render: (message, verification) => {
      const content = render(message, verification)
      const link = verification.status === 'waiting' ? links.open(verification.session.link, verification.id) : null
      if (message.kind !== 'card' || content === null || link === null) return content
      return { ...content, text: `${content.text} ${link}` }
    },
  })),

  broken('the budget is ignored', ({ budget }) => ({
    budget: { ...budget, available: () => 16, take: () => {}, nextAt: () => 0 },
  })),

  broken('a second look gets a second link', ({ verificationStore }) => ({
    verificationStore: {
      ...verificationStore,
      note: (next, fromRevision, schedule, now, by) =>
        verificationStore.note(startedOver(next, by), fromRevision, schedule, now, by),
    },
  })),

  broken('whoever saves last is right', ({ verificationStore }) => ({
    verificationStore: {
      ...verificationStore,
      save: async (next, _fromRevision, schedule, now) => {
        const current = await verificationStore.get(next.id)
        return current !== null && verificationStore.save(next, current.revision, schedule, now)
      },
    },
  })),

  broken('stray copies are not looked for', ({ messageStore }) => ({
    messageStore: {
      ...messageStore,
      save: (next, ...rest) => messageStore.save(next.state === 'sent' ? { ...next, resentAt: null } : next, ...rest),
    },
  })),

  broken('what can not be sent again is not looked for', ({ messageStore }) => ({
    messageStore: {
      ...messageStore,
      save: (next, fromVersion, seenRevision, schedule, now) =>
        next.state === 'unknown' && (schedule.nextAt ?? now) - now > LONGEST_WAIT_MS
          ? messageStore.save({ ...next, state: 'none' }, fromVersion, seenRevision, AT_REST, now)
          : messageStore.save(next, fromVersion, seenRevision, schedule, now),
    },
  })),

  broken('a request is accepted, then stored', ({ verificationStore, setTimer }) => ({
    verificationStore: {
      ...verificationStore,
      insert: async (verification, now) => {
        setTimer?.(() => void verificationStore.insert(verification, now).catch(() => {}), 20_000)
        return { is: 'inserted', verification }
      },
    },
  })),

  broken('a submission that comes again is a new request', ({ verificationStore, newId }) => ({
    verificationStore: {
      ...verificationStore,
      insert: async (verification, now) => {
        const inserted = await verificationStore.insert(verification, now)
        return inserted.is === 'repeated'
          ? verificationStore.insert({ ...verification, viewId: newId() }, now)
          : inserted
      },
    },
  })),

  broken('an invitation that can not be delivered is nobody’s business', ({ verificationStore }) => ({
    verificationStore: {
      ...verificationStore,
      note: async (next, ...rest) =>
        next.status === 'parked' && next.reason === 'undeliverable' ? true : verificationStore.note(next, ...rest),
    },
  })),

  broken('who comes back is approved', ({ verificationStore, easyfreelance }) => ({
    easyfreelance: {
      ...easyfreelance,
      poll: async (sessionId, signal) => {
        const found = await verificationStore.withSession(sessionId)
        return found?.status === 'waiting' && found.session.returnedAt !== null
          ? { is: 'done', report: { status: 'approved', missingSteps: [] } }
          : easyfreelance.poll(sessionId, signal)
      },
    },
  })),
]

const FOR_EVER_MS = 365 * 24 * 60 * 60_000
/** Between two readings while a message may be sent again, and a little. */
const LONGEST_WAIT_MS = 20_000

/** A parked verification that has a session is started again all the same. */
function startedOver(next: Verification, by: string | null | undefined): Verification {
  if (next.status !== 'waiting' || by == null) return next
  const { session: _dropped, ...base } = next
  return { ...base, status: 'requested', unclearStarts: 0, hold: null }
}
