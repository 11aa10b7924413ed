import type { Report } from '../measure/report.ts'

export type Options = {
  /** A smoke test: everything runs, little of it, and nobody judges the times. */
  readonly short: boolean
  readonly rounds: number
  readonly peersAt: string | null
}

/** One thing measured beside what it stands on. */
export type Floor = { readonly name: string; run(report: Report, options: Options): Promise<void> }
