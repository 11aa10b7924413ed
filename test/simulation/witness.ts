import type { Content } from '../../src/services/slack-conversations.ts'
import { type EasyFreelanceSide, LINK_ORIGIN } from './easyfreelance-side.ts'
import { saysApproved } from './reading.ts'
import { buttonsIn } from './slack-messages.ts'

export type WhoseMessage = (id: string) => {
  readonly verificationId: string
  readonly kind: string
  readonly employeeId: string
  readonly sessionId: string | null
} | null

/** Sees everything that is shown at the moment it is, also what is corrected a second later. */
export function makeWitness(deps: { easyfreelance: EasyFreelanceSide; whose: WhoseMessage }) {
  const { easyfreelance, whose } = deps
  const links = new Map<string, Set<string>>()
  const problems = new Set<string>()

  return {
    problems: (): string[] => [
      ...problems,
      ...[...links]
        .filter(([, shown]) => shown.size > 1)
        .map(([id, shown]) => `${shown.size} links were shown for ${id}`),
    ],
    saw: (conversationId: string, id: string, content: Content): void => {
      const message = whose(id)
      if (message === null) return void problems.add(`${id} was shown, and nothing is known about it`)
      const { verificationId, kind, employeeId, sessionId } = message
      const urls = buttonsIn(content).flatMap(({ url }) => url ?? [])
      const isPrivate = kind === 'invitation' && conversationId === `D${employeeId}`
      const mentions = JSON.stringify([content.text, content.blocks]).split(LINK_ORIGIN).length - 1
      if (mentions > (isPrivate ? urls.length : 0)) problems.add(`the link of ${verificationId} was shown in ${kind}`)
      for (const url of urls) links.set(verificationId, (links.get(verificationId) ?? new Set()).add(url))
      if (saysApproved(content) && !(sessionId !== null && easyfreelance.hasSaid(sessionId, 'approved'))) {
        problems.add(`${verificationId} was shown as approved before EasyFreelance said so`)
      }
    },
  }
}
