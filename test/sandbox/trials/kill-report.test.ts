import { expect, test } from 'vitest'
import { ANY_TIME, KILL_POINTS, KILLS_FOR_ALL } from '../../../sandbox/trials/kill-points.ts'
import { reportKills } from '../../../sandbox/trials/kill-report.ts'
import type { KillRound } from '../../../sandbox/trials/kill-round.ts'

const ROUND: KillRound = {
  kills: { ...Object.fromEntries(KILL_POINTS.map((point) => [point, 3])), [ANY_TIME]: 20 },
  integrityChecks: 201,
  verifications: 28,
  copiesInChannels: 0,
  problems: [],
}
const [POINT = ''] = KILL_POINTS
const { [POINT]: _, ...missing } = ROUND.kills

test('a run that came to every point says how often, and finds nothing wrong', () => {
  const { lines, problems } = reportKills([ROUND, ROUND], KILLS_FOR_ALL)
  expect(problems).toEqual([])
  expect(lines.join('\n')).not.toContain('At these points')
  expect(lines).toContain(`     6  ${POINT}`)
  expect(lines.join('\n')).toContain(
    `${KILL_POINTS.length} of ${KILL_POINTS.length} points reached, each 6 to 6 times; 40 kills at any time.`,
  )
})

test('a point that so many kills never came to is wrong, and a short run merely says so, and why', () => {
  const rounds = [{ ...ROUND, kills: missing }]
  const whole = reportKills(rounds, KILLS_FOR_ALL)
  expect(whole.problems).toEqual([`never reached: ${POINT}`])
  expect(whole.lines.join('\n')).toContain('so nothing is proved about them:\nnever reached')
  const short = reportKills(rounds, KILLS_FOR_ALL - 1)
  expect(short.problems).toEqual([])
  expect(short.lines).toContain(`never reached: ${POINT}`)
  expect(short.lines.join('\n')).toContain(`${KILLS_FOR_ALL} kills come to all:\nnever reached`)
})

test('what went wrong in a round is counted by its kind', () => {
  const { lines, problems } = reportKills([{ ...ROUND, problems: ['lost: one', 'untold: two'] }], KILLS_FOR_ALL)
  expect(problems).toHaveLength(2)
  expect(lines.at(-1)).toContain('1 lost, 0 stuck, 0 wrong, 0 duplicates left, 1 untold')
})

test('one of anything is counted as one', () => {
  const one: KillRound = {
    ...ROUND,
    kills: { [ANY_TIME]: 1 },
    verifications: 1,
    problems: ['duplicate: one', 'budget: one'],
  }
  const text = reportKills([one], 1).lines.slice(-2).join('\n')
  expect(text).toContain('1 kill at any time.\n1 kill, 1 verification: 0 lost')
  expect(text).toContain('1 duplicate left, 0 untold, 1 time over budget;')
})
