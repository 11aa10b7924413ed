import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

const SOURCES = new URL('../../../src/', import.meta.url)

// Node 24.19+ ends the process when one of better-sqlite3's objects is garbage-collected; see keep.ts.
test('whatever better-sqlite3 makes is kept', () => {
  const loose = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .flatMap((file) =>
      readFileSync(new URL(file, SOURCES), 'utf8')
        .split('\n')
        .map((line) => ({ file, line: line.trim() })),
    )
    .filter(({ line }) => /\.prepare\(|new Database\(|\.pragma\(/.test(line) && !/keep\(/.test(line))
    .filter(({ line }) => !/^(\*|\/\/|\/\*)/.test(line))
  expect(loose).toEqual([])
})
