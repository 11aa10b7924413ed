import { describe, expect, test } from 'vitest'
import type { Misbehaviour } from '../../sandbox/easyfreelance/faults.ts'
import { startBotChild } from './helpers/bot-child.ts'
import { openStage, type Transport } from './helpers/stage.ts'
import { askFor, cardOf, cardSays, fillForm, invitationOf, isAccepted } from './helpers/steps.ts'

const TRANSPORTS: Transport[] = ['socket', 'http']
/** Slack's own limit for an answer. */
const ACK_WITHIN_MS = 3000
const MANAGERS = 50

// These wait for time-outs that are real; they wait side by side.
describe.concurrent('when EasyFreelance', () => {
  test.for<[string, Misbehaviour]>([
    ['never answers a start', 'hang'],
    ['does it and never answers', 'hang_after'],
    ['stops in the middle of its answer', 'hang_midway'],
  ])(
    '%s, it is tried once more and then a person decides, within half a minute',
    { timeout: 40_000 },
    async ([, fault], context) => {
      const stage = await openStage(context)
      const { easyfreelance } = stage
      easyfreelance.fault({ route: 'start', times: 2, do: fault })
      await askFor(stage)
      const askedAt = stage.now()
      await cardSays(stage, /^Starting\./)
      await stage.slack.until(
        () => cardOf(stage)?.text.startsWith('Starting again. EasyFreelance did not answer in time.'),
        {
          withinMs: 10_000,
        },
      )
      stage.advance(6000)
      await stage.slack.until(() => cardOf(stage)?.text.startsWith('Please decide: no clear answer.'), {
        withinMs: 10_000,
      })
      expect(stage.now() - askedAt).toBeLessThan(30_000)
      expect(invitationOf(stage)).toBeUndefined()
    },
  )
})

describe.concurrent('when EasyFreelance hangs,', () => {
  test.for(TRANSPORTS)(
    'fifty forms sent at once over %s are answered in time',
    { timeout: 40_000 },
    async (transport, context) => {
      const stage = await openStage(context, { transport, withoutBot: true })
      const { slack, easyfreelance } = stage
      const bot = startBotChild(stage.settings, stage.hear)
      await bot.ready
      const forms = []
      for (let at = 0; at < MANAGERS; at += 1) {
        const [by, employee] = [`U0BOSS${at}`, `U0STAFF${at}`]
        slack.addPerson({ id: by, name: `boss${at}`, isAdmin: true })
        slack.addPerson({ id: employee, name: `staff${at}` })
        easyfreelance.addEmployee({ id: 6000 + at, email: `staff${at}@example.com`, name: `Staff ${at}` })
        forms.push(await fillForm(stage, { by, employee, number: 6000 + at }))
      }
      easyfreelance.fault({ route: 'any', times: Number.POSITIVE_INFINITY, do: 'hang' })
      const results = await Promise.all(forms.map((form) => form.submit()))
      expect(results.filter(isAccepted)).toHaveLength(MANAGERS)
      const took = slack.deliveries.map(({ ack }) =>
        ack?.outcome === 'acked' ? ack.afterMs : Number.POSITIVE_INFINITY,
      )
      expect(Math.max(...took)).toBeLessThan(ACK_WITHIN_MS)
      // Everybody sees that it was taken, long before EasyFreelance says anything.
      await slack.until(() => slack.messages().filter(({ text }) => text.startsWith('Starting.')).length === MANAGERS)
      await bot.signal('SIGKILL')
    },
  )
})
