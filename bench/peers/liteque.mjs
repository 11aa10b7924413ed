import { join } from 'node:path'
import { buildDBClient, Runner, SqliteQueue } from 'liteque'
import { all, at, atOnce, check, finished, tell } from './work.mjs'

const db = buildDBClient(join(at, 'liteque.db'), { runMigrations: true, walEnabled: true })
const queue = new SqliteQueue('checks', db, { defaultJobArgs: { numRetries: 2 }, keepFailedJobs: false })
for (const row of all) await queue.enqueue({ row })
const run = async ({ data: { row } }) => {
  if (check(row)) await queue.enqueue({ row })
}
const runner = new Runner(queue, { run }, { concurrency: atOnce, pollIntervalMs: 1, timeoutSecs: 60 })
const startedAt = performance.now()
void runner.run()
await finished
tell(startedAt)
