import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import * as z from 'zod'
import { programAt, startChild } from '../measure/child.ts'
import { besideFloor, ratioOf } from '../measure/columns.ts'
import { interleave } from '../measure/rounds.ts'
import type { Floor } from './floor.ts'

const run = promisify(execFile)
const FLOOR = 'bare undici'
const WAYS = [FLOOR, 'this bot', "Slack's client as it comes"]
const Said = z.object({ microseconds: z.number() })

/** What one edit of a card costs the processor. */
export const updates: Floor = {
  name: 'updates',
  run: async (report, { short, rounds }) => {
    const times = short ? 20 : 2000
    const slack = await startChild(programAt('quick-slack'))
    const url = `http://127.0.0.1:${slack.port}/api/`
    try {
      const edit = (way: string) => async () => {
        const { stdout } = await run(process.execPath, [programAt('updates'), way, url, String(times)])
        return Said.parse(JSON.parse(stdout))
      }
      const results = await interleave(
        WAYS.map((name) => ({ name, run: edit(name) })),
        { rounds, report },
      )
      report.table({
        title: 'Processor time for one chat.update',
        about: `User and system time, the mean of ${times} edits one after the other, in a process for each way.`,
        columns: ['', 'µs', '/ bare undici'],
        rows: WAYS.map((name) => [name, ...besideFloor(results, name, FLOOR, 'microseconds')]),
      })
      const found = ratioOf(results, 'this bot', FLOOR, 'microseconds')
      report.goal({ what: 'processor time of an edit, beside bare undici', found, unit: '×', atMost: 3 })
    } finally {
      await slack.kill()
    }
  },
}
