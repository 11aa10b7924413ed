import { describe, expect, it } from 'vitest'
import { HISTORY_SHOWN, type HistoryEntry, verificationHistory } from '../../src/views/history.ts'
import { readVerifyCommand } from '../../src/views/verify-command.ts'
import { limitProblem } from '../../src/views/verify-problems.ts'
import { NOW } from './build-verification.ts'
import { allHistoryEntries } from './catalogue.ts'

const ENTRY: HistoryEntry = {
  at: NOW,
  actorId: 'U0MARIA',
  actorForgotten: false,
  action: 'request',
  employeeNumber: null,
  result: 'done',
  reason: null,
}
const WHEN = '<!date^1795426200^{date_short_pretty} at {time}|23 Nov 2026 at 09:30 UTC>'
const line = (news: Partial<HistoryEntry>) => verificationHistory('W0OLA', [{ ...ENTRY, ...news }]).text.split('\n')[1]

describe('the history', () => {
  it.each<[Partial<HistoryEntry>, string]>([
    [{}, '<@U0MARIA> asked for a verification'],
    [{ result: 'refused', reason: 'not_permitted' }, '<@U0MARIA> asked for a verification – refused: not permitted'],
    [
      { result: 'unsure', reason: 'slack_did_not_answer' },
      '<@U0MARIA> asked for a verification – refused: Slack did not say who somebody is',
    ],
    [{ actorId: null, actorForgotten: true }, 'Somebody who was forgotten asked for a verification'],
    [{ actorId: null, action: 'settled', reason: 'approved' }, 'EasyFreelance reported a result: approved'],
    [{ actorId: null, action: 'parked', reason: 'unsafe_link' }, 'It stopped, for a person to decide: unsafe link'],
    [
      { actorId: null, action: 'link', employeeNumber: 4711 },
      'The operator linked the person to EasyFreelance, id 4711',
    ],
    [
      { action: 'lookup', reason: 'asked' },
      '<@U0MARIA> had the person looked up at EasyFreelance by e-mail: the question was sent',
    ],
    [
      { action: 'lookup', reason: 'found', employeeNumber: 4711 },
      '<@U0MARIA> had the person looked up at EasyFreelance by e-mail, id 4711: an account was linked or created',
    ],
    [
      { action: 'lookup', result: 'unsure', reason: 'timeout' },
      '<@U0MARIA> had the person looked up at EasyFreelance by e-mail – no clear answer: an account may have been linked or created',
    ],
    [{ action: 'a_new_word' }, '<@U0MARIA> a new word'],
    [{ actorId: '<!channel>' }, 'somebody asked for a verification'],
    [{ reason: '<!channel> & co' }, '<@U0MARIA> asked for a verification: &lt;!channel&gt; &amp; co'],
  ])('says %j in plain words', (news, words) => expect(line(news)).toBe(`• ${WHEN}: ${words}`))

  it('shows the latest twenty, whatever they say, in one block after another', () => {
    const { text, blocks } = verificationHistory('W0OLA', allHistoryEntries())
    expect(text.match(/•/g)).toHaveLength(HISTORY_SHOWN)
    expect(blocks.length).toBeLessThan(5)
    expect(text).toMatch(/^\*On record about <@W0OLA>: the latest 20, newest first\*\n/)
  })

  it('is read from the command, and never guesses whom', () => {
    expect(readVerifyCommand('history <@W0OLA|ola>')).toEqual({ do: 'history', employeeId: 'W0OLA' })
    expect(readVerifyCommand('History @ola')).toEqual({ do: 'history', employeeId: null })
  })
})

it('a limit names the first minute at which it is over', () => {
  const at = NOW + 30_001
  const { 1: unix } = /<!date\^(\d+)\^/.exec(limitProblem('W0OLA', { limit: 'employee', until: at })) ?? []
  expect(Number(unix) * 1000).toBe(NOW + 60_000)
})
