import type { PageMessage, Snapshot } from '../../contract.ts'
import { appDmOf } from './place.ts'

export type Arrival = { readonly personId: string; readonly name: string; readonly message: PageMessage }

/** Direct messages that came between two looks, one per person; none when a scene started over. */
export function arrivals(before: Snapshot, after: Snapshot): Arrival[] {
  if (before.control.scene !== after.control.scene || after.version < before.version) return []
  const known = new Set(before.messages.map(({ channelId, ts }) => `${channelId} ${ts}`))
  const fresh = after.messages.filter(({ channelId, ts }) => !known.has(`${channelId} ${ts}`))
  if (fresh.length === after.messages.length && before.messages.length > 0) return []
  return after.people.flatMap((person) => {
    const dm = appDmOf(after, person.id)
    const message = fresh.findLast(({ channelId, userId }) => channelId === dm?.id && userId !== person.id)
    return message === undefined || !person.canAct ? [] : [{ personId: person.id, name: person.realName, message }]
  })
}
