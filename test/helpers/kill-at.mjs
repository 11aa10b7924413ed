// Preloaded into a process of its own (`node --import`): SIGKILL right before its n-th effect, counted over every statement of
// SQL and every change to the file system. With n = 0 it goes through, and says at its end how many there were; COPY_FROM is
// then copied to COPY_TO/n right before the n-th. By another process: SQLite loses its locks when this one closes its files.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import { createRequire, syncBuiltinESMExports } from 'node:module'

const at = Number(process.env.KILL_AT)
const { COPY_FROM, COPY_TO } = process.env
let effects = 0

function tick() {
  effects += 1
  if (COPY_FROM !== undefined) copy(COPY_FROM, `${COPY_TO}/${effects}`)
  if (effects === at) process.kill(process.pid, 'SIGKILL')
}

function copy(from, to) {
  const { status, stderr } = spawnSync('cp', ['-R', from, to], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

for (const name of ['writeSync', 'writeFileSync', 'fsyncSync', 'renameSync', 'linkSync', 'rmSync', 'copyFileSync']) {
  const real = fs[name]
  fs[name] = (...args) => {
    tick()
    return real(...args)
  }
}
syncBuiltinESMExports()

const require = createRequire(import.meta.url)
const Real = require('better-sqlite3/lib/database')
function Traced(path, options) {
  return new Real(path, { ...options, verbose: tick })
}
Object.setPrototypeOf(Traced, Real)
Traced.prototype = Real.prototype
// Before the package itself is loaded: Node remembers what a module exported when it was.
require.cache[require.resolve('better-sqlite3/lib/database')].exports = Traced
require('better-sqlite3')

if (at === 0) process.on('exit', () => process.stdout.write(`\neffects: ${effects}\n`))
