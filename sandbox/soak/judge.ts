/** What one look at the running bot showed. */
export type Sample = {
  /** Seconds since the soak began. */
  readonly second: number
  readonly residentBytes: number
  readonly heapBytes: number
  readonly openFiles: number
  readonly handles: number
  readonly walBytes: number
  readonly lagSeconds: number
}

const MB = 1024 * 1024
/** What memory and handles may differ by without having grown: garbage that is not collected yet, a connection more or less. */
const ROOM = {
  residentBytes: { share: 0.15, plus: 32 * MB },
  heapBytes: { share: 0.15, plus: 10 * MB },
  openFiles: { share: 0, plus: 6 },
  handles: { share: 0, plus: 10 },
} as const
const MOST_WAL_BYTES = 16 * MB
const MOST_LAG_SECONDS = 60

/**
 * What is not flat, in words. The first quarter, while the process is still loading and filling its caches, doesn't count. Of the
 * rest, the lowest values of the first and of the last third are compared: garbage comes and goes, but a leak stays.
 */
export function judge(samples: readonly Sample[]): string[] {
  const settled = samples.slice(Math.floor(samples.length / 4))
  if (settled.length < 4) return ['There are too few samples to judge by: let it run for longer.']
  if (samples.some((sample) => Object.values(sample).some(Number.isNaN)))
    return ['A figure is missing from the metrics.']
  const third = Math.max(2, Math.floor(settled.length / 3))
  const problems: string[] = []
  for (const [name, { share, plus }] of Object.entries(ROOM) as [
    keyof typeof ROOM,
    { share: number; plus: number },
  ][]) {
    const lowest = (some: readonly Sample[]) => Math.min(...some.map((sample) => sample[name]))
    const before = lowest(settled.slice(0, third))
    const after = lowest(settled.slice(-third))
    if (after > before * (1 + share) + plus) problems.push(`${name} grew from ${before} to ${after}.`)
  }
  const wal = Math.max(...samples.map(({ walBytes }) => walBytes))
  if (wal >= MOST_WAL_BYTES) problems.push(`The write-ahead log grew to ${wal} bytes.`)
  const lag = Math.max(...samples.map(({ lagSeconds }) => lagSeconds))
  if (lag > MOST_LAG_SECONDS) problems.push(`Something that was due waited for ${lag} s.`)
  return problems
}
