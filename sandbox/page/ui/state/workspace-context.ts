import { createContext } from 'preact'
import type { PagePerson, Snapshot } from '../../contract.ts'

/** What everything on the page may want to know: who is looking, at what time, and what things are called. */
export type WorkspaceInfo = {
  readonly as: string
  /** UTC ms of the sandbox's clock. */
  readonly now: number
  readonly people: readonly PagePerson[]
  readonly channels: readonly { readonly id: string; readonly name: string }[]
  readonly botUserId: string
  readonly appName: string
  nameOf(userId: string): string | null
  channelNameOf(channelId: string): string | null
}

export const WorkspaceContext = createContext<WorkspaceInfo>({
  as: '',
  now: 0,
  people: [],
  channels: [],
  botUserId: '',
  appName: '',
  nameOf: () => null,
  channelNameOf: () => null,
})

export function workspaceInfo(snapshot: Snapshot, as: string, now: number): WorkspaceInfo {
  const { people, workspace } = snapshot
  const names = new Map(people.map(({ id, name, realName }) => [id, realName || name]))
  names.set(workspace.botUserId, workspace.appName)
  const viewer = people.find(({ id }) => id === as)
  const channels = snapshot.channels.filter((channel) => {
    if (channel.kind === 'app_dm' || channel.isArchived) return false
    if (channel.members.includes(as)) return true
    return channel.kind === 'channel' && viewer?.role !== 'guest' && viewer?.role !== 'stranger'
  })
  const channelNames = new Map(channels.map(({ id, name }) => [id, name]))
  return {
    as,
    now,
    people,
    channels,
    botUserId: workspace.botUserId,
    appName: workspace.appName,
    nameOf: (userId) => names.get(userId) ?? null,
    channelNameOf: (channelId) => channelNames.get(channelId) ?? null,
  }
}
