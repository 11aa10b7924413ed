/** Loaded into every measured process: answers how late its event loop was, what CPU it took, and what memory it has. */
import { monitorEventLoopDelay } from 'node:perf_hooks'

const RESOLUTION_MS = 5
const delays = monitorEventLoopDelay({ resolution: RESOLUTION_MS })
delays.enable()
let cpu = process.cpuUsage()

// The histogram holds the time between two looks; what goes beyond the time asked for is the delay.
const late = (nanoseconds: number) => Math.max(0, nanoseconds / 1e6 - RESOLUTION_MS)

process.on('message', (message: unknown) => {
  if (typeof message !== 'object' || message === null || !('watch' in message)) return
  const used = process.cpuUsage(cpu)
  cpu = process.cpuUsage()
  process.send?.({
    loopP50Ms: late(delays.percentile(50)),
    loopP99Ms: late(delays.percentile(99)),
    loopMaxMs: late(delays.max),
    cpuMs: (used.user + used.system) / 1000,
    rssMb: process.memoryUsage.rss() / 1024 / 1024,
  })
  delays.reset()
})
process.channel?.unref()
