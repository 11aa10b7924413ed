import { Queue, Worker } from 'bullmq'
import { all, atOnce, check, finished, port, tell } from './work.mjs'

const connection = { host: '127.0.0.1', port }
const name = `checks-${process.pid}`
const options = { removeOnComplete: true, removeOnFail: true }
const queue = new Queue(name, { connection })
await queue.addBulk(all.map((row) => ({ name: 'check', data: { row }, opts: options })))
const startedAt = performance.now()
new Worker(
  name,
  async ({ data: { row } }) => {
    if (check(row)) await queue.add('check', { row }, options)
  },
  { connection, concurrency: atOnce },
)
await finished
tell(startedAt)
