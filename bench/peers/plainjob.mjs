import { join } from 'node:path'
import Database from 'better-sqlite3'
import { better, defineQueue, defineWorker } from 'plainjob'
import { all, at, atOnce, check, finished, tell } from './work.mjs'

const quiet = { error: console.error, warn: () => {}, info: () => {}, debug: () => {} }
const queue = defineQueue({ connection: better(new Database(join(at, 'plainjob.db'))), logger: quiet })
queue.addMany(
  'check',
  all.map((row) => ({ row })),
)
const again = ({ data }) => {
  const { row } = JSON.parse(data)
  if (check(row)) queue.add('check', { row })
}
const workers = Array.from({ length: atOnce }, () =>
  defineWorker('check', async (job) => again(job), { queue, logger: quiet }),
)
const startedAt = performance.now()
for (const worker of workers) void worker.start()
await finished
tell(startedAt)
