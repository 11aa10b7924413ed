import type { PageMessage, Snapshot } from '../../contract.ts'
import { appDmOf, channelsOf } from './place.ts'

/** What each person has seen: `person channel` → the newest ts; everything up to `since` counts as seen. */
export type ReadMarks = { readonly since: string; readonly marks: Readonly<Record<string, string>> }

export function newestTs(messages: readonly PageMessage[]): string {
  return messages.reduce((newest, { ts }) => (isAfter(ts, newest) ? ts : newest), '0')
}

export function isAfter(ts: string, other: string): boolean {
  const difference = Number(ts.split('.')[0]) - Number(other.split('.')[0])
  return difference === 0 ? (ts.split('.')[1] ?? '') > (other.split('.')[1] ?? '') : difference > 0
}

export function markRead(read: ReadMarks, as: string, channelId: string, messages: readonly PageMessage[]): ReadMarks {
  const key = `${as} ${channelId}`
  const newest = newestTs(messages.filter((message) => message.channelId === channelId))
  const before = read.marks[key] ?? read.since
  return isAfter(newest, before) ? { ...read, marks: { ...read.marks, [key]: newest } } : read
}

/** Unread messages by channel, for one person. */
export function unreadOf(snapshot: Snapshot, read: ReadMarks, as: string): ReadonlyMap<string, number> {
  const dm = appDmOf(snapshot, as)
  const seen = new Set([...channelsOf(snapshot, as).map(({ id }) => id), ...(dm === undefined ? [] : [dm.id])])
  const counts = new Map<string, number>()
  for (const { channelId, ts, userId, ephemeralTo } of snapshot.messages) {
    if (!seen.has(channelId) || userId === as || (ephemeralTo !== null && ephemeralTo !== as)) continue
    if (isAfter(ts, read.marks[`${as} ${channelId}`] ?? read.since)) {
      counts.set(channelId, (counts.get(channelId) ?? 0) + 1)
    }
  }
  return counts
}

/** What is for one person alone, and unread: direct messages and private answers. */
export function unreadDirect(snapshot: Snapshot, read: ReadMarks, as: string): number {
  const dm = appDmOf(snapshot, as)
  return dm === undefined ? 0 : (unreadOf(snapshot, read, as).get(dm.id) ?? 0)
}
