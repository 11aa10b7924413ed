import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { setImmediate as turn } from 'node:timers/promises'
import { promisify } from 'node:util'
import type { StartOptions } from '../../../src/bot.ts'
import { restoreDatabase } from '../../../src/services/store/restore-database.ts'
import type { Stage } from './stage.ts'

const run = promisify(execFile)

const PATIENCE_MS = 30_000

export type Ran = { readonly code: number; readonly said: string }

/** An operator's command on the stage's database, as `npm run` starts it. */
export async function operate(
  { settings }: Stage,
  command: 'backup' | 'restore' | 'audit',
  ...args: string[]
): Promise<Ran> {
  const { DATABASE_PATH } = settings
  try {
    const { stdout, stderr } = await run(process.execPath, [`dist/${command}.js`, ...args], { env: { DATABASE_PATH } })
    return { code: 0, said: stdout + stderr }
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string }
    return { code, said: stdout + stderr }
  }
}

export function backupFile({ settings }: Stage, name: string): string {
  return join(String(settings.DATABASE_PATH), '..', name)
}

/** While the bot runs. */
export async function backUp(stage: Stage, name: string): Promise<void> {
  const ran = await operate(stage, 'backup', backupFile(stage, name))
  if (ran.code !== 0) throw new Error(ran.said)
}

/** What `npm run restore` does, by the stage's clock. */
export async function restore(stage: Stage, name: string) {
  return restoreDatabase(backupFile(stage, name), {
    databasePath: String(stage.settings.DATABASE_PATH),
    encryptionKeys: [],
    checksum: true,
    now: stage.now(),
  })
}

/** Starts the bot and lets the time pass that it waits for before it sends anything. */
export async function startRestored(stage: Stage, how?: StartOptions): Promise<void> {
  let isUp = false
  const starting = stage.startBot(how).finally(() => {
    isUp = true
  })
  starting.catch(() => {})
  const began = performance.now()
  while (!isUp && performance.now() - began < PATIENCE_MS) {
    stage.advance(1000)
    await turn()
  }
  await starting
}
