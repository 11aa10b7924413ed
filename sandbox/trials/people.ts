import { button, fill, isConfirmed, press } from '../as-seen.ts'
import { visit } from '../browser.ts'
import type { Message } from '../slack/messages.ts'
import type { SubmitResult } from '../slack/submission-answer.ts'
import type { Sandbox } from '../start-sandbox.ts'
import { CHANNEL, COLLEAGUE, type Role } from './roles.ts'

/** What one role's people have done so far; everything else they see. */
export type Player = {
  readonly role: Role
  /** Views whose form was answered with "Accepted". */
  readonly accepted: string[]
  /** Does the next thing that is to be done, once, if the bot and the network let them. */
  act(): Promise<void>
}

const MODAL_WITHIN_MS = 1500
const NUMBER = /^EasyFreelance employee id/
const RETRY = /^(Try|Check|Send) again$/

/**
 * People who act by what they see, and who simply come back when something did not work: the form is typed again, Send is
 * pressed again, the button is pressed again. Nobody remembers what the bot may have forgotten.
 */
export function makePlayer(role: Role, { slack, bot }: Sandbox): Player {
  const manager = slack.person(role.managerId)
  const employee = slack.person(role.employeeId)
  const decider = role.decidedBy === 'manager' ? manager : slack.person(COLLEAGUE)
  const accepted: string[] = []
  let isLinked = false
  let isAsked = false
  let hasDecided = false
  let hasComplained = false

  /** Null when it doesn't come in time, or can't come any more. */
  async function soon<T>(look: () => T | undefined | null | false): Promise<T | null> {
    const gone = Symbol('gone')
    const found = await slack
      .until<T | typeof gone>(() => look() || (slack.connections() === 0 && gone), { withinMs: MODAL_WITHIN_MS })
      .catch(() => gone)
    return typeof found === 'symbol' ? null : found
  }

  const formSays = (words: string) => JSON.stringify(manager.view()?.blocks ?? []).includes(words)

  async function ask(): Promise<void> {
    const before = manager.view()?.id
    const from = { channelId: role.cardIn ?? CHANNEL }
    const { acked } = await manager.command('/verify', `@${role.employeeName}`, from)
    const isNew = () => manager.view() !== undefined && manager.view()?.id !== before
    if (!acked || !(await soon(isNew))) return
    if (formSays('already has an open verification')) {
      isAsked = true
    } else if (await fillIn()) {
      await send()
    }
    await manager.close()
  }

  async function fillIn(): Promise<boolean> {
    if (role.provider === 'Veriff') {
      await fill(manager, /^How should they/, 'Veriff')
      if (!(await soon(() => formSays('Which documents')))) return false
      await fill(manager, /^Which documents/, role.documents)
    }
    await fill(manager, /^Where should/, role.cardIn === null ? 'Only to me' : 'To this channel')
    if (role.numberIs === 'found' && formSays('No id at hand')) {
      await fill(manager, /^No id at hand/, `Find <@${role.employeeId}> by e-mail`)
      return true
    }
    // Once it was found it stands in the form.
    if (role.numberIs !== 'found') {
      await fill(manager, NUMBER, String(role.number), { enter: role.numberIs !== 'typed' })
    }
    return role.numberIs === 'typed' || (await isShown())
  }

  const isShown = async () => (await soon(() => isConfirmed(manager, role.number))) !== null

  async function link(): Promise<void> {
    await manager.command('/verify', `link @${role.employeeName} ${role.number}`, { channelId: CHANNEL })
    const isTold = ({ ephemeralTo, text }: Message) =>
      ephemeralTo === role.managerId && text.includes(`linked to ${role.number}`)
    isLinked = (await soon(() => slack.messages().some(isTold))) !== null
  }

  const mayBeHeld = role.numberIs === 'typed' || role.numberIs === 'found'

  async function send(): Promise<void> {
    const viewId = manager.view()?.id ?? ''
    for (let presses = 0; presses < 3 && !isAsked; presses += 1) {
      const sent = await Promise.all([manager.submit(), ...(role.sendsTwice ? [manager.submit()] : [])])
      if (sent.some(saysAccepted)) accepted.push(viewId)
      if (sent.some(saysAccepted) || formSays('already has an open verification')) isAsked = true
      if (isAsked || !bot.isRunning()) return
      // Answered, and not taken: once more when the form has come to say who that is.
      if (sent.every(({ failed }) => failed === undefined) && !(mayBeHeld && (await isShown()))) return
    }
  }

  async function follow(invitation: Message): Promise<void> {
    if (role.isSurprised && !hasComplained) {
      const found = button(invitation, /^I did not expect/)
      if (found === undefined) hasComplained = true
      else if (!(await employee.press(invitation, found.actionId)).acked) return
    }
    if (role.employeeDoes === 'nothing' || hasDecided) return
    const { url = '' } = await press(employee, invitation, /^Continue/)
    hasDecided = true
    // The way back leads to a bot that may not be there.
    await visit(url, role.employeeDoes).catch(() => undefined)
  }

  async function decide(question: Message): Promise<void> {
    await press(decider, question, role.decides === 'retry' ? RETRY : /^Close$/)
  }

  async function act(): Promise<void> {
    if (!isAsked) return role.numberIs === 'linked' && !isLinked ? link() : ask()
    const question = [...decider.inbox(), ...decider.sees(CHANNEL)].find(
      (message) => message.text.includes(`<@${role.employeeId}>`) && button(message, RETRY) !== undefined,
    )
    if (question !== undefined) return decide(question)
    const invitation = employee.inbox().findLast((message) => button(message, /^Continue/) !== undefined)
    if (invitation !== undefined) return follow(invitation)
  }

  return { role, accepted, act }
}

function saysAccepted({ updated }: SubmitResult): boolean {
  const title = updated?.definition.title
  return typeof title === 'object' && title !== null && 'text' in title && title.text === 'Accepted'
}
