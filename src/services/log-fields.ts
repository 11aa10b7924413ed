import { harmlessPart, looksSecret } from './harmless-part.ts'
import { describeError } from './log-error.ts'

/** A number that means something to an operator; never an id of a person. */
type Count = number | null | undefined
/** One word of ours, of Slack or of EasyFreelance, such as `waiting`, `chat.postMessage` or `rate_limited`. */
type Word = string | null | undefined
/** An opaque id that we made up. */
type OwnId = string | null | undefined

/** Everything a log line may carry. What is not named here is dropped, whoever passes it. */
export type LogFields = {
  readonly verificationId?: OwnId
  readonly messageId?: OwnId
  /** Tells the person who saw an error which line is theirs. */
  readonly reference?: OwnId
  readonly kind?: Word
  readonly status?: Word
  readonly reason?: Word
  readonly outcome?: Word
  readonly result?: Word
  readonly action?: Word
  readonly method?: Word
  readonly mode?: Word
  readonly signal?: Word
  readonly durationMs?: Count
  readonly attempts?: Count
  readonly count?: Count
  readonly port?: Count
  readonly exitCode?: Count
  /** The operator's own path of the file that holds the encryption key; never what is in it. */
  readonly keyFile?: string | undefined
  /** The operator's own path of a backup that was made before an upgrade. */
  readonly backupFile?: string | undefined
  /** Which library said something. */
  readonly library?: Word
  /** What it said, of which only the harmless part is kept. */
  readonly said?: string | undefined
  /** Only its name, code and stack frames are kept. */
  readonly error?: unknown
}

type Reader = (value: unknown) => unknown

const OWN_ID = /^[A-Za-z0-9_-]{1,64}$/
const WORD = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/

function text(shape: RegExp): Reader {
  return (value) => {
    if (typeof value !== 'string') return undefined
    return shape.test(value) && !looksSecret(value) ? value : '[withheld]'
  }
}

const BACKUP_FILE = /^[^\p{C}]{1,500}\.bak$/u
const KEY_FILE = /^[^\p{C}]{1,500}\.key$/u

const id = text(OWN_ID)
const word = text(WORD)
const count: Reader = (value) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined)

const READERS: Record<keyof LogFields, Reader> = {
  verificationId: id,
  messageId: id,
  reference: id,
  kind: word,
  status: word,
  reason: word,
  outcome: word,
  result: word,
  action: word,
  method: word,
  mode: word,
  signal: word,
  durationMs: count,
  attempts: count,
  count,
  port: count,
  exitCode: count,
  keyFile: text(KEY_FILE),
  backupFile: text(BACKUP_FILE),
  library: word,
  said: (value) => (typeof value === 'string' ? harmlessPart(value) : undefined),
  error: (value) => (value === undefined ? undefined : describeError(value)),
}

/** Keeps the fields that may be logged, in a shape that can't carry anything else. */
export function allowedFields(fields: LogFields): Record<string, unknown> {
  const given: Readonly<Record<string, unknown>> = fields
  const kept: Record<string, unknown> = {}
  for (const [name, read] of Object.entries(READERS)) {
    const value = Object.hasOwn(given, name) ? read(given[name]) : undefined
    if (value !== undefined) kept[name] = value
  }
  return kept
}
