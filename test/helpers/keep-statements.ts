import Database from 'better-sqlite3'
import { keep } from '../../src/services/store/keep.ts'

/**
 * Node 24.19 and later end the process over a collected statement (see keep.ts). The source keeps its own; tests make many
 * more, in passing, and would end so too.
 */
export function keepStatements(): void {
  const { prepare } = Database.prototype
  Database.prototype.prepare = function (this: Database.Database, sql: string) {
    keep(this)
    return keep(prepare.call(this, sql))
  } as typeof prepare
  Database.prototype.pragma = function (this: Database.Database, source: string, options?: Database.PragmaOptions) {
    const statement = this.prepare(`pragma ${source}`)
    if (!statement.reader) return statement.run()
    return options?.simple === true ? statement.pluck().get() : statement.all()
  }
}
