import type { Database } from 'better-sqlite3'
import type { EasyFreelanceSide } from './easyfreelance-side.ts'
import type { People } from './people.ts'
import { endingIn } from './reading.ts'
import { buttonsIn, shownBy } from './slack-messages.ts'
import type { SlackSide } from './slack-side.ts'

/** Over for an hour, and with no message that is still at work. */
const OVER = `select id, status, session_id as sessionId, outcome, reason from verifications
  where status in ('settled', 'failed') and ended_at <= :before and not exists (
    select 1 from messages where verification_id = verifications.id and next_at is not null
  )`
const MESSAGES = 'select id, kind, state from messages where verification_id = ?'
const LEFT_OVER = `select
  (select count(*) from verifications where status not in ('settled', 'failed') or next_at is not null)
  + (select count(*) from messages where next_at is not null)`

type Over = { id: string; status: string; sessionId: string | null; outcome: string | null; reason: string | null }
type Told = { id: string; kind: string; state: string }

/** Checks each verification once, when it is long over, and then forgets what the stand-ins know about it. */
export function checkWhatIsOver(deps: {
  db: Database
  slack: SlackSide
  easyfreelance: EasyFreelanceSide
  people: People
  now: () => number
}) {
  const { db, slack, easyfreelance, people, now } = deps
  const over = db.prepare(OVER)
  const messages = db.prepare(MESSAGES)
  const leftOver = db.prepare(LEFT_OVER).pluck()
  const seen = new Set<string>()
  const problems: string[] = []

  function wrongIn(row: Over, told: readonly Told[]): string[] {
    const session = easyfreelance.sessions.all.get(row.sessionId ?? '')
    const standing = slack.conversations.all.filter(
      ({ id, gone }) => gone === null && told.some((each) => each.id === id),
    )
    const wrong: string[] = []
    if (row.status === 'settled' && row.outcome !== session?.outcome) {
      wrong.push(`${row.id} says ${row.outcome}, EasyFreelance says ${session?.outcome}`)
    }
    if (row.status === 'failed' && row.reason === 'given_up' && !people.closings.has(row.id)) {
      wrong.push(`${row.id} was closed by nobody`)
    }
    if (standing.some((message) => buttonsIn(shownBy(message)).some(({ url }) => url !== null))) {
      wrong.push(`${row.id} is over, and a link of it is left`)
    }
    const card = told.find(({ kind }) => kind === 'card')
    const cards = standing.filter(({ id }) => id === card?.id)
    const [shown] = cards
    if (cards.length !== 1 || shown === undefined) wrong.push(`${row.id} has ${cards.length} cards`)
    else if (row.status === 'settled' && endingIn(shownBy(shown)) !== row.outcome) {
      wrong.push(`the card of ${row.id} reads as ${endingIn(shownBy(shown))}`)
    }
    return wrong
  }

  return {
    takeOff: (): void => {
      for (const row of over.all({ before: now() - HOUR_MS }) as Over[]) {
        if (seen.has(row.id)) continue
        seen.add(row.id)
        const told = messages.all(row.id) as Told[]
        problems.push(...wrongIn(row, told))
        if (row.sessionId !== null) easyfreelance.sessions.forget(row.sessionId)
        slack.conversations.forget(new Set(told.map(({ id }) => id)))
      }
      db.exec('delete from moves')
    },
    problems: (): readonly string[] => problems,
    over: () => seen.size,
    leftOver: (): string[] => {
      const left = Number(leftOver.get())
      return left === 0 ? [] : [`${left} rows are still at work`]
    },
  }
}

const HOUR_MS = 60 * 60_000
