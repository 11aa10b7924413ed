import type { Database } from 'better-sqlite3'
import { messageIdOf, messagesFor } from '../message.ts'
import type { Verification } from '../verification.ts'
import { keep } from './keep.ts'
import type { AppendLedger } from './ledger-store.ts'
import * as sql from './verification-sql.ts'

/** Adds the messages that a state calls for and that are not there yet, within the caller's transaction. */
export type CallForMessages = (verification: Verification, now: number) => void

export function makeCallForMessages(db: Database, appendLedger: AppendLedger): CallForMessages {
  const addMessage = keep(db.prepare(sql.ADD_MESSAGE))

  return (verification, now) => {
    for (const { kind, occasion, recipient } of messagesFor(verification)) {
      const id = messageIdOf({ verificationId: verification.id, kind, occasion })
      const { changes } = addMessage.run({
        id,
        verification_id: verification.id,
        kind,
        occasion,
        now,
        user_id: 'userId' in recipient ? recipient.userId : null,
        channel_id: 'channelId' in recipient ? recipient.channelId : null,
      })
      if (changes > 0) {
        appendLedger({ verificationId: verification.id, messageId: id, what: 'called_for', became: kind }, now)
      }
    }
  }
}
