import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AUDIT_ACTIONS, type AuditEntry } from '../../../src/services/audit.ts'
import { AuditRow, hashOf, markOf } from '../../../src/services/store/audit-chain.ts'
import { headFile, makeAuditHeads, parseHead } from '../../../src/services/store/audit-heads.ts'
import { checkAudit } from '../../../src/services/store/read-audit.ts'
import { type OpenStore, openStore } from '../../helpers/open-store.ts'
import { makeRecordingLog } from '../../helpers/recording-log.ts'

const ROWS = 12
const COLUMNS = Object.keys(AuditRow.shape)
type Row = Record<string, string | number | null>

let folder: string
let path: string
let store: OpenStore
let time: number

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'verify-'))
  path = join(folder, 'verify.db')
  time = 1000
  store = openStore(path, { now: () => ++time })
  for (let nth = 0; nth < ROWS; nth += 1) await store.audit.record(entry(nth))
})
afterEach(() => {
  store.db.close()
  rmSync(folder, { recursive: true })
})

/** Every kind of entry: with and without people, a number, a verification and a reason. */
function entry(nth: number): AuditEntry {
  return {
    teamId: 'T1',
    actorId: nth % 4 === 3 ? null : `U0ACTOR${nth % 3}`,
    action: AUDIT_ACTIONS[nth % AUDIT_ACTIONS.length] ?? 'command',
    subjectId: nth % 5 === 4 ? null : `U0OLA${nth % 3}`,
    employeeNumber: nth % 5 === 4 || nth % 2 === 0 ? null : 4711 + nth,
    verificationId: nth % 3 === 0 ? null : `v${nth}`,
    result: nth % 2 === 0 ? 'done' : 'refused',
    reason: nth % 2 === 0 ? null : 'not_permitted',
  }
}

const rows = () => store.db.prepare<[], Row>('select * from audit order by seq').all()
const head = () => checkAudit(store.db).head
const problems = () => checkAudit(store.db).problems

/** What somebody with the file and an SQL prompt can do: no trigger, no check stands in the way. */
function tamper(change: (db: Database.Database) => void, known = [head()]): readonly string[] {
  const db = new Database(':memory:')
  db.exec(`create table audit (${COLUMNS.join(', ')})`)
  const insert = db.prepare(`insert into audit values (${COLUMNS.map(() => '?').join(', ')})`)
  for (const row of rows()) insert.run(...COLUMNS.map((column) => row[column]))
  expect(checkAudit(db).problems).toEqual([])
  change(db)
  const found = checkAudit(db, known).problems
  db.close()
  return found
}

const FORGED: Record<string, readonly (string | number | null)[]> = {
  seq: [-1, 0, 99, 2.5],
  at: [0, 9e12, 'now'],
  employee_number: [null, 1, 4712],
  erased: [1, 5],
  result: ['done', 'refused', 'unsure', 'great'],
}
const forgeries = (column: string) => FORGED[column] ?? [null, '', 'forged', 'U0ACTOR1', 'f'.repeat(64)]

describe('the check finds', () => {
  it('nothing in an audit as it was written', () => {
    expect(checkAudit(store.db)).toMatchObject({ rows: ROWS, problems: [] })
  })

  it('every column of every row, changed to anything else, without any head noted', () => {
    let tried = 0
    const missed: string[] = []
    for (const row of rows()) {
      for (const column of COLUMNS) {
        for (const value of forgeries(column).filter((forged) => forged !== row[column])) {
          tried += 1
          const forge = (db: Database.Database) =>
            db.prepare(`update audit set ${column} = ? where seq = ?`).run(value, row.seq)
          const found = tamper(forge, [])
          if (found.length === 0) missed.push(`${column} of row ${row.seq} to ${value}`)
        }
      }
    }
    expect(missed).toEqual([])
    expect(tried).toBeGreaterThan(700)
  })

  it('a changed row whose hash was made anew, by the row after it or by the noted head', () => {
    for (const { seq } of rows()) {
      const found = tamper((db) => {
        const row = AuditRow.parse(db.prepare('select * from audit where seq = ?').get(seq))
        const hash = hashOf({ ...row, result: 'unsure' })
        db.prepare("update audit set result = 'unsure', hash = ? where seq = ?").run(hash, seq)
      })
      expect(found).not.toEqual([])
    }
  })

  it('a person taken out without a word', () => {
    for (const who of ['actor_id = null, actor_salt', 'employee_number = null, subject_id = null, subject_salt']) {
      const column = who.includes('actor') ? 'actor_id' : 'subject_id'
      for (const { seq } of rows().filter((row) => row[column] !== null)) {
        expect(tamper((db) => db.prepare(`update audit set ${who} = null where seq = ?`).run(seq))).not.toEqual([])
      }
    }
  })

  it('a person taken out, and the count of those who were forgotten made to fit', () => {
    const found = tamper((db) => {
      db.exec('update audit set actor_id = null, actor_salt = null where seq = 1')
      db.exec('update audit set erased = 1 where seq = 2')
    }, [])
    expect(found).toEqual(['Row 2 was changed.'])
  })

  it('somebody else put in the place of a person, with a salt and a mark of their own', () => {
    const numbers = { actor: false, subject: true }
    for (const [who, hasNumber] of Object.entries(numbers)) {
      for (const { seq, employee_number: number } of rows().filter((row) => row[`${who}_id`] !== null)) {
        const mark = markOf('salt', 'U0SCAPEGOAT', hasNumber && number !== undefined ? Number(number) || null : null)
        const set = `${who}_id = 'U0SCAPEGOAT', ${who}_salt = 'salt', ${who}_mark = ?`
        const found = tamper((db) => db.prepare(`update audit set ${set} where seq = ?`).run(mark, seq), [])
        expect([who, seq, found]).toEqual([who, seq, [`Row ${seq} was changed.`]])
      }
    }
  })

  it('every row deleted, the last one too, with and without closing the gap', () => {
    for (const { seq } of rows()) {
      expect(tamper((db) => db.prepare('delete from audit where seq = ?').run(seq))).not.toEqual([])
      const closed = tamper((db) => {
        db.prepare('delete from audit where seq = ?').run(seq)
        db.prepare('update audit set seq = seq - 1 where seq > ?').run(seq)
      })
      expect(closed).not.toEqual([])
    }
  })

  it('every row deleted at once', () => {
    expect(tamper((db) => db.exec('delete from audit'))).toEqual([expect.stringContaining('cut off')])
  })

  it('any two rows in each other’s place', () => {
    for (const { seq: one } of rows()) {
      for (const { seq: other } of rows().filter(({ seq }) => Number(seq) > Number(one))) {
        const found = tamper((db) => {
          const swap = db.prepare('update audit set seq = ? where seq = ?')
          for (const [to, from] of [
            [-1, one],
            [one, other],
            [other, -1],
          ]) {
            swap.run(to, from)
          }
        })
        expect(found).not.toEqual([])
      }
    }
  })

  it('a row put in anywhere, with a hash of its own', () => {
    for (const { seq } of rows()) {
      const found = tamper((db) => {
        db.prepare('update audit set seq = -seq - 1 where seq >= ?').run(seq)
        db.exec('update audit set seq = -seq where seq < 0')
        const after = AuditRow.parse(db.prepare('select * from audit where seq = ?').get(Number(seq) + 1))
        const row = { ...after, seq: Number(seq), action: 'close' }
        const values = { ...row, hash: hashOf(row) }
        db.prepare(`insert into audit values (${COLUMNS.map((column) => `:${column}`).join(', ')})`).run(values)
      })
      expect(found).not.toEqual([])
    }
  })

  it('a chain that was made anew from some row on, by the noted head alone', () => {
    const found = tamper((db) => {
      let previous = ''
      for (const stored of db.prepare('select * from audit order by seq').all()) {
        const row = {
          ...AuditRow.parse(stored),
          ...(previous === '' ? { action: 'close' } : { previous_hash: previous }),
        }
        previous = hashOf(row)
        db.prepare('update audit set action = ?, previous_hash = ?, hash = ? where seq = ?').run(
          row.action,
          row.previous_hash,
          previous,
          row.seq,
        )
      }
      expect(checkAudit(db).problems).toEqual([])
    })
    expect(found).toEqual([`Row ${ROWS} is not the one that was noted.`])
  })
})

describe('the database itself refuses', () => {
  it.each(COLUMNS)('to change %s', (column) => {
    const row = rows().find((each) => each[column] !== null && each.actor_id !== null && each.employee_number !== null)
    const change = store.db.prepare(`update audit set ${column} = ? where seq = ?`)
    for (const value of [null, 'forged', 1]) expect(() => change.run(value, row?.seq)).toThrow()
    expect(problems()).toEqual([])
  })

  it('to delete, to replace, and to add anywhere but at the end', () => {
    const row = store.db.prepare<[], Row>('select * from audit where seq = 3').get() ?? {}
    const names = COLUMNS.map((column) => `:${column}`).join(', ')
    expect(() => store.db.exec('delete from audit')).toThrow('only ever added to')
    expect(() => store.db.prepare(`insert or replace into audit (${COLUMNS}) values (${names})`).run(row)).toThrow()
    const late = { ...row, seq: 99, hash: 'e'.repeat(64), previous_hash: head().hash }
    expect(() => store.db.prepare(`insert into audit (${COLUMNS}) values (${names})`).run(late)).toThrow()
    expect(checkAudit(store.db)).toMatchObject({ rows: ROWS, problems: [] })
  })

  it.each([
    ['reason', 'ola@example.no'],
    ['reason', 'https://x.example/'],
    ['actorId', 'Ola Nordmann'],
    ['subjectId', 'ola@example.no'],
  ])('what is no word or id of ours as %s: %s', async (field, value) => {
    await expect(store.audit.record({ ...entry(0), [field]: value })).rejects.toThrow()
  })
})

describe('somebody who keeps trying', () => {
  const HOUR_MS = 3_600_000
  const refused = (news: Partial<AuditEntry> = {}) =>
    store.audit.record({ ...entry(0), actorId: 'U0EVE', result: 'refused', reason: 'not_permitted', ...news })
  const ofEve = () => rows().filter(({ actor_id }) => actor_id === 'U0EVE')

  it('fills no disk: thirty refusals an hour are on record, the last of which says that there were more', async () => {
    for (let nth = 0; nth < 1000; nth += 1) {
      // However it varies, and whether Slack answered or not.
      await refused(nth % 2 === 0 ? { subjectId: `U0OLA${nth}` } : { result: 'unsure', reason: 'slack_did_not_answer' })
    }
    expect(ofEve()).toHaveLength(30)
    expect(
      ofEve()
        .map(({ reason }) => reason)
        .indexOf('more_not_recorded'),
    ).toBe(29)
    expect(problems()).toEqual([])
  })

  it('is on record again in the next hour', async () => {
    for (let nth = 0; nth < 40; nth += 1) await refused()
    time += HOUR_MS
    await refused()
    expect(ofEve()).toHaveLength(31)
    expect(ofEve().at(-1)).toMatchObject({ reason: 'not_permitted' })
    expect(problems()).toEqual([])
  })

  it('keeps nothing else off the record: what they may do, what others are refused, what happens by itself', async () => {
    for (let nth = 0; nth < 40; nth += 1) await refused()
    const before = rows().length
    await refused({ result: 'done', reason: null })
    await refused({ actorId: 'U0ADAM' })
    await refused({ teamId: 'T2' })
    for (let nth = 0; nth < 40; nth += 1) await refused({ actorId: null })
    expect(rows()).toHaveLength(before + 43)
  })

  it('is recorded after the clock was set back', async () => {
    for (let nth = 0; nth < 40; nth += 1) await refused()
    time -= 2 * HOUR_MS
    await refused()
    expect(ofEve()).toHaveLength(31)
  })
})

describe('forgetting', () => {
  it('takes the person out of every entry, and the chain stays valid', async () => {
    const before = rows()
    const count = before.filter((row) => row.actor_id === 'U0OLA1' || row.subject_id === 'U0OLA1').length
    const noted = head()
    expect(await store.audit.forget('T1', 'U0OLA1')).toBe(count)
    expect(JSON.stringify(rows())).not.toContain('U0OLA1')
    expect(checkAudit(store.db, [noted])).toMatchObject({ rows: ROWS + 1, problems: [] })
    expect(await store.audit.historyOf('T1', 'U0OLA1', 20)).toEqual([])
    expect(await store.audit.forget('T1', 'U0OLA1')).toBe(0)
    await store.audit.record({ ...entry(0), subjectId: 'U0OLA1' })
    expect(problems()).toEqual([])
  })

  it('is about one workspace', async () => {
    expect(await store.audit.forget('T2', 'U0OLA1')).toBe(0)
    expect(problems()).toEqual([])
  })

  it('leaves marks of which two say nothing about being the same person', async () => {
    await store.audit.record(entry(0))
    const marks = rows().flatMap(({ actor_mark, subject_mark }) => [actor_mark, subject_mark].filter((mark) => mark))
    expect(new Set(marks).size).toBe(marks.length)
  })
})

describe('the noted head', () => {
  const heads = () => {
    const { log, lines } = makeRecordingLog()
    const made = makeAuditHeads(store.db, { databasePath: path, log })
    return { ...made, lines }
  }
  const noted = () => parseHead(readFileSync(headFile(path), 'utf8'))

  it('is the last row, for its owner only, and follows it', async () => {
    const one = heads()
    one.start()
    expect(noted()).toEqual(head())
    expect(statSync(headFile(path)).mode & 0o777).toBe(0o600)
    await store.audit.record(entry(1))
    one.stop()
    expect(noted()).toEqual(head())
    expect(one.lines).toEqual([])
  })

  it.each([
    ['cut off since', `99:${'a'.repeat(64)}`],
    ['replaced since', `3:${'a'.repeat(64)}`],
    ['unreadable', 'nonsense'],
  ])('%s is said and never overwritten', (_what, text) => {
    writeFileSync(headFile(path), text)
    const one = heads()
    one.start()
    one.stop()
    expect(readFileSync(headFile(path), 'utf8')).toBe(text)
    expect(one.lines).toHaveLength(1)
  })
})
