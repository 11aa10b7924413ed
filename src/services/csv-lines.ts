/** A file of separated values (RFC 4180) as records; `line` is where each begins, counted from 1. Never throws. */
export type CsvRecord = { readonly line: number; readonly fields: readonly string[]; readonly isBroken: boolean }

/** Norwegian spreadsheets write semicolons. Line ends may be CRLF, LF or CR; a byte order mark is skipped. */
export function readCsv(text: string, separator: ',' | ';'): CsvRecord[] {
  const source = text.replace(/^\ufeff/, '')
  const records: CsvRecord[] = []
  let line = 1
  let at = 0
  while (at < source.length) {
    const began = line
    const fields: string[] = []
    let isBroken = false
    for (;;) {
      let field = ''
      if (source[at] === '"') {
        const close = closingQuote(source, at + 1)
        field = source.slice(at + 1, close).replaceAll('""', '"')
        isBroken ||= close === source.length
        line += lineEnds(field)
        at = close + 1
      }
      const end = plainEnd(source, at, separator)
      // Something behind the closing quote, or a quote in the middle: whatever was meant, it isn't clear.
      const rest = source.slice(at, end)
      isBroken ||= rest.includes('"') || (field !== '' && rest.trim() !== '')
      fields.push(field + rest)
      at = end
      if (source[at] !== separator) break
      at += 1
    }
    records.push({ line: began, fields, isBroken })
    if (source[at] === '\r' && source[at + 1] === '\n') at += 1
    at += 1
    line += 1
  }
  return records
}

function closingQuote(source: string, from: number): number {
  for (let at = from; ; at += 2) {
    at = source.indexOf('"', at)
    if (at === -1) return source.length
    if (source[at + 1] !== '"') return at
  }
}

function plainEnd(source: string, from: number, separator: string): number {
  let at = from
  while (at < source.length && source[at] !== separator && source[at] !== '\n' && source[at] !== '\r') at += 1
  return at
}

function lineEnds(text: string): number {
  return text.match(/\r\n|\r|\n/g)?.length ?? 0
}

/** One field that no spreadsheet takes for a formula. */
export function csvField(value: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(value) ? value : `"'${value.replaceAll('"', '""')}"`
}
