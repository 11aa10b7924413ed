import { createCipheriv, createDecipheriv, createHash, type KeyObject, randomBytes } from 'node:crypto'

/**
 * Keeps a secret unreadable at rest: AES-256-GCM with a random nonce and a full tag, bound to the place it is stored in, so
 * that a sealed value copied to another row, column or table does not open. NIST SP 800-38D: 96-bit nonces (5.2.1.1),
 * 128-bit tags (5.2.1.2); random nonces are good for 2^32 values per key (8.3), far more than one workspace ever makes.
 *
 * What it makes: `v1.<key id>.<base64url of nonce, ciphertext and tag>`.
 */
export type Seal = {
  seal(plain: string, place: Place): string
  /** @throws SealBrokenError when it was changed, moved, or sealed with a key that is not given. */
  open(sealed: string, place: Place): string
  /** How everything begins that the key has sealed which seals now; another may only open. */
  readonly current: string
  /** Whether one of the keys has sealed it, by what it says itself. */
  isKnown(sealed: string): boolean
}

/** Table, column and row. */
export type Place = { readonly table: string; readonly column: string; readonly row: string }

/** Says nothing about the value. */
export class SealBrokenError extends Error {
  override readonly name = 'SealBrokenError' as const
}

const VERSION = 'v1'
const ALGORITHM = 'aes-256-gcm'
export const KEY_BYTES = 32
const NONCE_BYTES = 12
const TAG_BYTES = 16

/** The first key seals; all of them open. So a new key goes in front, and the old one leaves when nothing needs it. */
export function makeSeal(keys: readonly KeyObject[]): Seal {
  const [first] = keys
  if (first === undefined || keys.some((key) => key.symmetricKeySize !== KEY_BYTES)) {
    throw new Error('a key of 32 bytes is needed')
  }
  const byId = new Map(keys.map((key) => [keyId(key), key]))
  const current = `${VERSION}.${keyId(first)}.`

  return {
    seal: (plain, place) => {
      const nonce = randomBytes(NONCE_BYTES)
      const cipher = createCipheriv(ALGORITHM, first, nonce, { authTagLength: TAG_BYTES })
      cipher.setAAD(nameOf(place))
      const sealed = Buffer.concat([nonce, cipher.update(plain, 'utf8'), cipher.final(), cipher.getAuthTag()])
      return `${current}${sealed.toString('base64url')}`
    },
    open: (sealed, place) => {
      const { id, bytes } = partsOf(sealed)
      const key = byId.get(id)
      if (key === undefined || bytes === null) throw broken()
      // Without an explicit length Node takes tags as short as four bytes (nodejs.org, crypto: DEP0182).
      const decipher = createDecipheriv(ALGORITHM, key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES })
      decipher.setAAD(nameOf(place))
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES))
      try {
        const plain = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES))
        return Buffer.concat([plain, decipher.final()]).toString('utf8')
      } catch {
        throw broken()
      }
    },
    current,
    isKnown: (sealed) => byId.has(partsOf(sealed).id),
  }
}

/** Node reads base64 loosely, so only the one way we write it is taken; bytes are null for anything else. */
function partsOf(sealed: string): { id: string; bytes: Buffer | null } {
  const [version, id = '', body = ''] = sealed.split('.')
  const bytes = Buffer.from(body, 'base64url')
  const isOurs = version === VERSION && sealed === `${VERSION}.${id}.${bytes.toString('base64url')}`
  return { id, bytes: isOurs && bytes.length >= NONCE_BYTES + TAG_BYTES ? bytes : null }
}

/** Tells keys apart without saying anything about them. */
function keyId(key: KeyObject): string {
  return createHash('sha256').update('verify-for-slack key id').update(key.export()).digest('hex').slice(0, 8)
}

function nameOf({ table, column, row }: Place): Buffer {
  return Buffer.from(`${table}.${column}:${row}`)
}

function broken(): SealBrokenError {
  return new SealBrokenError('A sealed value does not open: it was changed or moved, or its key is not given.')
}
