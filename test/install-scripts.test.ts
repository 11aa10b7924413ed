import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as z from 'zod'

const read = (file: string): unknown => JSON.parse(readFileSync(file, 'utf8'))

// From npm 12 on, no other package's scripts are run, and the installation ends well all the same (docs.npmjs.com: npm install-scripts).
test('every package that has to do something when it is installed is allowed to', () => {
  const { packages } = z
    .object({ packages: z.record(z.string(), z.object({ hasInstallScript: z.boolean().optional() })) })
    .parse(read('package-lock.json'))
  const { allowScripts } = z.object({ allowScripts: z.record(z.string(), z.literal(true)) }).parse(read('package.json'))
  const scripted = Object.entries(packages).flatMap(([path, { hasInstallScript }]) =>
    hasInstallScript === true ? [path.replace(/^.*node_modules\//, '')] : [],
  )
  expect(Object.keys(allowScripts).sort()).toEqual([...new Set(scripted)].sort())
})
