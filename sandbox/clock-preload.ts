/**
 * Preloaded into the bot (`node --import …`), which knows nothing of it: its calendar is the real one plus an offset that
 * the sandbox sends over the IPC channel. Timers stay real.
 */
const RealDate = Date
let aheadMs = Number(process.env.SANDBOX_CLOCK_AHEAD_MS ?? '0')
const now = (): number => RealDate.now() + (aheadMs === 0 || isPulse() ? 0 : aheadMs)

/**
 * Slack's library feels the pulse of its connection with the calendar, takes a moved one for a silence, and hangs up for
 * five seconds. So it alone is told the real time.
 */
function isPulse(): boolean {
  const { stackTraceLimit } = Error
  Error.stackTraceLimit = 3
  const { stack = '' } = new Error()
  Error.stackTraceLimit = stackTraceLimit
  return /[\\/]@slack[\\/]socket-mode[\\/]/.test(stack)
}

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, key, receiver) => (key === 'now' ? now : Reflect.get(target, key, receiver)),
})

// Time that the sandbox makes pass has passed for everybody.
const realElapsed = performance.now.bind(performance)
performance.now = () => realElapsed() + aheadMs

process.on('message', (message: unknown) => {
  if (typeof message !== 'object' || message === null || !('aheadMs' in message)) return
  aheadMs = Number(message.aheadMs)
  process.send?.({ aheadMs })
})
// Whoever started us is gone, perhaps killed: nobody else would ever stop us.
process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
process.channel?.unref()
