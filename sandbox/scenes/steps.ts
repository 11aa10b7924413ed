import { button, fill, isConfirmed, press } from '../as-seen.ts'
import { visit } from '../browser.ts'
import type { Session } from '../easyfreelance/books.ts'
import type { Message } from '../slack/messages.ts'
import type { Sandbox } from '../start-sandbox.ts'

/** What a manager puts into the form. */
export type Wish = {
  readonly managerId: string
  readonly userId: string
  readonly number: number
  readonly provider: 'BankID' | 'Veriff'
  readonly documents: 'Norwegian documents' | 'Foreign documents'
  readonly note: string | null
  /** Where the command is typed. */
  readonly channelId: string
  readonly cardIn: 'Only to me' | 'To this channel'
}

const PATIENCE = { withinMs: 60_000 }
const MOST_PRESSES = 3

export type Steps = ReturnType<typeof makeSteps>

/** What people do in a scene, each by what they see. */
export function makeSteps({ slack, easyfreelance, returnUrl }: Sandbox) {
  const invitationOf = (userId: string): Promise<Message> =>
    slack.until(
      () =>
        slack
          .person(userId)
          .inbox()
          .findLast((message) => button(message, /^Continue/)),
      {
        ...PATIENCE,
        what: `an invitation for ${userId}`,
      },
    )

  const cardOf = (userId: string): Message | undefined =>
    slack.messages().findLast(({ deleted, text }) => !deleted && text.includes(`Employee: <@${userId}>`))

  async function linkOf(userId: string): Promise<string> {
    return button(await invitationOf(userId), /^Continue/)?.url ?? ''
  }

  async function sessionOf(userId: string): Promise<Session> {
    const link = await linkOf(userId)
    const session = easyfreelance.sessions().find((each) => each.link === link)
    if (session === undefined) throw new Error(`no session behind the link of ${userId}`)
    return session
  }

  /** A form that can't be sent is closed: the next one must not be taken for it. */
  async function request(wish: Wish): Promise<void> {
    const manager = slack.person(wish.managerId)
    try {
      await fillAndSend(wish)
    } finally {
      if (manager.view() !== undefined) await manager.close()
    }
  }

  async function fillAndSend(wish: Wish): Promise<void> {
    const manager = slack.person(wish.managerId)
    const name = slack.people().find(({ id }) => id === wish.userId)?.name ?? ''
    const typed = await manager.command('/verify', `@${name}`, { channelId: wish.channelId })
    if (!typed.acked) throw new Error(`/verify @${name} failed: ${typed.error ?? ''}`)
    await slack.until(() => manager.view(), { ...PATIENCE, what: `the form for ${name}` })
    if (wish.provider === 'Veriff') {
      await fill(manager, /^How should they/, wish.provider)
      const asksForDocuments = () => JSON.stringify(manager.view()?.blocks ?? []).includes('Which documents')
      await slack.until(asksForDocuments, { ...PATIENCE, what: 'the ID type' })
      await fill(manager, /^Which documents/, wish.documents)
    }
    await fill(manager, /^EasyFreelance employee id/, String(wish.number))
    if (wish.note !== null) await fill(manager, /^Note/, wish.note)
    await fill(manager, /^Where should/, wish.cardIn)
    const isSaid = () => isConfirmed(manager, wish.number)
    await slack.until(isSaid, { ...PATIENCE, what: `the form to say who ${wish.number} is` })
    const sent = await manager.submit()
    if (!('updated' in sent)) throw new Error(`the form for ${name} was not taken: ${JSON.stringify(sent)}`)
  }

  return {
    invitationOf,
    sessionOf,
    /** Managers work side by side, each on one form at a time. */
    async requestAll(wishes: readonly Wish[]): Promise<void> {
      const inHand = new Map<string, Promise<void>>()
      for (const wish of wishes) {
        inHand.set(
          wish.managerId,
          (inHand.get(wish.managerId) ?? Promise.resolve()).then(() => request(wish)),
        )
      }
      await Promise.all(inHand.values())
    },
    cardSays: (userId: string, words: RegExp): Promise<Message> =>
      slack.until(
        () => {
          const card = cardOf(userId)
          return card !== undefined && words.test(card.text) ? card : undefined
        },
        { ...PATIENCE, what: `a card of ${userId} that says ${words}` },
      ),
    /** Presses the link, looks at the page behind it, and leaves it there. */
    async open(userId: string): Promise<void> {
      const { url = '' } = await press(slack.person(userId), await invitationOf(userId), /^Continue/)
      await visit(url, 'leave')
    },
    async finish(userId: string, decision: 'approved' | 'declined' | 'cancelled' | 'error'): Promise<void> {
      const { url = '' } = await press(slack.person(userId), await invitationOf(userId), /^Continue/)
      await visit(url, decision)
    },
    /** Is sent back to the return page, whatever EasyFreelance thinks of it. */
    async comeBack(userId: string): Promise<void> {
      const { id } = await sessionOf(userId)
      await fetch(`${returnUrl}?session=${id}`)
    },
    /**
     * Presses until the card of that employee says so: where Slack does not say in time who presses, the bot says so, and they
     * press again.
     */
    async pressUntil(
      personId: string,
      message: Message,
      label: RegExp,
      card: { of: string; says: RegExp },
    ): Promise<void> {
      const refusals = () =>
        slack.messages().filter(({ ephemeralTo, text }) => ephemeralTo === personId && text.includes('in time')).length
      for (let presses = 1; ; presses += 1) {
        const before = refusals()
        await press(slack.person(personId), message, label)
        const hears = () => (card.says.test(cardOf(card.of)?.text ?? '') ? 'seen' : refusals() > before && 'refused')
        const what = `a card of ${card.of} that says ${card.says}`
        if ((await slack.until(hears, { ...PATIENCE, what })) === 'seen') return
        if (presses === MOST_PRESSES)
          throw new Error(`${personId} pressed ${presses} times, and Slack never answered in time`)
      }
    },
  }
}
