import { pino } from 'pino'
import { looksSecret } from './harmless-part.ts'
import { allowedFields, type LogFields } from './log-fields.ts'

export type Level = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'fatal'

/**
 * Only a text that is written in the source, for one that is put together while running could carry anything; and in
 * small letters, so that no name passes for a sentence when someone goes around this type.
 */
type Fixed<Sentence extends string> =
  Record<never, never> extends Record<Sentence, unknown>
    ? never
    : Sentence extends Lowercase<Sentence>
      ? Sentence
      : never

type Write = <const Sentence extends string>(sentence: Fixed<Sentence>, fields?: LogFields) => void

/** Says what happened: a fixed sentence, and facts from the list in `log-fields.ts`. */
export type Log = Readonly<Record<Level, Write>> & { readonly level: Level }

export type LogDeps = {
  readonly level: Level
  /** Takes each line, ending in a line break. Standard output when left out. */
  readonly write?: (line: string) => void
}

/** Writes one JSON object a line. No token, key, link, session id, e-mail or name is written at any level. */
export function makeLog({ level, write }: LogDeps): Log {
  const options = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
  }
  // Synchronous, so that the last line before a crash is there.
  const out = pino(options, write === undefined ? pino.destination({ dest: 1, sync: true }) : { write })
  const at =
    (name: Level): Write =>
    (sentence, fields = {}) => {
      // Slack's libraries say a dozen things about each delivery that are left out at most levels.
      if (out.isLevelEnabled(name)) out[name](allowedFields(fields), safeSentence(sentence))
    }

  return Object.freeze({
    level,
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
  })
}

/** Holds when someone goes around the type. */
function safeSentence(sentence: string): string {
  return /^[a-z0-9 ,.'’;:()/-]{1,120}$/.test(sentence) && !looksSecret(sentence) ? sentence : '[withheld]'
}
