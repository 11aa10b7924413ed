/**
 * Slack takes only so many calls of a method a minute, and about one message a second in a conversation. What comes too early
 * is refused, and may be dropped. So every message gets a turn before it calls, in the order in which messages ask, and waits
 * for it in the database. Nothing that a person waits for goes through here.
 *
 * Any window of sixty seconds holds at most the documented number of turns. Who comes much too late for a turn, because the
 * process stood still, gets a new one: else all who missed theirs would call at once.
 */
export type SlackPace = {
  /** When this message may make these calls, in ms of `now`. Now or in the past: it may, and its turn is used up. */
  turn(messageId: string, lines: readonly Line[]): number
  /** Slack asked for silence about a method: no turn for it before `until` (ms of `now`). */
  silence(method: string, until: number): void
}

/** A method's line, or that of the messages to one recipient (`to:` and who or which channel it is). */
export type Line = keyof typeof LIMITS | `to:${string}`

/** docs.slack.dev: rate limits. Fifty a minute in tier 3; of new messages "several hundred". */
const LIMITS = {
  'conversations.open': { calls: 50, perMs: 60_000 },
  'conversations.history': { calls: 50, perMs: 60_000 },
  'chat.update': { calls: 50, perMs: 60_000 },
  'chat.postMessage': { calls: 200, perMs: 60_000 },
}
/** One a second, in short bursts more. */
const TO_ONE = { calls: 5, perMs: 5_000 }

/** What is later than this has missed its turn. */
const MISSED_AFTER_MS = 5_000
/** Lines and turns that are over are forgotten from time to time. */
const FORGET_ABOVE = 1_000

type Turn = { readonly at: number; readonly lines: string }

export function makeSlackPace({ now }: { now: () => number }): SlackPace {
  /** The latest turns of a line, as many as a window holds. */
  const given = new Map<Line, number[]>()
  const turns = new Map<string, Turn>()
  const silentUntil = new Map<string, number>()
  let forgetAbove = FORGET_ABOVE

  const limitOf = (line: Line) => (isMethod(line) ? LIMITS[line] : TO_ONE)

  function earliest(line: Line): number {
    const { calls, perMs } = limitOf(line)
    const full = (given.get(line) ?? []).at(-calls)
    return Math.max(silentUntil.get(line) ?? 0, full === undefined ? 0 : full + perMs)
  }

  function give(lines: readonly Line[]): number {
    const at = Math.max(now(), ...lines.map(earliest))
    for (const line of lines) given.set(line, [...(given.get(line) ?? []), at].slice(-limitOf(line).calls))
    return at
  }

  function forget(): void {
    if (turns.size + given.size < forgetAbove) return
    for (const [id, { at }] of turns) if (at + MISSED_AFTER_MS < now()) turns.delete(id)
    for (const [line, times] of given) if ((times.at(-1) ?? 0) + limitOf(line).perMs < now()) given.delete(line)
    // What is left is still needed; looked through again when it has doubled.
    forgetAbove = FORGET_ABOVE + 2 * (turns.size + given.size)
  }

  return {
    turn: (messageId, lines) => {
      forget()
      const key = lines.join(' ')
      const waiting = turns.get(messageId)
      const isMissed = waiting !== undefined && waiting.at + MISSED_AFTER_MS < now()
      const isSilenced = lines.some((line) => now() < (silentUntil.get(line) ?? 0))
      const holds = waiting?.lines === key && !isMissed && !(isSilenced && waiting.at <= now())
      const at = holds ? waiting.at : give(lines)
      if (at <= now()) turns.delete(messageId)
      else turns.set(messageId, { at, lines: key })
      return at
    },
    silence: (method, until) => {
      silentUntil.set(method, Math.max(silentUntil.get(method) ?? 0, until))
    },
  }
}

function isMethod(line: Line): line is keyof typeof LIMITS {
  return Object.hasOwn(LIMITS, line)
}
