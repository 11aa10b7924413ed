import { type Line, makeSlackPace } from './slack-pace.ts'

/** The turns of messages within Slack's limits, by their ids. */
export function makeMessageTurns({ now }: { now: () => number }) {
  const pace = makeSlackPace({ now })
  // A look at the history before a send must not cost the message its place among those who send.
  const historyOf = (id: string) => `history of ${id}`
  const placeIn = (line: string | undefined, id: string) => (line === 'conversations.history' ? historyOf(id) : id)

  return {
    /** In how many ms it may make these calls; 0: now, and the turn is used up. */
    turn: (id: string, lines: readonly Line[]): number => pace.turn(placeIn(lines[0], id), lines),
    /** It waits for nothing any more. */
    leave: (id: string): void => {
      pace.leave(id)
      pace.leave(historyOf(id))
    },
    /** Its call was in vain; it makes it again in so many ms, as the first in the line. */
    comeBack: (id: string, method: string, inMs: number): void => pace.comeBack(placeIn(method, id), method, inMs),
    silence: pace.silence,
  }
}
