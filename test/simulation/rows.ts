import type { Database } from 'better-sqlite3'

export type VerificationRow = {
  readonly id: string
  readonly view_id: string
  readonly manager_id: string
  readonly employee_id: string
  readonly employee_number: number
  readonly created_at: number
  readonly status: string
  readonly revision: number
  readonly session_id: string | null
  readonly link: string | null
  readonly outcome: string | null
  readonly reason: string | null
  readonly closed_by: string | null
  readonly parks: number
  readonly next_at: number | null
  readonly claimed: number
}

export type MessageRow = {
  readonly id: string
  readonly verification_id: string
  readonly kind: string
  readonly occasion: number
  readonly user_id: string | null
  readonly channel_id: string | null
  readonly state: string
  readonly conversation_id: string | null
  readonly ts: string | null
  readonly shown_revision: number | null
  readonly sends: number
  readonly reason: string | null
  readonly moved_because: 'not_in_channel' | 'channel_closed' | 'posting_restricted' | null
  readonly next_at: number | null
  readonly claimed: number
}

export type Move = {
  readonly verification_id: string
  readonly from_revision: number
  readonly revision: number
  readonly from_status: string
  readonly status: string
  readonly reason: string | null
}

export type LedgerRow = {
  readonly verification_id: string
  readonly message_id: string | null
  readonly was: string | null
  readonly became: string | null
  readonly reason: string | null
}

/** The database as it stands, read past the stores. */
export function readRows(db: Database) {
  return {
    verifications: db.prepare('select * from verifications order by created_at, id').all() as VerificationRow[],
    messages: db.prepare('select * from messages order by rowid').all() as MessageRow[],
    moves: db.prepare('select * from moves order by rowid').all() as Move[],
    ledger: db.prepare('select * from ledger order by seq').all() as LedgerRow[],
    audited: db.prepare("select verification_id as id, action from audit where result = 'done' order by seq").all() as {
      id: string | null
      action: string
    }[],
  }
}

export type Rows = ReturnType<typeof readRows>
