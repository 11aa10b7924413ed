import { createHmac, hkdfSync, type KeyObject, randomBytes } from 'node:crypto'

/**
 * Names for people and ids that are to be forgotten. A pseudonym is the same for the same id in a team, so that counting
 * still works, and leads back to nobody without the encryption key. A tombstone leads back to nobody at all.
 * No view takes either for a Slack id: they are shown as "somebody".
 */
export type Pseudonyms = {
  of(teamId: string, id: string): string
  /** Also those that were made with older keys. */
  allOf(teamId: string, id: string): readonly string[]
}

/** Stands where an employee's number was: no number EasyFreelance gives, and the column wants one. */
export const NO_NUMBER = Number.MAX_SAFE_INTEGER

/** Beginnings that no Slack id has. */
const PSEUDONYM = 'anon-'
export const TOMBSTONE = 'gone-'

/** HMAC-SHA256 with keys derived from the encryption keys (RFC 5869), cut to 128 bits. */
export function makePseudonyms(keys: readonly KeyObject[]): Pseudonyms {
  const derived = keys.map((key) => Buffer.from(hkdfSync('sha256', key, '', 'verify-for-slack pseudonyms', 32)))
  const allOf = (teamId: string, id: string) =>
    derived.map((key) => {
      const digest = createHmac('sha256', key)
        .update(JSON.stringify([teamId, id]))
        .digest()
      return `${PSEUDONYM}${digest.subarray(0, 16).toString('hex')}`
    })
  return {
    of: (teamId, id) => {
      const [current] = allOf(teamId, id)
      if (current === undefined) throw new Error('a key is needed')
      return current
    },
    allOf,
  }
}

export function makeTombstone(): string {
  return `${TOMBSTONE}${randomBytes(12).toString('hex')}`
}
