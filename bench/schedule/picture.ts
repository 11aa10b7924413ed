import { logShare, sheet, text } from '../measure/svg.ts'
import type { Figures } from './compare.ts'

const WIDTH = 760
const LEFT = 170
const RIGHT = 24
const TOP = 64
const ROW = 24
const GROUP_HEAD = 34

/** Seconds; the axis is logarithmic, and what is shorter than its beginning stands there. */
const TICKS = [
  [1, '≤ 1 s'],
  [10, '10 s'],
  [60, '1 min'],
  [600, '10 min'],
  [3600, '1 h'],
  [36_000, '10 h'],
] as const
const [FIRST, LAST] = [1, 36_000]

/** How long results wait, for each run and policy, from its median to its 99th percentile, as an SVG. */
export function pictureOf(runs: readonly (readonly Figures[])[], perMinute: number): string {
  const parts: string[] = []
  let y = TOP
  for (const figures of runs) {
    const [first] = figures
    if (first === undefined) continue
    y += GROUP_HEAD
    parts.push(text(16, y - 8, `${first.waiting.toLocaleString('en-GB')} waiting`, 'group'))
    for (const row of figures) {
      parts.push(...rowOf(row, y + ROW / 2))
      y += ROW
    }
  }
  const bottom = y + 8
  const height = bottom + 34
  const grid = TICKS.flatMap(([seconds, name]) => [
    `<line class="grid" x1="${x(seconds)}" x2="${x(seconds)}" y1="${TOP}" y2="${bottom}"/>`,
    text(x(seconds), bottom + 20, name, 'faint', 'middle'),
  ])
  const title = `From settled to seen, with ${perMinute} calls a minute`
  const about = 'Dot: half of all results are seen by then. Mark: 95 of 100. End of the line: 99 of 100.'
  return sheet({ width: WIDTH, height, title, about }, [...grid, ...parts])
}

function rowOf({ policy, p50, p95, p99 }: Figures, y: number): string[] {
  const kind = policy.startsWith('ours') ? 'ours' : 'other'
  return [
    text(LEFT - 14, y + 4, policy, policy === 'ours' ? 'ours-name' : '', 'end'),
    `<line class="span ${kind}" x1="${x(p50)}" x2="${x(p99)}" y1="${y}" y2="${y}"/>`,
    `<line class="p95 ${kind}" x1="${x(p95)}" x2="${x(p95)}" y1="${y - 6}" y2="${y + 6}"/>`,
    `<circle class="${kind}" cx="${x(p50)}" cy="${y}" r="4.5"/>`,
  ]
}

function x(seconds: number): number {
  return Math.round((LEFT + logShare(seconds, FIRST, LAST) * (WIDTH - LEFT - RIGHT - 16)) * 10) / 10
}
