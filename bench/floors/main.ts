/** `npm run bench -- floors [NAME…] [--short] [--with-peers] [--json FILE] [--picture FILE]`: what this program does, beside what it stands on. */
import { execFileSync } from 'node:child_process'
import { makeReport, takeFile } from '../measure/report.ts'
import { slashAck, submitAck } from './acks.ts'
import { claiming } from './claiming.ts'
import type { Floor } from './floor.ts'
import { scheduling } from './scheduling.ts'
import { start } from './start.ts'
import { updates } from './updates.ts'
import { workerPass } from './worker-pass.ts'

const FLOORS: readonly Floor[] = [slashAck, submitAck, workerPass, claiming, start, updates, scheduling]

/** Their own package, so that nobody who only wants the bot installs them. */
const PEERS = new URL('../../../bench/peers/', import.meta.url).pathname

export async function run(given: readonly string[]): Promise<void> {
  const { file: json, rest } = takeFile('--json', given)
  const { file: picture, rest: args } = takeFile('--picture', rest)
  const short = args.includes('--short')
  const names = args.filter((arg) => !arg.startsWith('--'))
  const unknown = names.filter((name) => !FLOORS.some((floor) => floor.name === name))
  if (unknown.length > 0) {
    console.error(`Unknown: ${unknown.join(', ')}. There are: ${FLOORS.map(({ name }) => name).join(', ')}`)
    process.exitCode = 64
    return
  }
  const report = makeReport({ json, picture })
  if (args.includes('--with-peers'))
    execFileSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: PEERS, stdio: 'ignore' })
  for (const floor of FLOORS.filter(({ name }) => names.length === 0 || names.includes(name))) {
    await floor.run(report, { short, rounds: short ? 1 : 5, peersAt: short ? null : PEERS })
  }
  report.end()
}
