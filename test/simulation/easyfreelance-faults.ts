import type { Outage } from './outages.ts'

/** What can go wrong with one request. `after`: it was carried out all the same; `late`: after the caller gave up. */
export type RequestFault =
  | 'unreachable'
  | 'lost'
  | 'lost_after'
  | 'silent'
  | 'silent_after'
  | 'late'
  | 'broken'
  | 'broken_after'
  | 'garbage'
  | 'rate_limited'
  | 'shut_out'
  | 'bad_link'
  | 'unknown_employee'
  | 'bad_return_url'
  | 'bad_request'
  | 'denied'
  | 'missing'
  | 'other_session'
  | 'dressed_up'

const EITHER = {
  unreachable: 4,
  lost: 2,
  lost_after: 4,
  silent: 2,
  silent_after: 2,
  late: 3,
  broken: 2,
  broken_after: 2,
  garbage: 1,
  rate_limited: 2,
  shut_out: 0.3,
} as const

export const START_FAULTS: Readonly<Partial<Record<RequestFault, number>>> = {
  ...EITHER,
  bad_link: 0.7,
  unknown_employee: 0.3,
  bad_return_url: 0.3,
  bad_request: 0.2,
  denied: 0.3,
}

export const POLL_FAULTS: Readonly<Partial<Record<RequestFault, number>>> = {
  ...EITHER,
  missing: 3,
  denied: 0.3,
  other_session: 3,
  dressed_up: 2,
}

export const OUTAGE_FAULTS: Readonly<Record<Outage['mode'], RequestFault>> = {
  refuse: 'unreachable',
  hang: 'silent',
  broken: 'broken',
  shut_out: 'shut_out',
}

/** Surely without effect, and said so. */
export const REFUSED: ReadonlySet<RequestFault> = new Set<RequestFault>([
  'unreachable',
  'rate_limited',
  'shut_out',
  'unknown_employee',
  'bad_return_url',
  'bad_request',
  'denied',
  'missing',
])
