import { Logger, makeWorkerUtils, run } from 'graphile-worker'
import { all, atOnce, check, finished, port, tell } from './work.mjs'

const connectionString = `postgres://bench@127.0.0.1:${port}/postgres`
const logger = new Logger(() => () => {})
const utils = await makeWorkerUtils({ connectionString, logger })
await utils.migrate()
await utils.addJobs(all.map((row) => ({ identifier: 'check', payload: { row } })))
await utils.release()
const taskList = {
  check: async ({ row }, { addJob }) => {
    if (check(row)) await addJob('check', { row })
  },
}
const preset = { worker: { connectionString, logger, concurrentJobs: atOnce, maxPoolSize: atOnce } }
const startedAt = performance.now()
await run({ preset, taskList, noHandleSignals: true })
await finished
tell(startedAt)
