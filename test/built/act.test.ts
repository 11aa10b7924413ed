import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { askFor, linkOf, openPage, type PageBench } from '../sandbox/page/page-bench.ts'

describe('people act in Slack through the page', () => {
  let page: PageBench
  beforeAll(async () => {
    page = await openPage()
  })
  afterAll(() => page.stop())

  it('shows who and what is there', async () => {
    const { people, channels, commands, workspace, control } = await page.state()
    const roles = Object.fromEntries(people.map(({ id, role, canAct }) => [id, `${role}${canAct ? '' : ', looks on'}`]))
    expect(roles).toMatchObject({
      U0MARIA: 'admin',
      U0PETTER: 'manager',
      U0OLA: 'employee',
      U0GUEST: 'guest',
      U0GONE: 'deactivated, looks on',
      U0SANDBOXBOT: 'bot, looks on',
      USLACKBOT: 'bot, looks on',
    })
    expect(channels).toContainEqual(expect.objectContaining({ id: 'C0PAYROLL', kind: 'private', name: 'payroll' }))
    expect(channels).toContainEqual(expect.objectContaining({ id: 'DU0OLA', kind: 'app_dm', name: 'Ola Nordmann' }))
    expect(commands.map(({ command }) => command)).toEqual(['/verify'])
    expect(workspace.appName).toBe('Verify')
    expect(control).toMatchObject({ botRunning: true, aheadMs: 0, scene: 'empty', settingUp: false })
  })

  it('plays a verification from the command to the card', async () => {
    const as = 'U0MARIA'
    const typed = { as, do: 'command', channelId: 'DU0MARIA', command: '/verify', text: '@ola' } as const
    expect(await page.act(typed)).toEqual({ ok: true, problem: null })
    const modal = await page.until('the form', ({ modals }) => modals[as]?.[0])
    expect(modal.view.type).toBe('modal')
    expect(modal.values).toMatchObject({ employee: { choose_employee: { selected_user: 'U0OLA' } } })

    await page.act({ as, do: 'submit' })
    const complaint = await page.until('an error under a field', ({ modals }) => {
      const errors = modals[as]?.[0]?.errors ?? {}
      return Object.keys(errors).length > 0 && errors
    })
    expect(complaint).toEqual({ 'employee_number-U0OLA': 'Please complete this required field' })

    await page.act({ as, do: 'choose', target: 'modal', actionId: 'choose_provider', value: 'veriff' })
    await page.until('the ID type', ({ modals }) => JSON.stringify(modals[as]).includes('Which documents'))
    await page.act({ as, do: 'choose', target: 'modal', actionId: 'id_type', value: 'local' })
    await page.act({ as, do: 'type', target: 'modal', actionId: 'employee_number', text: '4711', enter: true })
    await page.confirmed(as, '4711')
    expect(await page.act({ as, do: 'submit' })).toEqual({ ok: true, problem: null })
    await page.act({ as, do: 'close' })

    const { link, channelId, ts } = await linkOf(page, 'U0OLA')
    await page.act({ as: 'U0OLA', do: 'press', target: { channelId, ts }, actionId: 'open_link' })
    const card = await page.card('U0OLA', /^Link opened/)
    expect(card).toMatchObject({ channelId: 'DU0MARIA', edited: true, ephemeralTo: null })

    const { control } = await page.state()
    expect(control.sessions).toMatchObject([{ employeeName: 'Ola Nordmann', userId: 'U0OLA', provider: 'veriff' }])
    const [session] = control.sessions
    const about = control.calls.filter(({ sessionId }) => sessionId === session?.id).map(({ name }) => name)
    expect(about).toEqual(expect.arrayContaining(['POST start', 'chat.postMessage', 'chat.update']))
    const secret = new URL(link).pathname.split('/').at(-1) ?? ''
    expect(secret.length).toBeGreaterThan(16)
    expect(JSON.stringify(control.calls)).not.toContain(secret)
    expect(JSON.stringify(control.calls)).not.toMatch(/xoxb-|xapp-|ticket=/)
  })

  it('marks what only one person sees', async () => {
    await page.act({ as: 'U0LARS', do: 'command', channelId: 'C0GENERAL', command: '/verify', text: '@kari' })
    const refusal = await page.until('a refusal', ({ messages }) =>
      messages.find((each) => each.ephemeralTo === 'U0LARS'),
    )
    expect(refusal.channelId).toBe('C0GENERAL')
  })

  it.each([
    ['somebody deactivated', { as: 'U0GONE', do: 'submit' } as const, /Greta Gone/],
    ['nobody', { as: 'U0NOBODY', do: 'submit' } as const, /no U0NOBODY/],
    ['a modal that is not there', { as: 'U0KARI', do: 'submit' } as const, /no modal/],
    ['a Home tab that the app lacks', { as: 'U0KARI', do: 'openHome' } as const, /no Home tab/],
    [
      'another command',
      { as: 'U0KARI', do: 'command', channelId: 'C0GENERAL', command: '/remind', text: '' } as const,
      /not a command/,
    ],
    ['words to the app', { as: 'U0KARI', do: 'say', channelId: 'DU0KARI', text: 'Hello?' } as const, /read-only/],
  ])('says what is wrong with %s', async (_, request, words) => {
    expect(await page.act(request)).toEqual({ ok: false, problem: expect.stringMatching(words) })
  })

  it('says so, in the modal too, when the app does not answer', async () => {
    const as = 'U0PETTER'
    await page.act({ as, do: 'command', channelId: 'C0GENERAL', command: '/verify', text: '@kari' })
    await page.until('the form', ({ modals }) => modals[as]?.[0])
    await page.act({ as, do: 'type', target: 'modal', actionId: 'employee_number', text: '4712', enter: true })
    await page.confirmed(as, '4712')
    await page.control({ do: 'kill' })
    const problem = 'We had some trouble connecting. Try again?'
    expect(await page.act({ as, do: 'submit' })).toEqual({ ok: false, problem })
    expect((await page.state()).modals[as]?.[0]?.failure).toBe(problem)
    const typed = { as, do: 'command', channelId: 'C0GENERAL', command: '/verify', text: '@kari' } as const
    expect(await page.act(typed)).toEqual({ ok: false, problem: '/verify failed because the app did not respond.' })
    await page.control({ do: 'restart' })
    expect(await page.act({ as, do: 'submit' })).toEqual({ ok: true, problem: null })
    await page.card('U0KARI', /^Waiting/)
  })

  it('tells an open page that something changed', async () => {
    const events = await fetch(`${page.url}api/events`)
    const { version } = await page.state()
    const asked = askFor(page, 'ingrid', 'U0INGRID', '4713')
    let heard = ''
    for await (const chunk of events.body ?? []) {
      heard += Buffer.from(chunk).toString()
      const versions = [...heard.matchAll(/event: changed\ndata: (\{.*\})\n\n/g)].map(([, data = '']) =>
        JSON.parse(data),
      )
      if (versions.some((each: { version: number }) => each.version > version)) break
    }
    expect(events.headers.get('content-type')).toBe('text/event-stream')
    await asked
  })
})
