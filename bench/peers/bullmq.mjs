import { DelayedError, Queue, Worker } from 'bullmq'
import { all, atOnce, check, finished, port, tell } from './work.mjs'

const connection = { host: '127.0.0.1', port }
const name = `checks-${process.pid}`
const options = { removeOnComplete: true, removeOnFail: true }
const queue = new Queue(name, { connection })
await queue.addBulk(all.map((row) => ({ name: 'check', data: { row }, opts: options })))
const startedAt = performance.now()
const how = process.argv[3]
new Worker(
  name,
  async (job, token) => {
    const { row } = job.data
    if (!check(row)) return
    if (how === 'delayed') {
      await job.moveToDelayed(Date.now(), token)
      throw new DelayedError()
    }
    if (how === 'wait') {
      await job.moveToWait(token)
      const { WaitingError } = await import('bullmq')
      throw new WaitingError()
    }
    await queue.add('check', { row }, options)
  },
  { connection, concurrency: atOnce },
)
await finished
tell(startedAt)
