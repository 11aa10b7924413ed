import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { csvField } from '../../src/services/csv-lines.ts'
import { planImport, readEmployeesFile, writeEmployeesFile } from '../../src/services/employees-csv.ts'
import type { KnownEmployee } from '../../src/services/store/employee-store.ts'

const HEADER = 'slack_user_id,easyfreelance_id'
const read = (text: string) => readEmployeesFile(text)
const problems = (text: string) => {
  const file = read(text)
  return file.ok ? [] : file.problems.map(({ line, problem }) => `${line} ${problem}`)
}
const known = (userId: string, employeeNumber: number, source: KnownEmployee['source'] = 'linked'): KnownEmployee => ({
  userId,
  employeeNumber,
  source,
  linkedBy: null,
})

describe('a file', () => {
  it.each([
    `${HEADER}\nU0OLA,4711\nU0KARI,4712\n`,
    `\ufeff${HEADER}\r\nU0OLA,4711\r\n\r\nU0KARI,4712`,
    'Slack_User_Id; EasyFreelance_Id\rU0OLA;4711\r  \rU0KARI ; 4712\r',
    `"slack_user_id","easyfreelance_id"\n"U0OLA","4711"\n"U0KARI",4712`,
  ])('is read as spreadsheets and people write it: %j', (text) => {
    const file = read(text)
    expect(file.ok && file.lines.map(({ userId, employeeNumber }) => [userId, employeeNumber])).toEqual([
      ['U0OLA', 4711],
      ['U0KARI', 4712],
    ])
  })

  it('has every bad line named, with its number and without what stands there', () => {
    const bad = ['ola,4711', 'U0OLA', 'U0OLA,=1+1', 'U0OLA,0', 'U0OLA,2147483648', 'U0A,1,2', '"U0A,1', '<@U0A>,7']
    const found = problems([HEADER, 'U0KARI,4712', ...bad.slice(0, 6)].join('\n'))
    expect(found.map((line) => Number(line.split(' ')[0]))).toEqual([3, 4, 5, 6, 7, 8])
    expect(problems(`${HEADER}\n"U0A,1\nU0B,2`)).toEqual(['2 The quotation marks do not match.'])
    expect(problems(`${HEADER}\n"U0\nA",1\nU0B,x`).map((line) => line.slice(0, 2))).toEqual(['2 ', '4 '])
    for (const line of found) expect(line).not.toMatch(/ola|=1|<@/i)
  })

  it('may not name a person or a number twice', () => {
    expect(problems(`${HEADER}\nU0OLA,1\nU0OLA,2\nU0KARI,1`)).toEqual([
      '3 The same person as in line 2.',
      '4 The same number as in line 2.',
    ])
  })

  it.each(['', '\n', 'U0OLA,4711', 'easyfreelance_id,slack_user_id\n', `${HEADER},name\n`])(
    'needs its header: %j',
    (text) => {
      expect(problems(text)).toEqual([`1 The first line must be: ${HEADER}`])
    },
  )

  it('of 10,000 lines of anything never throws; it is taken whole or not at all', () => {
    const good = fc.tuple(fc.stringMatching(/^[UW][A-Z0-9]{2,10}$/), fc.integer({ min: 1, max: 2 ** 31 - 1 }))
    const line = fc.oneof(
      { weight: 3, arbitrary: good.map(([userId, number]) => `${userId},${number}`) },
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.constantFrom(
        '',
        '"',
        '""',
        '"U0A",1',
        'U0A,"1',
        '=cmd|,1',
        ',',
        ',,,',
        '\ufeff',
        'U0A;1',
        'U0A,1\r',
        '"a""b",1',
      ),
    )
    const file = fc.oneof(
      fc.array(
        good.map(([userId, number]) => `${userId},${number}`),
        { maxLength: 10 },
      ),
      fc.array(line, { minLength: 25, maxLength: 60 }),
    )
    let lines = 0
    let taken = 0
    fc.assert(
      fc.property(file, fc.constantFrom('\n', '\r\n', '\r'), fc.boolean(), (all, end, header) => {
        lines += all.length
        const result = read([...(header ? [HEADER] : []), ...all].join(end))
        if (!result.ok)
          return result.problems.length > 0 && result.problems.every(({ line, problem }) => line >= 1 && problem !== '')
        taken += result.lines.length
        return (
          new Set(result.lines.map(({ userId }) => userId)).size === result.lines.length &&
          new Set(result.lines.map(({ employeeNumber }) => employeeNumber)).size === result.lines.length &&
          result.lines.every(({ userId, employeeNumber }) => /^[UW][A-Z0-9]+$/.test(userId) && employeeNumber >= 1)
        )
      }),
      { numRuns: 800 },
    )
    expect(lines).toBeGreaterThan(10_000)
    expect(taken).toBeGreaterThan(100)
  })

  it('comes back from what is written', () => {
    const people = fc.uniqueArray(fc.stringMatching(/^[UW][A-Z0-9]{2,10}$/), { maxLength: 30 })
    fc.assert(
      fc.property(people, (users) => {
        const held = users.map((userId, at) => ({ userId, employeeNumber: at + 1 }))
        const file = read(writeEmployeesFile(held))
        return (
          file.ok && file.lines.every(({ userId }, at) => userId === users[at]) && file.lines.length === users.length
        )
      }),
    )
  })

  it('is no formula to a spreadsheet, whatever stands in the database', () => {
    for (const value of ['=1+1', '+1', '-1', '@a', '\t=1', '\r=1', 'a,b', 'a"b', ' =1', '']) {
      expect(csvField(value)).toMatch(/^"'/)
    }
    expect(csvField('a"b')).toBe('"\'a""b"')
  })
})

describe('a plan', () => {
  const lines = (text: string) => {
    const file = read(`${HEADER}\n${text}`)
    if (!file.ok) throw new Error('not read')
    return file.lines
  }

  it('says what would change', () => {
    const numbers = { known: [known('U0A', 1), known('U0B', 2, 'remembered'), known('U0C', 3)], open: [] }
    const plan = planImport(lines('U0A,1\nU0B,2\nU0C,4\nU0D,5'), numbers)
    expect(plan.ok && plan.changes.map(({ is }) => is)).toEqual(['unchanged', 'confirm', 'change', 'new'])
  })

  it('names each line whose number is somebody else’s, unless they get another one in the same file', () => {
    const numbers = { known: [known('U0A', 1), known('U0B', 2)], open: [{ userId: 'U0C', employeeNumber: 3 }] }
    expect(planImport(lines('U0X,1\nU0Y,3'), numbers)).toEqual({
      ok: false,
      problems: [
        { line: 2, problem: 'The number belongs to U0A, who is not in this file.' },
        { line: 3, problem: 'The number is in an open verification of U0C.' },
      ],
    })
    expect(planImport(lines('U0A,2\nU0B,1\nU0C,3'), numbers)).toMatchObject({ ok: true })
  })
})
