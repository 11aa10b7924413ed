import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type GroupMembers, makeGroupMembers } from '../../src/services/group-members.ts'
import { makeRecordingLog } from '../helpers/recording-log.ts'
import { openSlackBench, type SlackBench } from '../helpers/slack-bench.ts'

const METHOD = 'usergroups.users.list'

let bench: SlackBench
let groups: GroupMembers
let time = 0
let { log, said } = makeRecordingLog()

const reasons = () => said('user group not read').map(({ reason }) => reason)

beforeEach(async () => {
  bench = await openSlackBench()
  time = 1_000_000
  ;({ log, said } = makeRecordingLog())
  groups = makeGroupMembers({ client: bench.client, now: () => time, log })
  bench.slack.setUsergroup('S0HR', ['U0MARIA'])
})
afterEach(() => bench.close())

const calls = () => bench.slack.calls.filter(({ method }) => method === METHOD).length

describe('who is in a group', () => {
  it('is what Slack says', async () => {
    expect(await groups.has('S0HR', 'U0MARIA')).toBe('in')
    expect(await groups.has('S0HR', 'W0OLA')).toBe('out')
  })

  it('is asked once for everybody who acts at once, and once a minute', async () => {
    const answers = await Promise.all(Array.from({ length: 30 }, () => groups.has('S0HR', 'U0MARIA')))
    expect(new Set(answers)).toEqual(new Set(['in']))
    time += 59_999
    await groups.has('S0HR', 'W0OLA')
    expect(calls()).toBe(1)
    time += 1
    await groups.has('S0HR', 'W0OLA')
    expect(calls()).toBe(2)
  })

  it('is no older than a minute: who was taken out is out, and who came in is in', async () => {
    await groups.has('S0HR', 'U0MARIA')
    bench.slack.setUsergroup('S0HR', ['W0OLA'])
    time += 60_000
    expect(await groups.has('S0HR', 'U0MARIA')).toBe('out')
    expect(await groups.has('S0HR', 'W0OLA')).toBe('in')
  })

  it('is asked again when the clock was set back', async () => {
    await groups.has('S0HR', 'U0MARIA')
    bench.slack.setUsergroup('S0HR', [])
    time -= 1
    expect(await groups.has('S0HR', 'U0MARIA')).toBe('out')
  })
})

describe('when Slack does not say', () => {
  it.each([
    ['no_such_subteam', { error: 'no_such_subteam' }],
    ['plan_upgrade_required', { error: 'plan_upgrade_required' }],
    ['missing_scope', { error: 'missing_scope' }],
  ])('nobody is in it: %s, which is logged', async (reason, fault) => {
    bench.slack.fault({ method: METHOD, do: fault })
    expect(await groups.has('S0HR', 'U0MARIA')).toBe('out')
    expect(reasons()).toEqual([reason])
    // The operator can only mend it in a while, and Slack allows twenty calls a minute.
    expect(await groups.has('S0HR', 'U0MARIA')).toBe('out')
    expect(calls()).toBe(1)
    time += 60_000
    expect(await groups.has('S0HR', 'U0MARIA')).toBe('in')
  })

  it('an unknown group has nobody in it', async () => {
    expect(await groups.has('S0NONE', 'U0MARIA')).toBe('out')
  })

  it.each([
    ['ratelimited', { ratelimit: 30 }],
    ['http_503', { status: 503 }],
    ['internal_error', { error: 'internal_error' }],
    ['no_answer', 'lose'],
    ['unreadable', 'garbage'],
  ] as const)('it stays open, also for who was in it a minute ago: %s', async (reason, fault) => {
    await groups.has('S0HR', 'U0MARIA')
    time += 60_000
    bench.slack.fault({ method: METHOD, do: fault })
    expect(await groups.has('S0HR', 'U0MARIA')).toBe('unsure')
    expect(reasons()).toEqual([reason])
    expect(await groups.has('S0HR', 'U0MARIA')).toBe('in')
  })
})
