/** `npm run bench -- load [--short]`: many at once, and what it does to acks, to the event loop and to Slack's limits. */
import { makeReport } from '../measure/report.ts'
import { atOnceLoad } from './at-once.ts'

export async function run(args: readonly string[]): Promise<void> {
  const short = args.includes('--short')
  const report = makeReport()
  for (const each of short ? [5] : [25, 100]) await atOnceLoad(report, { each, rounds: short ? 1 : 7 })
}
