import type { KeyObject } from 'node:crypto'
import * as z from 'zod'
import { isLoopback } from './services/link-check.ts'
import { readKeys } from './services/store/encryption-keys.ts'

/** What a bad value is told: what is wrong with it and how to mend it. Never the value itself. */
type Hint = { readonly wrong: string; readonly mend: string }

const VISIBLE_ASCII = /^[\x21-\x7e]+$/

/** `.env.example` holds this word wherever only the operator can know the value. */
const PLACEHOLDER = /replace-me/

function say({ wrong, mend }: Hint): string {
  return `${wrong}. ${mend}`
}

function given(mend: string) {
  return z.string({ error: say({ wrong: 'is missing', mend }) })
}

/** Something that travels in an HTTP header, so that nothing invisible may hide in it. */
export function secret(mend: string, prefix = '') {
  return given(mend)
    .refine((value) => !PLACEHOLDER.test(value), {
      abort: true,
      error: say({ wrong: 'still has its example value', mend }),
    })
    .refine((value) => VISIBLE_ASCII.test(value), {
      abort: true,
      error: say({ wrong: 'has a space, a line break or another character that no such secret has', mend }),
    })
    .refine((value) => value.startsWith(prefix) && value.length > prefix.length, {
      error: say({ wrong: `does not start with ${prefix}`, mend }),
    })
}

function isEncryptedOrLoopback(url: URL): boolean {
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

function parses(value: string): boolean {
  return !/[\s\p{C}]/u.test(value) && URL.canParse(value)
}

function url(mend: string) {
  return given(mend)
    .refine((value) => !PLACEHOLDER.test(value), {
      abort: true,
      error: say({ wrong: 'still has its example value', mend }),
    })
    .refine(parses, { abort: true, error: say({ wrong: 'is not a URL', mend }) })
    .refine((value) => isEncryptedOrLoopback(new URL(value)), {
      abort: true,
      error: say({ wrong: 'is not https (plain http is only for this machine: localhost, 127.0.0.1, [::1])', mend }),
    })
    .refine((value) => new URL(value).username === '' && new URL(value).password === '', {
      error: say({ wrong: 'has a user name or a password in it', mend }),
    })
}

/** The address of an API: no query, no fragment; given back without a slash at its end. */
export function apiUrl(mend: string) {
  return url(mend)
    .refine((value) => !/[?#]/.test(value), { error: say({ wrong: 'has a ? or a # in it', mend }) })
    .transform((value) => new URL(value).href.replace(/\/+$/, ''))
}

/** Kept byte for byte. */
export function exactUrl(mend: string, maxLength: number) {
  return url(mend).refine((value) => value.length <= maxLength, {
    error: say({ wrong: `is longer than ${maxLength} characters`, mend }),
  })
}

/** Scheme, host and port as a browser writes them, and nothing else. */
export function origin(mend: string) {
  return url(mend).refine((value) => new URL(value).origin === value, {
    error: say({ wrong: 'is more than an origin, or not written as browsers write it', mend }),
  })
}

export function wholeNumber(from: number, to: number) {
  const error = say({ wrong: `is not a whole number from ${from} to ${to}`, mend: 'Write it in digits only' })
  return z
    .string()
    .refine((value) => /^\d{1,9}$/.test(value) && Number(value) >= from && Number(value) <= to, { error: `${error}.` })
    .transform(Number)
}

export function oneOf<const T extends readonly string[]>(words: T) {
  return z.enum(words, { error: `is none of the known words. Write one of: ${words.join(', ')}.` })
}

export function host() {
  return z.string().regex(/^[A-Za-z0-9.:_-]+$/, {
    error: 'is not a host name or an address. Write 127.0.0.1 for this machine only, or 0.0.0.0 for all.',
  })
}

/** Keys in base64, with commas between; held so that printing the settings can't print them. */
export function encryptionKeys() {
  return z.string().transform((value, context): readonly KeyObject[] => {
    const keys = readKeys(value)
    if (keys === null) {
      context.addIssue({
        code: 'custom',
        message:
          'is not 32 random bytes in base64, or several such keys with commas between. ' +
          'Leave it out to have one made in a file, or make one: openssl rand -base64 32',
      })
    }
    return Object.freeze(keys ?? [])
  })
}

/** A file's path. `:memory:` would lose every verification at the next stop. */
export function filePath() {
  return z.string().refine((value) => !value.includes('\0') && !value.startsWith(':memory:'), {
    error: 'is not the path of a file. Write where the database may be kept, such as data/verify.db.',
  })
}

/** Who may verify: Slack user ids, user groups, and the word `admins` for the workspace's owners and admins. */
export type Managers = {
  readonly admins: boolean
  readonly userIds: readonly string[]
  readonly groupIds: readonly string[]
}

const USER_ID = /^[UW][A-Z0-9]+$/
const GROUP_ID = /^S[A-Z0-9]+$/

export function managers(byDefault: string) {
  return z
    .string()
    .default(byDefault)
    .transform((value, context): Managers => {
      const entries = value.split(',').map((entry) => entry.trim())
      const named = [...new Set(entries.filter((entry) => entry !== ''))]
      const isKnown = (entry: string) => entry === 'admins' || USER_ID.test(entry) || GROUP_ID.test(entry)
      const complain = (message: string) => context.addIssue({ code: 'custom', message })
      if (named.length === 0) {
        complain(
          'names nobody. List Slack user ids (U… or W…), user groups (S…) or the word admins, with commas between.',
        )
      } else if (!named.every(isKnown)) {
        const place = entries.findIndex((entry) => entry !== '' && !isKnown(entry))
        complain(
          `has an entry (number ${place + 1}) that is neither a Slack user id (U… or W…), nor a user group (S…), nor the ` +
            'word admins. Copy the id from the person’s profile in Slack: ⋮, Copy member ID.',
        )
      }
      return Object.freeze({
        admins: named.includes('admins'),
        userIds: Object.freeze(named.filter((entry) => USER_ID.test(entry))),
        groupIds: Object.freeze(named.filter((entry) => GROUP_ID.test(entry))),
      })
    })
}
