import { readManifest as readAppManifest } from '../../slack/manifest.ts'
import type { ViewSnapshot } from '../../slack/view-store.ts'
import { readManifest } from '../../start-sandbox.ts'
import type { ControlState, PageMessage, PageSession, PageView, Snapshot } from '../contract.ts'
import type { OpenScene } from './open-scene.ts'
import { channelsOf, peopleOf } from './workspace-view.ts'

/** Everything the page shows, as it stands now. */
export function takeSnapshot(scene: OpenScene, version: number): Snapshot {
  const { slack, botUrl } = scene.sandbox
  const { appName, homeTab } = readAppManifest(readManifest())
  const people = peopleOf(scene.sandbox)
  const views = slack.views().filter(({ open }) => open)
  const shown = (view: ViewSnapshot) => viewOf(view, scene.failures.get(view.id) ?? null)
  return {
    version,
    workspace: { name: 'Sandbox', botUserId: slack.botUserId, appName, botUrl },
    commands: slack.commands(),
    homeTab,
    people,
    channels: channelsOf(scene.sandbox, people),
    messages: messagesOf(scene),
    modals: byPerson(
      views.filter(({ type }) => type === 'modal'),
      shown,
    ),
    homes: Object.fromEntries(views.filter(({ type }) => type === 'home').map((view) => [view.userId, shown(view)])),
    control: controlOf(scene),
  }
}

function messagesOf({ sandbox }: OpenScene): PageMessage[] {
  return sandbox.slack
    .messages()
    .filter(({ deleted }) => !deleted)
    .map(({ channelId, ts, userId, text, blocks, edits, ephemeralTo = null }) => ({
      channelId,
      ts,
      userId,
      text,
      blocks,
      edited: edits.length > 0,
      ephemeralTo,
    }))
}

function viewOf({ id, hash, definition, blocks, state, errors }: ViewSnapshot, failure: string | null): PageView {
  return { id, hash, view: { ...definition, blocks }, values: state, errors, failure }
}

/** In the order in which they were opened, which is the order of the stack. */
function byPerson(views: readonly ViewSnapshot[], shown: (view: ViewSnapshot) => PageView): Record<string, PageView[]> {
  const stacks: Record<string, PageView[]> = {}
  for (const view of views) stacks[view.userId] = [...(stacks[view.userId] ?? []), shown(view)]
  return stacks
}

function controlOf({ name, sandbox, moods, calls, isReady, trace }: OpenScene): ControlState {
  const { bot, clock, easyfreelance, returnUrl } = sandbox
  const registered = easyfreelance.registrations.find(({ requestedUrl }) => requestedUrl === returnUrl)
  const names = new Map(sandbox.employees.map((employee) => [employee.id, employee.name]))
  const sessions = easyfreelance.sessions().map(
    (session): PageSession => ({
      id: session.id,
      employeeName: names.get(session.employeeId) ?? `Employee ${session.employeeId}`,
      userId: trace.userOf(session.id),
      provider: session.provider,
      idType: session.idType,
      status: session.status,
      opened: session.opened,
      startedAt: session.startedAt,
      expiresAt: session.expiresAt,
    }),
  )
  return {
    botRunning: bot.isRunning(),
    now: clock.now(),
    aheadMs: clock.aheadMs(),
    scene: name,
    settingUp: !isReady,
    moods: moods.now(),
    returnUrlApproved: registered?.status === 'approved',
    sessions,
    calls: calls.shown(),
  }
}
