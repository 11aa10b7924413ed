import { existsSync } from 'node:fs'
import Database from 'better-sqlite3'
import { keep, readOne } from './keep.ts'
import { APPLICATION_ID, DatabaseRefusedError } from './migrate.ts'

const NONE = 'There is no database at DATABASE_PATH. Check the path; the bot makes the database when it first starts.'

/** @throws DatabaseRefusedError when nothing is there: what is opened for writing would be made. */
export function mustBeThere(path: string): void {
  if (!existsSync(path)) throw new DatabaseRefusedError(NONE)
}

/**
 * Opens the bot's database for reading only, while the bot may be writing to it.
 * @throws DatabaseRefusedError when there is none of ours.
 */
export function openReadOnly(path: string): Database.Database {
  mustBeThere(path)
  const db = open(path)
  try {
    db.exec('pragma busy_timeout = 5000')
    if (readOne(db, 'pragma application_id') !== APPLICATION_ID) {
      throw new DatabaseRefusedError("The file at DATABASE_PATH is not one of the bot's databases.")
    }
    return db
  } catch (error) {
    db.close()
    if (error instanceof DatabaseRefusedError) throw error
    throw unreadable(error)
  }
}

function open(path: string): Database.Database {
  try {
    return keep(new Database(path, { readonly: true, fileMustExist: true }))
  } catch (error) {
    throw unreadable(error)
  }
}

function unreadable(cause: unknown): DatabaseRefusedError {
  return new DatabaseRefusedError('The file at DATABASE_PATH can not be read as a database.', { cause })
}
