import { type Log, makeLog } from '../../src/services/log.ts'

export type Line = { readonly level: string; readonly msg: string } & Readonly<Record<string, unknown>>

/** The real log, writing to a list. */
export function makeRecordingLog(): { log: Log; lines: Line[]; said(sentence: string): Line[] } {
  const lines: Line[] = []
  const log = makeLog({ level: 'trace', write: (line) => lines.push(JSON.parse(line)) })
  return { log, lines, said: (sentence) => lines.filter(({ msg }) => msg === sentence) }
}
