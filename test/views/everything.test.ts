import type { ModalView } from '@slack/types'
import { describe, expect, it } from 'vitest'
import type { Content } from '../../src/views/blocks.ts'
import { renderMessage } from '../helpers/links.ts'
import { buildParked, buildSession, buildWaiting, LINK, NOW } from './build-verification.ts'
import { allMessages, allReplies, allStates, allViews } from './catalogue.ts'
import { brokenLimits } from './limits.ts'

const everything: [string, Content | ModalView][] = [...allMessages(), ...allReplies(), ...allViews()]
const CARD = { kind: 'card', occasion: 0, movedBecause: null } as const
const INVITATION = { kind: 'invitation', occasion: 0, movedBecause: null } as const

describe('everything the bot shows', () => {
  it('keeps within the limits of Slack', () => {
    const broken = everything.flatMap(([name, shown]) => brokenLimits(shown).map((what) => `${name}: ${what}`))
    expect(broken).toEqual([])
  })

  it('is found broken when it breaks a limit', () => {
    const long = {
      text: '',
      blocks: [{ type: 'section' as const, text: { type: 'mrkdwn' as const, text: 'x'.repeat(3001) } }],
    }
    expect(brokenLimits(long)).toEqual(['no top-level text', '.text is empty', '.blocks[0].text: 3001 > 3000'])
  })

  it('has the link nowhere but in the button of a live invitation', () => {
    for (const [name, shown] of everything) {
      const links = JSON.stringify(shown).split(LINK).length - 1
      const urls = JSON.stringify(shown).split(`"url":"${LINK}"`).length - 1
      expect([name, links]).toEqual([name, urls])
      if (!name.startsWith('invitation')) expect([name, links]).toEqual([name, 0])
    }
  })

  it('keeps the session id and the employee number to itself', () => {
    for (const [name, shown] of everything) expect(name + JSON.stringify(shown)).not.toMatch(/canary-session|47114711/)
  })

  it('names a channel only to the manager who just chose it', () => {
    const naming = everything.filter(([, shown]) => JSON.stringify(shown).includes('<#')).map(([name]) => name)
    expect(naming).toEqual(['accepted for a channel'])
  })

  it('lets Slack make nothing of its own out of the words', () => {
    for (const [name, shown] of everything) {
      const { blocks } = shown
      expect(
        name + JSON.stringify(blocks).replaceAll(/"type":"mrkdwn","text":"(?:[^"\\]|\\.)*","verbatim":true/g, ''),
      ).not.toContain('mrkdwn')
    }
  })
})

describe('a card', () => {
  it('says something of its own in every state', () => {
    const texts = allStates()
      .filter(([name]) => !/^starting|with a session/.test(name))
      .map(([, verification]) => renderMessage(CARD, verification).text)
    expect(new Set(texts).size).toBe(texts.length)
  })

  it('says in its text what its blocks say', () => {
    expect(renderMessage(CARD, buildWaiting({ session: buildSession({ deliveredAt: NOW }) })).text).toBe(
      'Waiting for <@W0OLA>. Link sent by direct message. <@W0OLA> has not opened it yet. The result will show here. ' +
        'Employee: <@W0OLA>; ' +
        'Asked by: <@U0MARIA>, <!date^1795426140^{date_short_pretty} at {time}|23 Nov 2026 at 09:29 UTC>; Provider: BankID; ' +
        'Deadline: <!date^1795429800^{date_short_pretty} at {time}|23 Nov 2026 at 10:30 UTC>; Link opened: Not yet.',
    )
  })

  it('shows its two buttons only while somebody must decide', () => {
    for (const [name, verification] of allStates()) {
      const buttons = JSON.stringify(renderMessage(CARD, verification)).includes('"button"')
      expect([name, buttons]).toEqual([name, verification.status === 'parked'])
    }
  })
})

describe('an invitation', () => {
  it('keeps its link while the verification is parked, and after "I did not expect this"', () => {
    const parked = buildParked({ reason: 'session_missing', session: buildWaiting().session })
    for (const verification of [parked, buildWaiting({ unexpectedAt: NOW })]) {
      expect(JSON.stringify(renderMessage(INVITATION, verification))).toContain(LINK)
    }
  })

  it('has no button at all once it is over or a newer one is in force', () => {
    const over = allStates().filter(([, { status }]) => status === 'settled' || status === 'failed')
    for (const verification of [...over.map(([, ended]) => ended), buildWaiting({ invitations: 1 })]) {
      expect(JSON.stringify(renderMessage(INVITATION, verification))).not.toContain('"button"')
    }
  })

  it('says something of its own for each outcome', () => {
    const settled = allStates().filter(([, { status }]) => status === 'settled')
    const texts = settled.map(([, verification]) => renderMessage(INVITATION, verification).text)
    expect(new Set(texts).size).toBe(texts.length)
  })

  it('offers "I did not expect this" until it was pressed', () => {
    const text = (unexpectedAt: number | null) =>
      JSON.stringify(renderMessage(INVITATION, buildWaiting({ unexpectedAt })))
    expect(text(null)).toContain('"not_expected"')
    expect(text(NOW)).not.toContain('"not_expected"')
    expect(text(NOW)).toContain('We told <@U0MARIA>')
  })
})

describe('a request for a decision', () => {
  it('has its buttons while it is the one that is open, and says so when it is done', () => {
    const parked = buildParked({ parks: 2 })
    const notice = (occasion: number) =>
      JSON.stringify(renderMessage({ kind: 'decision', occasion, movedBecause: null }, parked))
    expect(notice(2)).toContain('"retry_verification"')
    expect(notice(1)).not.toContain('"button"')
    expect(notice(1)).toContain('taken care of')
  })
})
