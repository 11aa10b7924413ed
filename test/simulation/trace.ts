/** What happened, line by line, and one number that two equal runs have in common. */
export type Trace = {
  note(line: string): void
  hash(): string
  /** Empty unless the lines are kept. */
  readonly lines: readonly { readonly at: number; readonly line: string }[]
}

export function makeTrace({ now, keep }: { now: () => number; keep: boolean }): Trace {
  const lines: { at: number; line: string }[] = []
  let low = 0x811c9dc5
  let high = 0x1b873593
  const mix = (text: string) => {
    for (let index = 0; index < text.length; index += 1) {
      low = Math.imul(low ^ text.charCodeAt(index), 0x01000193)
      high = Math.imul(high ^ text.charCodeAt(index) ^ (low >>> 24), 0x5bd1e995)
    }
  }
  return {
    note: (line) => {
      const at = now()
      mix(`${at} ${line}\n`)
      if (keep) lines.push({ at, line })
    },
    hash: () => `${(high >>> 0).toString(16).padStart(8, '0')}${(low >>> 0).toString(16).padStart(8, '0')}`,
    lines,
  }
}
