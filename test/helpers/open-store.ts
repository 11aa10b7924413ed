import { makeAuditStore } from '../../src/services/store/audit-store.ts'
import { makeEmployeeStore } from '../../src/services/store/employee-store.ts'
import { makeMessageStore } from '../../src/services/store/message-store.ts'
import { openDatabase } from '../../src/services/store/open-database.ts'
import type { RequestLimits } from '../../src/services/store/request-limits.ts'
import type { Schedule } from '../../src/services/store/schedule.ts'
import { makeVerificationStore } from '../../src/services/store/verification-store.ts'

export const NO_LIMITS: RequestLimits = { perEmployeeDay: 0, perManagerHour: 0, perHour: 0 }

/** All stores on one real database. Ids count up. */
export function openStore(path = ':memory:', { now = (): number => 0, limits = NO_LIMITS } = {}) {
  const db = openDatabase(path)
  /** The ids of the rows that were set aside because they can't be read. */
  const unreadable: string[] = []
  const onUnreadable = (id: string) => void unreadable.push(id)
  return {
    db,
    unreadable,
    verifications: makeVerificationStore(db, {
      onUnreadable,
      limits,
    }),
    audit: makeAuditStore(db, { now }),
    messages: makeMessageStore(db, { onUnreadable }),
    employees: makeEmployeeStore(db),
    [Symbol.dispose]: () => void db.close(),
  }
}

export type OpenStore = ReturnType<typeof openStore>

/** Due at that time, with nothing gone wrong. */
export function dueAt(nextAt: number, lateAt = nextAt): Schedule {
  return { nextAt, lateAt, troubles: 0 }
}
