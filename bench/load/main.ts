/** `npm run bench -- load [at-once|settle] [--short] [--json FILE] [--picture FILE]`: many at once, and what it does to acks, to the event loop and to Slack's limits. */
import { makeReport, takeFile } from '../measure/report.ts'
import { atOnceLoad } from './at-once.ts'
import { settleLoad } from './settle.ts'

const LOADS = ['at-once', 'settle']

export async function run(given: readonly string[]): Promise<void> {
  const { file: json, rest } = takeFile('--json', given)
  const { file: picture, rest: args } = takeFile('--picture', rest)
  const short = args.includes('--short')
  const names = args.filter((arg) => !arg.startsWith('--'))
  const wants = (name: string) => names.length === 0 || names.includes(name)
  const unknown = names.filter((name) => !LOADS.includes(name))
  if (unknown.length > 0) {
    console.error(`Unknown: ${unknown.join(', ')}. There are: ${LOADS.join(', ')}`)
    process.exitCode = 64
    return
  }
  const report = makeReport({ json, picture })
  if (wants('at-once')) {
    for (const each of short ? [5] : [25, 100]) await atOnceLoad(report, { each, rounds: short ? 1 : 7 })
  }
  if (wants('settle')) await settleLoad(report, { sessions: short ? 300 : 10_000 })
  report.end()
}
