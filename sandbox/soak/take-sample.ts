import { statSync } from 'node:fs'
import { request } from 'undici'
import type { Sample } from './judge.ts'

/** Asks the bot for its metrics, and looks at its files. */
export async function takeSample(deps: { botUrl: string; databasePath: string; second: number }): Promise<Sample> {
  const { botUrl, databasePath, second } = deps
  // `reset`: never a kept connection. The bot closes one after five seconds, just when the next sample is taken.
  const text = await (await request(`${botUrl}/metrics`, { reset: true })).body.text()
  const read = (name: string): number => Number(new RegExp(`^${name} (\\S+)$`, 'm').exec(text)?.[1] ?? Number.NaN)
  return {
    second,
    residentBytes: read('process_resident_memory_bytes'),
    heapBytes: read('nodejs_heap_size_used_bytes'),
    // Only Linux tells.
    openFiles: read('process_open_fds') || 0,
    handles: read('nodejs_active_resources_total'),
    walBytes: statSync(`${databasePath}-wal`, { throwIfNoEntry: false })?.size ?? 0,
    lagSeconds: read('verify_worker_lag_seconds'),
  }
}
