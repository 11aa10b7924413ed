import { WebAPIHTTPError, WebAPIPlatformError, WebAPIRateLimitedError, WebAPIRequestError } from '@slack/web-api'
import type { Outage } from './outages.ts'

/** What can go wrong with one call to Slack. `after`: it was carried out all the same; `late`: after the caller gave up. */
export type CallFault =
  | 'unreachable'
  | 'lost'
  | 'lost_after'
  | 'silent'
  | 'silent_after'
  | 'late'
  | 'broken'
  | 'broken_after'
  | 'internal_error'
  | 'internal_error_after'
  | 'no_id'
  | 'rate_limited'
  | 'shut_out'
  | 'edit_window_closed'

export const READ_FAULTS: Readonly<Partial<Record<CallFault, number>>> = {
  unreachable: 3,
  lost: 2,
  silent: 2,
  broken: 2,
  internal_error: 1,
  rate_limited: 3,
}

export const WRITE_FAULTS: Readonly<Partial<Record<CallFault, number>>> = {
  ...READ_FAULTS,
  lost_after: 4,
  silent_after: 2,
  late: 3,
  broken_after: 2,
  internal_error_after: 1,
  shut_out: 0.2,
}

export const METHOD_FAULTS: Readonly<Record<string, Readonly<Partial<Record<CallFault, number>>>>> = {
  'conversations.open': READ_FAULTS,
  'conversations.history': READ_FAULTS,
  'users.info': READ_FAULTS,
  'chat.postMessage': { ...WRITE_FAULTS, no_id: 1 },
  'chat.update': { ...WRITE_FAULTS, edit_window_closed: 0.5 },
  'chat.delete': WRITE_FAULTS,
}

export const CALL_OUTAGES: Readonly<Record<Outage['mode'], CallFault>> = {
  refuse: 'unreachable',
  hang: 'silent',
  broken: 'broken',
  shut_out: 'shut_out',
}

/** It reaches Slack and is carried out there, whatever becomes of the answer. */
export function isCarriedOut(fault: CallFault | null): boolean {
  return fault === null || fault === 'no_id' || fault === 'late' || fault.endsWith('_after')
}

export function platformError(error: string): WebAPIPlatformError {
  return new WebAPIPlatformError({ ok: false, error })
}

/** What the SDK throws; null: it answers. */
export function errorOf(fault: CallFault | null, retryAfter: number): Error | null {
  switch (fault) {
    case null:
    case 'no_id':
      return null
    case 'unreachable':
      return new WebAPIRequestError(Object.assign(new Error('connect'), { code: 'ECONNREFUSED' }))
    case 'lost':
    case 'lost_after':
      return new WebAPIRequestError(new Error('socket hang up'))
    case 'silent':
    case 'silent_after':
    case 'late':
      return new WebAPIRequestError(new Error('timed out'))
    case 'broken':
    case 'broken_after':
      return new WebAPIHTTPError(503, 'Service Unavailable', {})
    case 'internal_error':
    case 'internal_error_after':
      return platformError('internal_error')
    case 'rate_limited':
      return new WebAPIRateLimitedError(retryAfter)
    case 'shut_out':
      return platformError('token_revoked')
    case 'edit_window_closed':
      return platformError('edit_window_closed')
  }
}
