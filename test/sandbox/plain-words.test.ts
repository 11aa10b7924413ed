import { describe, expect, it } from 'vitest'
import { plainWords } from '../../sandbox/plain-words.ts'
import { renderMessage } from '../helpers/links.ts'
import { allStates } from '../views/catalogue.ts'

const WORLD = {
  people: [{ id: 'U0OLA', name: 'Ola Nordmann' }],
  channels: [{ id: 'C0GENERAL', name: 'general' }],
  now: Date.UTC(2026, 10, 23, 9, 30),
}

describe('words for a terminal', () => {
  it.each([
    [':white_check_mark: *<@U0OLA>* is _verified_, in <#C0GENERAL>', '✅ @Ola Nordmann is verified, in #general'],
    ['type `/verify`\n> and &lt;choose&gt;', 'type /verify and <choose>'],
    ['• one\n• two', '• one • two'],
    ['<https://example.com|our page> ~gone~', 'our page gone'],
    ['until <!date^1795563000^{date_num}|then>', 'until 2026-11-24'],
    ['<@U0STRANGER> and :no_such_word:, 2*3*4', '@U0STRANGER and :no_such_word:, 2*3*4'],
  ])('%j reads %j', (mrkdwn, plain) => {
    expect(plainWords(mrkdwn, WORLD)).toBe(plain)
  })

  it('leave no markup in what cards and invitations say', () => {
    const texts = allStates().flatMap(([, verification]) =>
      (['card', 'invitation'] as const).flatMap((kind) => {
        const { text, blocks } = renderMessage({ kind, occasion: 0, movedBecause: null }, verification)
        return [
          text,
          ...[...JSON.stringify(blocks).matchAll(/"mrkdwn","text":("(?:[^"\\]|\\.)*")/g)].map(([, json = '']) =>
            String(JSON.parse(json)),
          ),
        ]
      }),
    )
    for (const mark of [/<@/, /\*\S/, /:[a-z_]+:/]) expect(texts.some((text) => mark.test(text))).toBe(true)
    const plain = [...new Set(texts)].map((text) => plainWords(text, WORLD))
    expect(plain.filter((text) => /<[@#!]|\*|:[a-z_]+:|`/.test(text))).toEqual([])
  })
})
