import { readdirSync, readFileSync } from 'node:fs'
import Database from 'better-sqlite3'

const FOLDER = new URL('../fixtures/databases/', import.meta.url)

/** Databases as earlier schema versions kept them, with verifications and messages in every state. */
export const OLD_VERSIONS: readonly number[] = readdirSync(FOLDER)
  .map((file) => Number(/^schema-(\d+)\.sql$/.exec(file)?.[1]))
  .toSorted((one, other) => one - other)

/** Writes one of them to `path`, in WAL mode as the bot leaves it. */
export function writeOldDatabase(version: number, path: string): void {
  const db = new Database(path)
  db.exec('pragma journal_mode = wal')
  db.exec(readFileSync(new URL(`schema-${version}.sql`, FOLDER), 'utf8'))
  db.close()
}
