import type { Database } from 'better-sqlite3'
import { openDatabase } from '../../src/services/store/open-database.ts'

/**
 * One real database for run after run. Each life of the bot prepares its statements anew; the handles behind them are used
 * again, because nothing that better-sqlite3 has made may be let go (`src/services/store/keep.ts`).
 */
export type ReusedDatabase = {
  readonly db: Database
  /** A new life begins: whatever it prepares first, it gets first. */
  beginLife(): void
  /** Empties it and watches over the verifications from outside. */
  reset(): void
}

/** Every change of a verification, seen by the database itself and not by the code that makes it. */
const WATCH = `
  create temp table if not exists moves (
    verification_id text, from_revision integer, revision integer, from_status text, status text, reason text
  );
  create temp trigger if not exists watch after update on verifications
  when new.revision <> old.revision or new.status <> old.status or new.opened_at is not old.opened_at
    or new.returned_at is not old.returned_at or new.unexpected_at is not old.unexpected_at
    or new.session_id is not old.session_id or new.misses is not old.misses
  begin
    insert into moves values (new.id, old.revision, new.revision, old.status, new.status, new.reason);
  end;`

export function openReusedDatabase(path = ':memory:'): ReusedDatabase {
  const db = openDatabase(path)
  const prepare = db.prepare.bind(db)
  const made = new Map<string, ReturnType<typeof prepare>[]>()
  const used = new Map<string, number>()
  db.prepare = ((sql: string) => {
    const nth = used.get(sql) ?? 0
    used.set(sql, nth + 1)
    const handles = made.get(sql) ?? []
    made.set(sql, handles)
    handles[nth] ??= prepare(sql)
    return handles[nth]
  }) as typeof db.prepare

  db.exec(WATCH)
  const triggers = db.prepare("select name, sql from sqlite_schema where type = 'trigger'").all() as Trigger[]
  const tables = db
    .prepare("select name from sqlite_schema where type = 'table' and name not like 'sqlite_%'")
    .pluck()
    .all() as string[]
  const guards = triggers.filter(({ name }) => name.startsWith('audit_keeps'))

  return {
    db,
    beginLife: () => used.clear(),
    reset: () =>
      db.exec(
        [
          'begin immediate',
          ...guards.map(({ name }) => `drop trigger ${name}`),
          'pragma defer_foreign_keys = 1',
          ...[...tables, 'moves'].map((table) => `delete from ${table}`),
          ...guards.map(({ sql }) => sql),
          'commit',
        ].join(';\n'),
      ),
  }
}

type Trigger = { readonly name: string; readonly sql: string }
