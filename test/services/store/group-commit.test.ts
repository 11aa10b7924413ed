import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Database from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  type GroupCommit,
  MOST_TOGETHER,
  MOST_TURNS,
  makeGroupCommit,
} from '../../../src/services/store/group-commit.ts'

let folder: string
let db: Database.Database
let reader: Database.Database
let group: GroupCommit
let commit: GroupCommit['together']

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'verify-group-'))
  const path = join(folder, 'group.db')
  db = new Database(path)
  db.exec('pragma journal_mode = wal; pragma synchronous = full; create table words (word text primary key) strict')
  reader = new Database(path, { readonly: true })
  group = makeGroupCommit(db, { soon: setImmediate })
  commit = group.together
})
afterEach(() => {
  db.close()
  reader.close()
  rmSync(folder, { recursive: true })
})

/** What another connection sees: only what is committed. */
const words = () => reader.prepare('select word from words order by rowid').pluck().all().map(String)
const add = (...all: string[]) => {
  for (const word of all) db.prepare('insert into words values (?)').run(word)
  return all.length
}
const addTogether = (...all: string[]) => db.transaction(() => add(...all))()

describe('what is asked for at about the same time', () => {
  it('is committed together, in the order it was asked for', async () => {
    const seen = ['one', 'two', 'three'].map((word) => commit(() => add(word)).then(words))
    expect(words()).toEqual([])
    expect(await Promise.all(seen)).toEqual(Array(3).fill(['one', 'two', 'three']))
  })

  it('is committed at once when something else must come after it, and only once', async () => {
    const asked = commit(() => add('one'))
    group.flush()
    expect(words()).toEqual(['one'])
    group.flush()
    expect(await asked).toBe(1)
  })

  it('sees what was asked for before it', async () => {
    const count = () => Number(db.prepare('select count(*) from words').pluck().get())
    expect(await Promise.all([commit(count), commit(() => add('one')), commit(count)])).toEqual([0, 1, 1])
  })

  it('takes back the work that breaks, as a whole, and nothing else', async () => {
    const results = await Promise.allSettled([
      commit(() => addTogether('one')),
      commit(() => addTogether('two', 'one')),
      commit(() => addTogether('three')),
    ])
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled'])
    expect(words()).toEqual(['one', 'three'])
  })

  it('fails as a whole when SQLite takes everything back, and the next turn goes on', async () => {
    const broken = await Promise.allSettled([
      commit(() => add('one')),
      commit(() => db.exec('rollback; select no_such_column')),
      commit(() => add('two')),
    ])
    expect(broken.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected'])
    expect(words()).toEqual([])
    await commit(() => add('three'))
    expect(words()).toEqual(['three'])
  })

  it('fails when the database is closed before its turn comes', async () => {
    const asked = commit(() => add('one'))
    db.close()
    await expect(asked).rejects.toThrow('not open')
  })
})

describe('a commit', () => {
  let looks: (() => void)[]
  let isMoreComing: boolean
  beforeEach(() => {
    looks = []
    isMoreComing = false
    group = makeGroupCommit(db, { soon: (look) => looks.push(look), isMoreComing: () => isMoreComing })
  })
  const turn = () => {
    for (const look of looks.splice(0)) look()
  }

  it('waits as long as each turn brings more', async () => {
    const asked = [group.together(() => add('one'))]
    turn()
    expect(words()).toEqual([])
    asked.push(group.together(() => add('two')))
    turn()
    expect(words()).toEqual([])
    turn()
    expect(words()).toEqual(['one', 'two'])
    await Promise.all(asked)
  })

  it('waits for what is on its way', async () => {
    isMoreComing = true
    const asked = group.together(() => add('one'))
    turn()
    turn()
    expect(words()).toEqual([])
    isMoreComing = false
    turn()
    expect(words()).toEqual(['one'])
    await asked
  })

  it('waits for a few turns only, whatever is on its way', async () => {
    isMoreComing = true
    const asked = group.together(() => add('one'))
    for (let turns = 0; turns < MOST_TURNS; turns += 1) turn()
    expect(words()).toEqual(['one'])
    await asked
  })

  it('waits for a few turns only, however much each brings', async () => {
    const asked = Array.from({ length: MOST_TURNS }, (_, nth) => {
      expect(words()).toEqual([])
      const work = group.together(() => add(`word ${nth}`))
      turn()
      return work
    })
    expect(words()).toHaveLength(MOST_TURNS)
    await Promise.all(asked)
  })

  it('takes in so much only, and leaves the rest to the turns that follow, in the order of asking', async () => {
    const all = Array.from({ length: 2 * MOST_TOGETHER + 1 }, (_, nth) => `word ${nth}`)
    const asked = all.map((word) => group.together(() => add(word)))
    turn()
    for (const most of [MOST_TOGETHER, 2 * MOST_TOGETHER]) {
      turn()
      expect(words()).toEqual(all.slice(0, most))
    }
    asked.push(group.together(() => add('last')))
    turn()
    expect(words()).toEqual([...all, 'last'])
    await Promise.all(asked)
  })

  it('takes in everything when something else must come after it', async () => {
    const asked = Array.from({ length: 2 * MOST_TOGETHER }, (_, nth) => group.together(() => add(`word ${nth}`)))
    group.flush()
    expect(words()).toHaveLength(asked.length)
    await Promise.all(asked)
  })
})
