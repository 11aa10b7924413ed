import { describe, expect, test } from 'vitest'
import { button, press } from '../../sandbox/as-seen.ts'
import { visit } from '../../sandbox/browser.ts'
import { openStage, type Transport } from './helpers/stage.ts'
import { askFor, cardOf, cardSays, cards, FIRST_LOOK_MS, invitationOf, invited, noticeSays } from './helpers/steps.ts'

const TRANSPORTS: Transport[] = ['socket', 'http']

describe.each(TRANSPORTS)('over %s', (transport) => {
  test('an employee is asked, opens the link and is approved, and everybody reads it', async (context) => {
    const stage = await openStage(context, { transport })
    const { slack, easyfreelance } = stage
    await askFor(stage, { provider: 'Veriff', note: 'Before your first payment.' })

    const invitation = await invited(stage)
    const card = await cardSays(stage, /^Waiting for <@U0OLA>\. Link sent by direct message\./)
    expect(easyfreelance.sessions()).toMatchObject([{ employeeId: 4711, provider: 'veriff', idType: 'local' }])

    const { url } = await press(slack.person('U0OLA'), invitation, /^Continue/)
    await cardSays(stage, /^Link opened\. <@U0OLA> opened the link <!date/)
    await visit(url ?? '', 'approved')
    await cardSays(stage, /^Approved\. EasyFreelance confirmed who <@U0OLA> is\./)
    expect(cardOf(stage)?.ts).toBe(card.ts)
    expect(cards(stage)).toHaveLength(1)

    await noticeSays(stage, /^Verification of <@U0OLA>: Approved\./)
    await slack.until(() => invitationOf(stage) === undefined)
    const [ended] = slack.person('U0OLA').inbox()
    expect(ended?.ts).toBe(invitation.ts)
    expect(ended?.text).toMatch(/^Thank you! You have confirmed who you are/)
  })

  test('each outcome stands on the card, in a new message and in place of the link', async (context) => {
    const stage = await openStage(context, { transport })
    const { slack, easyfreelance } = stage
    const outcomes = [
      ['approved', 'Approved', 'Thank you!'],
      ['declined', 'Declined', 'EasyFreelance could not confirm who you are'],
      ['cancelled', 'Cancelled', 'The check was cancelled.'],
      ['expired', 'Expired', 'Time ran out, and the link has stopped working.'],
      ['error', 'Error at EasyFreelance', 'Something went wrong at EasyFreelance'],
    ] as const
    const words: string[] = []
    for (const [outcome, title, toEmployee] of outcomes) {
      await askFor(stage, { employee: 'U0KARI' })
      const { ts } = await invited(stage, 'U0KARI')
      const session = easyfreelance.sessions().at(-1)
      easyfreelance.decide(session?.id ?? '', outcome)
      await stage.jump(FIRST_LOOK_MS)
      const card = await slack.until(() => cards(stage).find(({ text }) => text.startsWith(`${title}.`)))
      await noticeSays(stage, new RegExp(`^Verification of <@U0KARI>: ${title}\\.`))
      const dead = await slack.until(() =>
        slack
          .person('U0KARI')
          .inbox()
          .find((message) => message.ts === ts && message.text.startsWith(toEmployee)),
      )
      expect(button(dead, /./)).toBeUndefined()
      words.push(card.text.replace(/ Employee: .*/, ''))
    }
    expect(new Set(words).size).toBe(5)
  })
})
