import type { Button, KnownBlock } from '@slack/types'
import type { Base, Links, Session, Verification } from '../services/verification.ts'
import { actions, type Content, context, mrkdwn, plain, say, section } from './blocks.ts'
import { PROVIDER_NAMES } from './check-words.ts'
import { endedInvitation } from './invitation-ended.ts'
import { dateTime, mention, outside, quote } from './mrkdwn.ts'

export const OPEN_LINK_ACTION = 'open_link'
export const NOT_EXPECTED_ACTION = 'not_expected'

/**
 * The employee's direct message. The link stands in its button and nowhere else; no channel is ever named.
 * Null when it should have a link that does not open.
 */
export function invitation(verification: Verification, occasion: number, links: Pick<Links, 'open'>): Content | null {
  switch (verification.status) {
    case 'waiting':
      if (occasion !== verification.invitations) return say('You got a newer message about this. Please use that one.')
      return withLink(verification, verification.session, links)
    case 'parked':
      if (verification.session === null) return say(notReady(verification))
      if (occasion !== verification.invitations) return say('You got a newer message about this. Please use that one.')
      return withLink(verification, verification.session, links)
    case 'requested':
    case 'starting':
      return say(notReady(verification))
    case 'settled':
    case 'failed':
      return say(endedInvitation(verification))
  }
}

function notReady({ managerId }: Base): string {
  return `${mention(managerId)} asks you to confirm who you are. Your link is not ready yet. You do not need to do anything now.`
}

function withLink(verification: Base, session: Session, links: Pick<Links, 'open'>): Content | null {
  const link = links.open(session.link, verification.id)
  return link === null ? null : liveInvitation(verification, session, link)
}

function liveInvitation(verification: Base, session: Session, link: string): Content {
  const manager = mention(verification.managerId)
  const { note } = verification
  const told = verification.unexpectedAt !== null
  const ask = `${manager} asks you to confirm who you are, because EasyFreelance must know who it pays.`
  const need = `You need ${needs(verification)} It takes a few minutes.`
  const until =
    session.expiresAt === null
      ? 'Please do it soon: the link stops working after a while.'
      : `The link works until ${dateTime(session.expiresAt)}.`
  const privacy = `${pathOf(verification)} The link is only for you; please do not pass it on.`
  const concern = `You said that you did not expect this. We told ${manager}. Do not use the link unless the two of you agree; it still works.`

  const blocks: KnownBlock[] = told ? [section(concern)] : []
  blocks.push(section(ask))
  if (note !== null) blocks.push(section(`${manager} writes:\n${quote(note, 2400)}`))
  blocks.push(section(`${need}\n${until}`), actions(buttons(verification, link, manager)), context(privacy))
  const text = [
    ...(told ? [concern] : []),
    ask,
    ...(note === null ? [] : [`They write: "${outside(note, 2400)}"`]),
    need,
    until,
    privacy,
    'Open this message in Slack to find the button with the link.',
  ]
  return { text: text.join(' '), blocks }
}

function needs({ provider, idType }: Base): string {
  if (provider === 'bankid') return 'your BankID.'
  const document =
    idType === 'local'
      ? 'a Norwegian passport, driving licence or national ID card'
      : 'a passport or another ID document from outside Norway'
  return `${document}, and a camera to take a picture of it and of yourself.`
}

function pathOf({ provider }: Base): string {
  switch (provider) {
    case 'bankid':
      return 'You identify yourself to EasyFreelance with BankID. Slack and the person asking never see your BankID details.'
    case 'veriff':
      return 'Your document and picture go straight to EasyFreelance and its provider, Veriff. Slack and the person asking never see them.'
  }
}

function buttons(verification: Base, link: string, manager: string): Button[] {
  const provider = PROVIDER_NAMES[verification.provider]
  const told = verification.unexpectedAt !== null
  const open: Button = {
    type: 'button',
    action_id: OPEN_LINK_ACTION,
    text: plain(`Continue with ${provider}`),
    accessibility_label: `Continue with ${provider} to confirm who you are; opens in your browser`,
    value: verification.id,
    url: link,
    ...(told ? {} : { style: 'primary' as const }),
  }
  const notExpected: Button = {
    type: 'button',
    action_id: NOT_EXPECTED_ACTION,
    text: plain('I did not expect this'),
    value: verification.id,
    confirm: {
      title: plain('Say that you did not expect this?'),
      text: mrkdwn(`We tell ${manager}. Your link keeps working, in case it turns out to be right.`),
      confirm: plain('Tell them'),
      deny: plain('Go back'),
    },
  }
  return told ? [open] : [open, notExpected]
}
