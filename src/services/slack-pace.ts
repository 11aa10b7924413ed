/**
 * Slack takes only so many calls of a method a minute, and about one message a second in a conversation. What comes too early
 * is refused, and may be dropped. So every message gets a turn before it calls, in the order in which messages ask, and waits
 * for it in the database. Nothing that a person waits for goes through here.
 *
 * Any window of a line's length holds at most its number of calls, whatever comes late. Where there is no room when a turn has
 * come (the process stood still, or Slack asked for silence), the whole line moves back: nobody loses their place in it.
 */
export type SlackPace = {
  /**
   * In how many ms this message may make these calls. 0: now, and its turn is used up. It goes through the lines one after the
   * other, so that who waits long in one of them holds up nobody in the next.
   */
  turn(messageId: string, lines: readonly Line[]): number
  /** It waits for no turn any more. A place that nobody comes for would keep all others back. */
  leave(messageId: string): void
  /** Its call was in vain and is made again in so many ms: then it is the first in the method's line, for it has waited already. */
  comeBack(messageId: string, method: string, inMs: number): void
  /** Slack asked for silence: no turn for the method for so long. */
  silence(method: string, forMs: number): void
}

/** A method's line, that of the notices, or that of the messages to one recipient (`to:` and who or which channel it is). */
export type Line = keyof typeof LIMITS | `to:${string}`

/** Slack counts what arrives: a call that is slow on its way comes in together with those a minute after it. */
const A_MINUTE_THERE_MS = 61_000

/** docs.slack.dev: rate limits. Fifty a minute in tier 3; of new messages "several hundred". */
const LIMITS = {
  'conversations.open': { calls: 50, perMs: A_MINUTE_THERE_MS },
  'conversations.history': { calls: 50, perMs: A_MINUTE_THERE_MS },
  'chat.update': { calls: 50, perMs: A_MINUTE_THERE_MS },
  'chat.postMessage': { calls: 200, perMs: A_MINUTE_THERE_MS },
  /** Ours: notices of an outcome, before they open a conversation. Ten a minute are left for whom an invitation is waiting. */
  notices: { calls: 40, perMs: A_MINUTE_THERE_MS },
}
/** One a second, in short bursts more; sixty a minute there. */
const TO_ONE = { calls: 5, perMs: 5_100 }

/** Who has not come for so long never will: forgotten, like a line in which nobody stands. */
const GONE_AFTER_MS = 60 * 60_000
const FORGET_ABOVE = 1_000

type State = {
  /** Of the latest calls, as many as a window holds. */
  readonly times: number[]
  /** How many stand in the line, when the last of them was to go, and by how much all of them are later than they were told. */
  waiting: number
  last: number
  movedMs: number
  silentUntil: number
}
/** Where a message stands: by how much its line has moved is added; null: who comes back at a time of its own moves with nobody. */
type Place = { readonly line: Line; readonly at: number; readonly movesWith: State | null }

export function makeSlackPace({ now }: { now: () => number }): SlackPace {
  const states = new Map<Line, State>()
  const places = new Map<string, Place>()
  let forgetAbove = FORGET_ABOVE

  function stateOf(line: Line): State {
    const known = states.get(line)
    if (known !== undefined) return known
    const state = {
      times: [],
      waiting: 0,
      last: Number.NEGATIVE_INFINITY,
      movedMs: 0,
      silentUntil: Number.NEGATIVE_INFINITY,
    }
    states.set(line, state)
    return state
  }

  /** When the line has room for one more call. */
  function roomAt(line: Line, { times, silentUntil }: State, moment: number): number {
    const { calls, perMs } = limitOf(line)
    return Math.max(moment, silentUntil, (times.at(-calls) ?? Number.NEGATIVE_INFINITY) + perMs)
  }

  function leave(messageId: string): void {
    const place = places.get(messageId)
    if (place === undefined) return
    places.delete(messageId)
    const state = stateOf(place.line)
    state.waiting -= 1
    if (state.waiting === 0) state.last = Number.NEGATIVE_INFINITY
  }

  /** Before or among the others: who comes after it goes by the last of them. */
  function stand(messageId: string, line: Line, at: number, movesWith: State | null): void {
    leave(messageId)
    places.set(messageId, { line, at: at - (movesWith?.movedMs ?? 0), movesWith })
    stateOf(line).waiting += 1
  }
  const turnOf = ({ at, movesWith }: Place) => at + (movesWith?.movedMs ?? 0)

  function behindTheLast(line: Line, { last, movedMs }: State): number {
    const { calls, perMs } = limitOf(line)
    return last + movedMs + perMs / calls
  }

  /**
   * Where all who stand are late and there is no room, the line moves to where there is some: who comes new would otherwise stand
   * as far behind them as they are late, and be that much later again when they move.
   */
  function catchUp(line: Line, state: State, room: number): void {
    const behind = behindTheLast(line, state)
    if (behind < room && Number.isFinite(behind)) state.movedMs += room - behind
  }

  /** When this message may go past this line; by this moment: it has. */
  function pass(messageId: string, line: Line, moment: number): number {
    const state = stateOf(line)
    const { calls } = limitOf(line)
    const place = places.get(messageId)
    const room = roomAt(line, state, moment)
    const isNew = place?.line !== line
    if (isNew && room > moment) catchUp(line, state, room)
    const at = isNew ? Math.max(room, behindTheLast(line, state)) : turnOf(place)
    const isTooSoon = at <= moment && room > moment
    if (isTooSoon) state.movedMs += room - at
    const turnAt = isTooSoon ? room : Math.max(at, moment)
    if (turnAt > moment) {
      stand(messageId, line, turnAt, state)
      state.last = Math.max(state.last, turnAt - state.movedMs)
    } else {
      leave(messageId)
      state.times.push(moment)
      if (state.times.length > calls) state.times.shift()
    }
    return turnAt
  }

  function forget(moment: number): void {
    if (places.size + states.size < forgetAbove) return
    for (const [id, place] of places) if (turnOf(place) + GONE_AFTER_MS < moment) leave(id)
    for (const [line, { times, waiting, silentUntil }] of states) {
      const isCounted = (times.at(-1) ?? 0) + limitOf(line).perMs > moment
      if (waiting === 0 && !isCounted && silentUntil <= moment) states.delete(line)
    }
    // What is left is still needed; looked through again when it has doubled.
    forgetAbove = FORGET_ABOVE + 2 * (places.size + states.size)
  }

  return {
    turn: (messageId, lines) => {
      // One reading for all of it: a clock that ticks meanwhile must not make a wait of no time.
      const moment = now()
      forget(moment)
      const place = places.get(messageId)
      const standsIn = place === undefined ? -1 : lines.indexOf(place.line)
      for (const line of lines.slice(Math.max(0, standsIn))) {
        const at = pass(messageId, line, moment)
        if (at > moment) return at - moment
      }
      return 0
    },
    leave,
    comeBack: (messageId, method, inMs) => {
      leave(messageId)
      if (isMethod(method)) stand(messageId, method, now() + inMs, null)
    },
    silence: (method, forMs) => {
      if (!isMethod(method)) return
      const state = stateOf(method)
      state.silentUntil = Math.max(state.silentUntil, now() + forMs)
    },
  }
}

const limitOf = (line: Line) => (isMethod(line) ? LIMITS[line] : TO_ONE)

function isMethod(line: string): line is keyof typeof LIMITS {
  return Object.hasOwn(LIMITS, line)
}
