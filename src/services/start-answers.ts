import type { EasyFreelance } from './easyfreelance.ts'
import type { SealedLink, VerificationEvent } from './verification.ts'

type StartAnswer = Awaited<ReturnType<EasyFreelance['start']>>

/**
 * What an answer to a start means for the verification. Refused: no session exists, and some refusals pass by themselves.
 * Unknown: there may be a session whose link nobody got; it is harmless and expires. A link goes no further than here unsealed.
 */
export function eventOfStart(
  answer: StartAnswer,
  { unclearStarts, seal }: { unclearStarts: 0 | 1; seal: (link: string) => SealedLink },
): VerificationEvent {
  if (answer.is === 'done') {
    const { sessionId, link, expiresAt } = answer.session
    return { type: 'started', unclearStarts, sessionId, link: link === null ? null : seal(link), expiresAt }
  }
  if (answer.is === 'unknown') return { type: 'start_unclear', because: answer.because }
  switch (answer.because) {
    case 'unreachable':
    case 'unauthorised':
    case 'rate_limited':
      return { type: 'start_held', hold: answer.because }
    case 'not_found':
      return { type: 'start_refused', reason: 'employee_unknown' }
    case 'not_allowed':
    case 'return_url_not_approved':
    case 'invalid':
    case 'bad_request':
      return { type: 'start_refused', reason: answer.because }
  }
}
