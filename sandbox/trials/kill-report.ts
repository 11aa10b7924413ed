import { counted } from '../counted.ts'
import { ANY_TIME, KILL_POINTS, KILLS_FOR_ALL } from './kill-points.ts'
import type { KillRound } from './kill-round.ts'

const TOO_FEW = `At these points the bot was not killed in this run, so it says nothing about them; ${KILLS_FOR_ALL} kills come to all:`
const NOT_TRIED = 'At these points the bot was never killed, so nothing is proved about them:'

/** What a run of kills came to, and everything that is wrong with it. A point that so many kills never came to is, too. */
export function reportKills(
  results: readonly KillRound[],
  asked: number,
): { readonly lines: readonly string[]; readonly problems: readonly string[] } {
  const missed = missedBy(results).map((point) => `never reached: ${point}`)
  const isEnough = asked >= KILLS_FOR_ALL
  const problems = [...results.flatMap((result) => result.problems), ...(isEnough ? missed : [])]
  const sum = (of: (result: KillRound) => number) => results.reduce((total, result) => total + of(result), 0)
  const count = (kind: string) => problems.filter((problem) => problem.startsWith(kind)).length
  const times = KILL_POINTS.map((point) => timesAt(results, point))
  const checks = sum(({ integrityChecks }) => integrityChecks)
  const verifications = sum((result) => result.verifications)
  const kills = sum(({ kills: done }) => Object.values(done).reduce((total, each) => total + each, 0))
  return {
    problems,
    lines: [
      '',
      'killed',
      ...[...KILL_POINTS, ANY_TIME].map((point) => `${String(timesAt(results, point)).padStart(6)}  ${point}`),
      '',
      ...(missed.length === 0 ? [] : [isEnough ? NOT_TRIED : TOO_FEW, ...missed]),
      `${KILL_POINTS.length - missed.length} of ${KILL_POINTS.length} points reached, each ${Math.min(...times)} to ` +
        `${Math.max(...times)} times; ${counted(timesAt(results, ANY_TIME), 'kill')} at any time.`,
      `${counted(kills, 'kill')}, ${counted(verifications, 'verification')}: ${count('lost')} lost, ` +
        `${count('stuck')} stuck, ${count('wrong')} wrong, ${counted(count('duplicate'), 'duplicate')} left, ` +
        `${count('untold')} untold, ${counted(count('budget'), 'time')} over budget; ` +
        `integrity_check ok ${checks - count('integrity')} of ${checks} times. ` +
        `Copies of cards left in channels: ${sum(({ copiesInChannels }) => copiesInChannels)}.`,
    ],
  }
}

/** The points that no life has come to. */
export function missedBy(results: readonly KillRound[]): string[] {
  return KILL_POINTS.filter((point) => timesAt(results, point) === 0)
}

function timesAt(results: readonly KillRound[], point: string): number {
  return results.reduce((total, { kills }) => total + (kills[point] ?? 0), 0)
}
