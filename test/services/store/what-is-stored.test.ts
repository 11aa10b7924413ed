import { createSecretKey, randomBytes } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { makePseudonyms } from '../../../src/services/store/pseudonyms.ts'
import { makeRetentionStore } from '../../../src/services/store/retention-store.ts'
import { AT_REST } from '../../../src/services/store/schedule.ts'
import { openStore } from '../../helpers/open-store.ts'
import { buildRequested, buildSettled, buildWaiting, NOW } from '../../views/build-verification.ts'

/**
 * Everything the database may hold, column by column, and how long. Whoever adds a column says here and in
 * docs/privacy.md what it is for.
 *
 * - course: how a verification or a message goes on; about nobody. Stays.
 * - person: tells who somebody is. Pseudonymised RETENTION_DAYS after the end, and when the person is forgotten.
 * - words: what people or EasyFreelance wrote about them. Deleted RETENTION_DAYS after the end, and when they are forgotten.
 * - secret: sealed, and only while the session is open.
 * - place: where a message stands in Slack. Deleted with the message's row, RETENTION_DAYS after the end.
 * - record: the audit's own; stays, and says nothing about anybody without the names beside it.
 * - named: a name in the audit, or what proves it. Taken out with the verification's names, or when the person is forgotten.
 * - story: how it came there, in ids and words of ours. Deleted when the verification's people are.
 * - link: who is whom; until it is unlinked or forgotten, or no verification names the person.
 */
type Kept = 'course' | 'person' | 'words' | 'secret' | 'place' | 'record' | 'named' | 'story' | 'link'

const MAY_BE_STORED: Readonly<Record<string, Readonly<Record<string, Kept>>>> = {
  verifications: {
    id: 'course',
    team_id: 'course',
    view_id: 'person',
    manager_id: 'person',
    employee_id: 'person',
    employee_number: 'person',
    provider: 'course',
    id_type: 'course',
    note: 'words',
    card_channel_id: 'words',
    created_at: 'course',
    revision: 'course',
    unexpected_at: 'course',
    invitations: 'course',
    parks: 'course',
    status: 'course',
    unclear_starts: 'course',
    hold: 'course',
    session_id: 'person',
    link: 'secret',
    started_at: 'course',
    expires_at: 'course',
    delivered_at: 'course',
    opened_at: 'course',
    returned_at: 'course',
    reported: 'words',
    misses: 'course',
    outcome: 'course',
    missing_steps: 'words',
    reason: 'course',
    ended_at: 'course',
    closed_by: 'person',
    next_at: 'course',
    pace: 'course',
    claimed: 'course',
    attempts: 'course',
    troubles: 'course',
    pseudonymised_at: 'course',
  },
  messages: {
    id: 'place',
    verification_id: 'place',
    kind: 'place',
    occasion: 'place',
    created_at: 'place',
    version: 'place',
    user_id: 'place',
    channel_id: 'place',
    moved_because: 'place',
    sends: 'place',
    state: 'place',
    conversation_id: 'place',
    ts: 'place',
    since: 'place',
    shown_revision: 'place',
    shown_digest: 'place',
    clean_reads: 'place',
    resent_at: 'place',
    sweeps: 'place',
    reason: 'place',
    next_at: 'place',
    late_at: 'place',
    claimed: 'place',
    attempts: 'place',
    troubles: 'place',
  },
  employees: {
    team_id: 'link',
    user_id: 'link',
    employee_number: 'link',
    remembered_at: 'link',
    source: 'link',
    linked_by: 'link',
  },
  ledger: {
    seq: 'story',
    verification_id: 'story',
    message_id: 'story',
    at: 'story',
    what: 'story',
    was: 'story',
    became: 'story',
    revision: 'story',
    reason: 'story',
    count: 'story',
    last_at: 'story',
  },
  audit: {
    seq: 'record',
    at: 'record',
    team_id: 'record',
    action: 'record',
    result: 'record',
    reason: 'record',
    verification_id: 'record',
    erased: 'record',
    actor_mark: 'record',
    subject_mark: 'record',
    previous_hash: 'record',
    hash: 'record',
    actor_id: 'named',
    actor_salt: 'named',
    subject_id: 'named',
    subject_salt: 'named',
    employee_number: 'named',
  },
}

/** What docs/privacy.md says of each kind. */
const SAID: Readonly<Record<Kept, string>> = {
  course: '| provider, ID type, times, state, outcome | to show how it stands, to count | stays, without people |',
  person: '`RETENTION_DAYS` (90) after the end, then replaced by pseudonyms',
  words:
    "| the manager's note, the channel of the card, steps that EasyFreelance calls missing, a status word we do not know |",
  secret: 'a sealed text at rest | until the session ends, or the verification is closed |',
  place: "| where the bot's messages stand in Slack | to edit them | the same, then deleted |",
  record: 'ids and words of ours only',
  named: 'names that belong to a verification: as long as it names people.',
  story:
    '| the ledger: what happened to each verification and its messages, when, and why; ids and words of ours, no person |',
  link: '| the link table: Slack user, EasyFreelance number, which manager linked them |',
}

/** No column of any of them may ever come to be: what we are told and do not keep. */
const NEVER = /mail|name$|bank|iban|tax|address|phone|ssn|birth|token|secret|url|payload|text|_ip$|^ip/

const store = openStore()
afterAll(() => store.db.close())

const tables = () =>
  store.db
    .prepare<[], { name: string }>("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
    .all()
const columns = (table: string) =>
  store.db
    .prepare<[string], { name: string }>('select name from pragma_table_xinfo(?)')
    .all(table)
    .map(({ name }) => name)

describe('what may be stored', () => {
  it('is in these tables and columns of the migrated database, and in no others', () => {
    const stored = Object.fromEntries(tables().map(({ name }) => [name, columns(name).toSorted()]))
    const allowed = Object.entries(MAY_BE_STORED).map(([table, kept]) => [table, Object.keys(kept).toSorted()])
    expect(stored).toEqual(Object.fromEntries(allowed))
  })

  it('is in no view, no virtual table and no index over an expression', () => {
    const other = store.db
      .prepare("select name from sqlite_schema where type = 'view' or sql like '%virtual table%'")
      .all()
    const overExpressions = store.db
      .prepare(
        "select il.name from sqlite_schema s, pragma_index_list(s.name) il, pragma_index_xinfo(il.name) c where s.type = 'table' and c.cid = -2",
      )
      .all()
    expect([other, overExpressions]).toEqual([[], []])
  })

  it('has no place for what is not to be kept', () => {
    const suspicious = Object.values(MAY_BE_STORED)
      .flatMap((kept) => Object.keys(kept))
      .filter((name) => NEVER.test(name))
    expect(suspicious).toEqual([])
  })

  it('is only numbers and texts, none of them of any type', () => {
    for (const { name } of tables()) {
      const { strict } =
        store.db.prepare<[string], { strict: number }>('select strict from pragma_table_list(?)').get(name) ?? {}
      expect([name, strict]).toEqual([name, 1])
    }
    const blobs = tables().flatMap(({ name }) =>
      store.db
        .prepare<[string], { type: string }>('select type from pragma_table_info(?)')
        .all(name)
        .map(({ type }) => type),
    )
    expect([...new Set(blobs.map((type) => type.toLowerCase()))].toSorted()).toEqual(['integer', 'text'])
  })

  it('is what the privacy officer is told, kind by kind', () => {
    const told = readFileSync('docs/privacy.md', 'utf8')
    for (const [kind, sentence] of Object.entries(SAID)) expect([kind, told.includes(sentence)]).toEqual([kind, true])
  })

  it('stays, changes and goes after RETENTION_DAYS as it says here', async () => {
    const news = { note: 'a note', cardChannelId: 'C0TEAM', reported: 'in_review', missingSteps: ['bank'] }
    await store.verifications.insert(buildRequested({ ...news, revision: 1 }), NOW)
    await store.verifications.save(buildWaiting({ ...news, revision: 2 }), 1, AT_REST, NOW)
    await store.verifications.save(buildSettled({ ...news, outcome: 'other', revision: 3 }), 2, AT_REST, NOW)
    const row = () => store.db.prepare<[], Record<string, unknown>>('select * from verifications').get() ?? {}
    const before = row()
    const { id } = buildSettled()
    const pseudonyms = makePseudonyms([createSecretKey(randomBytes(32))])
    expect(await makeRetentionStore(store.db, { pseudonyms }).pseudonymise(id, NOW)).toBe(true)
    const after = row()
    for (const [column, kept] of Object.entries(MAY_BE_STORED.verifications ?? {})) {
      const [was, is] = [before[column], after[column]]
      if (kept === 'secret') expect([column, is]).toEqual([column, null])
      else if (kept === 'words')
        expect([column, was !== null, is === null || is === '[]']).toEqual([column, true, true])
      else if (kept === 'person' && was !== null) expect([column, is]).not.toEqual([column, was])
      else if (column !== 'pseudonymised_at') expect([column, is]).toEqual([column, was])
    }
    const names = Object.entries(MAY_BE_STORED.audit ?? {}).flatMap(([column, kept]) =>
      kept === 'named' ? [column] : [],
    )
    for (const entry of store.db.prepare<[], Record<string, unknown>>('select * from audit').all()) {
      for (const column of names) expect([column, entry[column]]).toEqual([column, null])
    }
    for (const table of ['messages', 'employees', 'ledger']) {
      expect([table, store.db.prepare(`select count(*) from ${table}`).pluck().get()]).toEqual([table, 0])
    }
  })
})
