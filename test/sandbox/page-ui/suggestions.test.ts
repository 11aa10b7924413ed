import { describe, expect, it } from 'vitest'
import { isComplete, readLine, suggestionsAt } from '../../../sandbox/page/ui/shell/suggestions.ts'

const person = (id: string, name: string, realName: string) => ({ id, name, realName, role: 'employee', canAct: true })
const KNOWN = {
  commands: [{ command: '/verify', description: 'Ask', usageHint: '@employee' }],
  people: [person('U0OLA', 'ola', 'Ola Nordmann'), person('U0KARI', 'kari', 'Kari Nordmann')],
}
const offered = (text: string, caret = text.length) =>
  suggestionsAt(text, caret, KNOWN)?.items.map(({ insert }) => insert) ?? null

describe('what the composer offers', () => {
  it.each([
    ['/', ['/verify ']],
    ['/ver', ['/verify ']],
    ['/other', null],
    ['say /ver', null],
    ['/verify ', null],
    ['/verify @', ['@ola ', '@kari ']],
    ['/verify @nord', ['@ola ', '@kari ']],
    ['hi @KA', ['@kari ']],
    ['ola@ka', null],
    ['@nobody', null],
  ])('%s', (text, expected) => {
    expect(offered(text)).toEqual(expected)
  })

  it('is about what stands before the caret', () => {
    expect(offered('/verify @ka later', 11)).toEqual(['@kari '])
  })

  it('is complete when a name or command is typed to its end', () => {
    const complete = (text: string) => {
      const found = suggestionsAt(text, text.length, KNOWN)
      return found !== null && isComplete(found)
    }
    expect(['/verify', '@Ola', '@ol', '/ver'].map(complete)).toEqual([true, true, false, false])
  })
})

describe('what is sent', () => {
  it('a command with its text', () => {
    expect(readLine('/verify  @ola please ', KNOWN)).toEqual({
      kind: 'command',
      command: '/verify',
      text: '@ola please',
    })
    expect(readLine('/other x', KNOWN)).toEqual({ kind: 'unknown_command', command: '/other' })
  })
  it('words, with people mentioned and signs escaped', () => {
    expect(readLine('Hi @ola & @who <!channel>', KNOWN)).toEqual({
      kind: 'say',
      text: 'Hi <@U0OLA> &amp; @who &lt;!channel&gt;',
    })
  })
})
