import type { PageChannel, Snapshot } from '../../contract.ts'

/** Who looks and where: the part of the page that is in its address, so that a reload keeps it. */
export type Place = {
  readonly as: string
  /** A channel's id, or the app's own tabs. */
  readonly at: string | 'app' | 'home'
}

export function readPlace(hash: string): Partial<Place> {
  const params = new URLSearchParams(hash.replace(/^#/, ''))
  const as = params.get('as')
  const at = params.get('in')
  return { ...(as === null ? {} : { as }), ...(at === null ? {} : { at }) }
}

export function writePlace({ as, at }: Place): string {
  return `#${new URLSearchParams({ as, in: at })}`
}

/** The wished place if it exists; otherwise a manager, or whoever can act, in the first channel they see. */
export function settlePlace(wished: Partial<Place>, snapshot: Snapshot): Place {
  const able = snapshot.people.filter(({ canAct }) => canAct)
  const person =
    able.find(({ id }) => id === wished.as) ??
    able.find(({ role }) => role === 'manager') ??
    able.find(({ role }) => role === 'admin') ??
    able[0]
  const as = person?.id ?? ''
  const seen = channelsOf(snapshot, as)
  const isThere =
    wished.at === 'app' || (wished.at === 'home' && snapshot.homeTab) || seen.some(({ id }) => id === wished.at)
  const dm = appDmOf(snapshot, as)
  const at = isThere && wished.at !== undefined ? wished.at : wished.at === dm?.id ? 'app' : (seen[0]?.id ?? 'app')
  return { as, at }
}

/** The channels a person has in the sidebar: theirs, and public ones unless they are a guest. */
export function channelsOf(snapshot: Snapshot, as: string): PageChannel[] {
  const role = snapshot.people.find(({ id }) => id === as)?.role
  const maySeePublic = role !== 'guest' && role !== 'stranger'
  return snapshot.channels.filter(
    ({ kind, members }) => kind !== 'app_dm' && (members.includes(as) || (kind === 'channel' && maySeePublic)),
  )
}

export function appDmOf(snapshot: Snapshot, as: string): PageChannel | undefined {
  return snapshot.channels.find(({ kind, members }) => kind === 'app_dm' && members.includes(as))
}
