import { useEffect, useRef, useState } from 'preact/hooks'
import type { Snapshot } from '../../contract.ts'
import { isAfter, markRead, newestTs, type ReadMarks } from './unread.ts'

/** Marks what is looked at as read; a scene that starts over starts with everything read. */
export function useUnread(snapshot: Snapshot, as: string, channelId: string | null): ReadMarks {
  const [read, setRead] = useState<ReadMarks>(() => ({ since: newestTs(snapshot.messages), marks: {} }))
  const last = useRef(snapshot)

  useEffect(() => {
    const before = last.current
    last.current = snapshot
    const startedOver =
      snapshot.control.settingUp ||
      before.control.scene !== snapshot.control.scene ||
      isAfter(newestTs(before.messages), newestTs(snapshot.messages)) ||
      snapshot.version < before.version
    setRead((marks) => {
      if (startedOver) return { since: newestTs(snapshot.messages), marks: {} }
      return channelId === null ? marks : markRead(marks, as, channelId, snapshot.messages)
    })
  }, [snapshot, as, channelId])
  return read
}
