import { ConfigError } from './read-settings.ts'
import { DatabaseInUseError } from './services/store/database-lock.ts'
import { KeyRefusedError } from './services/store/encryption-keys.ts'
import { DatabaseRefusedError } from './services/store/migrate.ts'

/** As in sysexits.h, for the bot and every command, so that a supervisor or a script knows what to do next. */
export const EXIT = {
  usage: 64,
  badData: 65,
  noInput: 66,
  unavailable: 69,
  software: 70,
  cannotCreate: 73,
  tryLater: 75,
  config: 78,
} as const

/** The code for what the operator can mend in settings, key or database, as the error's message says; null for anything else. */
export function exitCodeOf(error: unknown): number | null {
  if (error instanceof ConfigError || error instanceof KeyRefusedError) return EXIT.config
  if (error instanceof DatabaseInUseError) return EXIT.tryLater
  return error instanceof DatabaseRefusedError ? EXIT.badData : null
}

/**
 * Says what the operator can mend, as the error does, and gives the code to end with.
 * @throws the error itself when it has no code: then it is ours to mend, and shows where it broke.
 */
export function endedBy(error: unknown, say: (message: string) => void, exitCode = exitCodeOf(error)): number {
  if (exitCode === null || !(error instanceof Error)) throw error
  say(error.message)
  return exitCode
}
