import type { ControlState, PagePerson, Snapshot } from '../../../sandbox/page/contract.ts'
import { NOW } from '../../views/build-verification.ts'

const person = (id: string, name: string, realName: string, role: string): PagePerson => ({
  id,
  name,
  realName,
  role,
  canAct: role !== 'deactivated' && role !== 'bot',
})

const control: ControlState = {
  botRunning: true,
  now: NOW,
  aheadMs: 0,
  scene: 'empty',
  settingUp: false,
  moods: { slack: 'well', easyfreelance: 'well' },
  returnUrlApproved: true,
  sessions: [],
  calls: [],
}

const everybody = ['U0MARIA', 'W0OLA', 'U0KARI', 'U0GUEST']

export function buildSnapshot(changes: Partial<Snapshot> = {}): Snapshot {
  return {
    version: 1,
    workspace: { name: 'Sandbox', botUserId: 'U0BOT', appName: 'Verify', botUrl: 'http://127.0.0.1:1' },
    commands: [{ command: '/verify', description: 'Ask an employee to prove who they are', usageHint: '@employee' }],
    homeTab: false,
    people: [
      person('U0BOT', 'verify', 'Verify', 'bot'),
      person('U0MARIA', 'maria', 'Maria Manager', 'manager'),
      person('W0OLA', 'ola', 'Ola Nordmann', 'employee'),
      person('U0KARI', 'kari', 'Kari Nordmann', 'employee'),
      person('U0GUEST', 'guest', 'Gita Guest', 'guest'),
      person('U0GONE', 'gone', 'Greta Gone', 'deactivated'),
    ],
    channels: [
      { id: 'C0GENERAL', kind: 'channel', name: 'general', members: everybody, isArchived: false },
      { id: 'C0SECRET', kind: 'private', name: 'payroll', members: ['U0MARIA'], isArchived: false },
      ...everybody.map((id) => ({
        id: `D${id}`,
        kind: 'app_dm' as const,
        name: id,
        members: [id, 'U0BOT'],
        isArchived: false,
      })),
    ],
    messages: [],
    modals: {},
    homes: {},
    control,
    ...changes,
  }
}

export const controlWith = (changes: Partial<ControlState>): ControlState => ({ ...control, ...changes })
