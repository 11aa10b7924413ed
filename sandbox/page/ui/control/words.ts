import type { Mood, SceneName } from '../../contract.ts'

export const SIDES = { slack: 'Slack', easyfreelance: 'EasyFreelance' } as const

/** Providers and ID types, as EasyFreelance calls them. */
export const CHECKS: Readonly<Record<string, string>> = {
  bankid: 'BankID',
  veriff: 'Veriff',
  local: 'Norwegian documents',
  international: 'foreign documents',
}

export const MOODS: Readonly<Record<Mood, { readonly name: string; readonly means: string }>> = {
  well: { name: 'Well', means: 'Answers at once.' },
  slow: { name: 'Slow', means: 'Every answer takes a while.' },
  rate_limited: { name: 'Rate limited', means: 'Says “too many requests, try later”.' },
  failing: { name: 'Failing', means: 'Answers with an error every time.' },
  hanging: { name: 'Hanging', means: 'Takes requests and never answers.' },
  losing_answers: { name: 'Losing answers', means: 'Does what it is asked, but the answer gets lost.' },
  down: { name: 'Down', means: 'Cannot be reached at all.' },
}

export const SCENES: Readonly<Record<SceneName, { readonly name: string; readonly means: string }>> = {
  empty: { name: 'Empty', means: 'A quiet workspace. Begin here.' },
  busy_monday: { name: 'A busy Monday', means: 'Forty verifications, in every state there is.' },
  on_fire: { name: 'Everything is on fire', means: 'All goes wrong at once. See how it copes.' },
}

export const DECISIONS = [
  ['approved', 'Approve'],
  ['declined', 'Decline'],
  ['cancelled', 'Cancel'],
  ['error', 'Error'],
  ['expired', 'Expire'],
] as const

/** How long, in the two largest units that matter. */
export function duration(ms: number): string {
  const minutes = Math.round(Math.abs(ms) / 60_000)
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  if (hours < 48) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`
  return `${Math.floor(hours / 24)} days`
}
