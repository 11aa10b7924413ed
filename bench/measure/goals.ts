import { round } from './digits.ts'
import type { Table } from './report.ts'
import { spreadOf } from './statistics.ts'
import { logShare, sheet, text } from './svg.ts'

export type Goal = {
  /** What was measured, beside what. */
  readonly what: string
  /** Of each round. */
  readonly found: readonly number[]
  readonly unit: '×' | ' ms' | ' MB'
} & ({ readonly atMost: number } | { readonly atLeast: number })

const limitOf = (goal: Goal): number => ('atMost' in goal ? goal.atMost : goal.atLeast)

/** The median decides. */
export function isMet(goal: Goal): boolean {
  const { median } = spreadOf(goal.found)
  return 'atMost' in goal ? median <= goal.atMost : median >= goal.atLeast
}

const goalText = (goal: Goal): string =>
  `${'atMost' in goal ? '≤' : '≥'} ${limitOf(goal).toLocaleString('en-GB')}${goal.unit}`

function foundText({ found, unit }: Goal): string {
  const { median, least, most } = spreadOf(found)
  return `${round(median)}${unit} (${round(least)}–${round(most)})`
}

export function goalsTable(goals: readonly Goal[]): Table {
  return {
    title: 'Goals',
    about: 'The median of the rounds decides; the least and the most of them beside it.',
    columns: ['what, beside what', 'goal', 'found', 'met'],
    rows: goals.map((goal) => [goal.what, goalText(goal), foundText(goal), isMet(goal) ? 'yes' : 'no']),
  }
}

const WIDTH = 900
const LEFT = 440
const RIGHT = 170
const TOP = 72
const ROW = 26
/** How many times better or worse than its goal a figure may be and still stand on the picture. */
const FURTHEST = 8
const TICKS = [1 / 8, 1 / 4, 1 / 2, 1, 2, 4, 8]

/** Every figure beside its own goal, on one axis: left of the line the goal is met. */
export function goalsPicture(goals: readonly Goal[]): string {
  const bottom = TOP + goals.length * ROW + 6
  const grid = TICKS.flatMap((times) => [
    `<line class="${times === 1 ? 'goal' : 'grid'}" x1="${x(times)}" x2="${x(times)}" y1="${TOP}" y2="${bottom}"/>`,
    text(x(times), bottom + 20, nameOf(times), 'faint', 'middle'),
  ])
  const rows = goals.flatMap((goal, nth) => rowOf(goal, TOP + nth * ROW + ROW / 2 + 3))
  const title = 'What was measured, beside its goal'
  const about = 'Dot: median of the rounds; line: all of them. Left of the goal: met.'
  return sheet({ width: WIDTH, height: bottom + 36, title, about }, [...grid, ...rows])
}

function rowOf(goal: Goal, y: number): string[] {
  const beside = (value: number) => ('atMost' in goal ? value / goal.atMost : goal.atLeast / value)
  const { median, least, most } = spreadOf(goal.found)
  const [from, to] = [x(beside(least)), x(beside(most))].toSorted((one, other) => one - other)
  const kind = isMet(goal) ? 'ours' : 'bad'
  return [
    text(LEFT - 14, y + 4, goal.what, '', 'end'),
    `<line class="span ${kind}" x1="${from}" x2="${to}" y1="${y}" y2="${y}"/>`,
    `<circle class="${kind}" cx="${x(beside(median))}" cy="${y}" r="4.5"/>`,
    text(WIDTH - RIGHT + 14, y + 4, `${round(median)}${goal.unit} (goal ${goalText(goal)})`, 'faint'),
  ]
}

function nameOf(times: number): string {
  if (times === 1) return 'goal'
  const name = `${Math.max(times, 1 / times)}×`
  if (times === TICKS[0]) return `${name} better`
  return times === TICKS.at(-1) ? `${name} worse` : name
}

function x(times: number): number {
  return Math.round((LEFT + logShare(times, 1 / FURTHEST, FURTHEST) * (WIDTH - LEFT - RIGHT)) * 10) / 10
}
