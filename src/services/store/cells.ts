/** A stored row does not hold what this build expects. Says which rule, and nothing of the row. */
export class UnreadableRowError extends Error {
  override readonly name = 'UnreadableRowError' as const
}

export type Row = Readonly<Record<string, unknown>>

function isRow(stored: unknown): stored is Row {
  return typeof stored === 'object' && stored !== null
}

export function rowOf(stored: unknown): Row {
  if (isRow(stored)) return stored
  throw new UnreadableRowError('a row is expected')
}

/** Some text; the empty one is none. */
export function textOf(cell: unknown): string {
  if (typeof cell === 'string' && cell !== '') return cell
  throw new UnreadableRowError('a text is expected')
}

/** Any text, or none. */
export function maybeTextOf(cell: unknown): string | null {
  if (cell === null || typeof cell === 'string') return cell
  throw new UnreadableRowError('a text or nothing is expected')
}

/** A whole number, such as a time in UTC ms. */
export function numberOf(cell: unknown): number {
  if (typeof cell === 'number' && Number.isSafeInteger(cell)) return cell
  throw new UnreadableRowError('a whole number is expected')
}

export function absentOr<T>(cell: unknown, read: (cell: unknown) => T): T | null {
  return cell === null ? null : read(cell)
}

/** Makes a reader of one of our own words. */
export function wordOf<Word extends string | number>(...words: readonly Word[]): (cell: unknown) => Word {
  return (cell) => {
    for (const word of words) if (word === cell) return word
    throw new UnreadableRowError('another word is expected')
  }
}

/** A list of texts, as JSON. */
export function textsOf(cell: unknown): string[] {
  const list: unknown = parsed(textOf(cell))
  if (Array.isArray(list)) return list.map((each: unknown) => maybeTextOf(each) ?? missing())
  throw new UnreadableRowError('a list is expected')
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new UnreadableRowError('JSON is expected')
  }
}

function missing(): never {
  throw new UnreadableRowError('a text is expected')
}
