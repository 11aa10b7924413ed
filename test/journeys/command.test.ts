import { describe, expect, test } from 'vitest'
import { readManifest } from '../../sandbox/start-sandbox.ts'
import { openStage, type Stage, type Transport } from './helpers/stage.ts'
import { askFor, FIRST_LOOK_MS, formText, held, invited, openForm, toldPrivately } from './helpers/steps.ts'

const TRANSPORTS: Transport[] = ['socket', 'http']

/** A command whose text comes exactly so from Slack, whatever its composer would make of it. */
async function typedExactly({ slack }: Stage, text: string): Promise<void> {
  await slack.person('U0PETTER').command('/verify', 'help', { channelId: 'C0GENERAL' })
  const { payload = {} } = slack.deliveries.findLast(({ kind }) => kind === 'command') ?? {}
  await slack.deliver('command', { ...payload, text })
}

/** What the app wrote where others could read it. */
function publicWords({ slack }: Stage): string[] {
  const inChannel = slack.messages('C0GENERAL').filter(({ userId }) => userId === slack.botUserId)
  return inChannel.filter(({ ephemeralTo }) => ephemeralTo === undefined).map(({ text }) => text)
}

describe.each(TRANSPORTS)('/verify over %s', (transport) => {
  test.for([
    ['<@U0OLA|ola>', 'U0OLA'],
    ['<@U0OLA>', 'U0OLA'],
    ['  <@W0SOFIE|sofie> ', 'W0SOFIE'],
    ['', null],
  ] as const)('opens the form for %j', async ([typed, employee], context) => {
    const stage = await openStage(context, { transport })
    await typedExactly(stage, typed)
    const petter = stage.slack.person('U0PETTER')
    await stage.slack.until(() => petter.view())
    expect(held(petter, /^Employee/)).toBe(employee)
    expect(publicWords(stage)).toEqual([])
  })

  test('answers help, list, status and nonsense privately', async (context) => {
    const stage = await openStage(context, { transport })
    const petter = stage.slack.person('U0PETTER')
    const answers = [
      ['help', /^\*Check who an employee is/],
      ['list', /^You have not asked anybody yet\./],
      ['status @ola', /^Nobody has asked <@U0OLA> yet\./],
      ['status', /^Whose status\?/],
      ['status somebody', /^Whose status\?/],
      ['frobnicate <!channel>', /^We did not understand `\/verify frobnicate &lt;!channel&gt;`\. Nothing was sent\./],
      ['<@U0OLA> and <@U0KARI>', /^We did not understand/],
      ['help me', /^We did not understand `\/verify help me`/],
    ] as const
    for (const [typed, answer] of answers) {
      await petter.command('/verify', typed, { channelId: 'C0GENERAL' })
      await toldPrivately(stage, 'U0PETTER', answer)
    }
    expect(publicWords(stage)).toEqual([])
    expect(petter.view()).toBeUndefined()
  })
})

test('a plain @name is never guessed at: nobody is chosen, and the name stands at the field', async (context) => {
  const manifest = structuredClone(readManifest()) as { features: { slash_commands: { should_escape: boolean }[] } }
  for (const command of manifest.features.slash_commands) command.should_escape = false
  const stage = await openStage(context, { manifest })
  const petter = await openForm(stage, 'U0PETTER', '@ola')
  expect(held(petter, /^Employee/)).toBeNull()
  expect(formText(petter)).toContain('You typed: @ola – please choose the person here.')
  expect(await petter.submit()).toMatchObject({ byClient: true, errors: { employee: expect.any(String) } })
  await petter.choose('choose_employee', 'U0OLA')
  await stage.slack.until(() => !formText(petter).includes('You typed'))
  expect(held(petter, /^Employee/)).toBe('U0OLA')
})

test('list shows what is open and the last ten that ended, each with how it stands', async (context) => {
  const stage = await openStage(context)
  const { slack, easyfreelance } = stage
  const people = Array.from({ length: 12 }, (_, at) => `U0DONE${at}`)
  for (const [at, id] of people.entries()) {
    slack.addPerson({ id, name: `done${at}` })
    easyfreelance.addEmployee({ id: 5000 + at, email: `done${at}@example.com`, name: `Done ${at}` })
    await askFor(stage, { employee: id, number: 5000 + at })
    await invited(stage, id)
    easyfreelance.decide(easyfreelance.sessions().at(-1)?.id ?? '', 'declined')
  }
  await stage.jump(FIRST_LOOK_MS)
  const declined = () =>
    slack
      .person('U0PETTER')
      .inbox()
      .filter(({ text }) => text.startsWith('Declined.'))
  await stage.later(() => declined().length === 12)
  await askFor(stage, { employee: 'U0OLA' })
  await invited(stage)
  await slack.person('U0PETTER').command('/verify', 'list', { channelId: 'C0GENERAL' })
  const { text } = await toldPrivately(stage, 'U0PETTER', /^\*Open: 1\*/)
  expect(text).toMatch(/^\*Open: 1\*\n• <@U0OLA>: Link sent, BankID, asked <!date[^>]+>\n\*Ended lately\*\n/)
  const ended = [...text.matchAll(/• <@(U0DONE\d+)>: Declined, BankID, asked /g)].map(([, id]) => id)
  expect(ended).toEqual(people.slice(2).reverse())

  // Somebody else's are not in it.
  await slack.person('U0MARIA').command('/verify', 'list')
  await toldPrivately(stage, 'U0MARIA', /^You have not asked anybody yet/)
})

test('status shows the open one and the latest that ended, whoever asked', async (context) => {
  const stage = await openStage(context)
  const { slack, easyfreelance } = stage
  await askFor(stage)
  await invited(stage)
  easyfreelance.decide(easyfreelance.sessions()[0]?.id ?? '', 'cancelled')
  await stage.jump(FIRST_LOOK_MS)
  await slack.until(() => slack.messages().some(({ text }) => text.startsWith('Cancelled.')))
  await askFor(stage, { by: 'U0MARIA' })
  await slack.until(() => easyfreelance.sessions().length === 2)
  await invited(stage)
  await slack.person('U0PETTER').command('/verify', 'status @ola')
  const { text } = await toldPrivately(stage, 'U0PETTER', /^\*Open now: Waiting for <@U0OLA>\*/)
  expect(text).toContain('BankID. <@U0MARIA> asked <!date')
  expect(text).toMatch(/\*Latest that ended: Cancelled\*\n[\s\S]*<@U0PETTER> asked <!date/)
})

test('when the form can not be opened in time, what was typed is given back', async (context) => {
  const stage = await openStage(context)
  const { slack } = stage
  stage.tolerate(/trigger/)
  // Slack is slow to say who asks, and meanwhile the trigger dies.
  slack.fault({ method: 'users.info', do: { late: 300 } })
  const typed = slack.person('U0PETTER').command('/verify', '@ola', { channelId: 'C0GENERAL' })
  await slack.until(() => slack.deliveries.length > 0)
  stage.advance(4000)
  expect(await typed).toEqual({ acked: true })
  await toldPrivately(
    stage,
    'U0PETTER',
    /did not let us open the form in time\. Nothing was sent\..*`\/verify` <@U0OLA>$/,
  )
  expect(slack.person('U0PETTER').view()).toBeUndefined()
  expect(publicWords(stage)).toEqual([])
})
