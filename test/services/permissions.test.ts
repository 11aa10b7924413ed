import { describe, expect, it } from 'vitest'
import type { People, Person, PersonKind } from '../../src/services/people.ts'
import { type Managers, makePermissions } from '../../src/services/permissions.ts'
import { makeRecordingLog } from '../helpers/recording-log.ts'

const OTHER_KINDS: Record<Exclude<PersonKind, 'member'>, true> = {
  deactivated: true,
  bot: true,
  slackbot: true,
  guest: true,
  stranger: true,
  invited: true,
}
const NAMED: Managers = { userIds: ['U-named'], groupIds: [], admins: false }
const ADMINS: Managers = { userIds: [], groupIds: [], admins: true }
const BOTH: Managers = { userIds: ['U-named'], groupIds: [], admins: true }

function permissions(managers: Managers, found: Partial<Person> | 'unknown' | 'no_answer') {
  const people: People = {
    email: async () => null,
    look: async (userId) => (typeof found === 'string' ? found : { userId, kind: 'member', isAdmin: false, ...found }),
  }
  return makePermissions({ people, groups: { has: async () => 'out' }, managers, log: makeRecordingLog().log })
}

describe('verifying', () => {
  it.each<[string, Managers, Partial<Person>, string, 'yes' | 'no']>([
    ['somebody named', NAMED, {}, 'U-named', 'yes'],
    ['somebody else', NAMED, {}, 'U-other', 'no'],
    ['an admin, when only names count', NAMED, { isAdmin: true }, 'U-other', 'no'],
    ['an admin, when admins may', ADMINS, { isAdmin: true }, 'U-other', 'yes'],
    ['no admin, when only admins may', ADMINS, {}, 'U-named', 'no'],
    ['somebody named beside the admins', BOTH, {}, 'U-named', 'yes'],
    ['anybody, when nobody may', { userIds: [], groupIds: [], admins: false }, { isAdmin: true }, 'U-named', 'no'],
    ['a name that only begins alike', NAMED, {}, 'U-named2', 'no'],
  ])('%s', async (_who, managers, person, userId, answer) => {
    expect(await permissions(managers, person).mayVerify(userId)).toBe(answer)
  })

  it.each(Object.keys(OTHER_KINDS) as PersonKind[])(
    'is for members: not for a %s, though named and admin',
    async (kind) => {
      const { mayVerify, mayDecide } = permissions(BOTH, { kind, isAdmin: true })
      expect(await mayVerify('U-named')).toBe('no')
      expect(await mayDecide('U-named', { managerId: 'U-named', employeeId: 'U-employee' })).toBe('no')
    },
  )

  it('is refused to somebody Slack doesn’t know, and to everybody while Slack doesn’t answer', async () => {
    expect(await permissions(BOTH, 'unknown').mayVerify('U-named')).toBe('no')
    expect(await permissions(BOTH, 'no_answer').mayVerify('U-named')).toBe('unsure')
    expect(
      await permissions(BOTH, 'unknown').mayDecide('U-named', { managerId: 'U-named', employeeId: 'U-employee' }),
    ).toBe('no')
    expect(
      await permissions(BOTH, 'no_answer').mayDecide('U-named', { managerId: 'U-named', employeeId: 'U-employee' }),
    ).toBe('unsure')
  })
})

describe('deciding about a verification', () => {
  it.each<[string, Managers, Partial<Person>, string, 'yes' | 'no']>([
    ['its manager', NAMED, {}, 'U-named', 'yes'],
    ['its manager, who may no longer verify', NAMED, {}, 'U-former', 'no'],
    ['its manager, no longer an admin where only admins may', ADMINS, {}, 'U-named', 'no'],
    ['an admin', ADMINS, { isAdmin: true }, 'U-admin', 'yes'],
  ])('%s', async (_who, managers, person, managerId, answer) => {
    const asker = managerId === 'U-admin' ? 'U-named' : managerId
    expect(
      await permissions(managers, person).mayDecide(managerId, { managerId: asker, employeeId: 'U-employee' }),
    ).toBe(answer)
  })

  it('is not for another manager', async () => {
    expect(await permissions(NAMED, {}).mayDecide('U-named', { managerId: 'U-other', employeeId: 'U-employee' })).toBe(
      'no',
    )
  })
})
