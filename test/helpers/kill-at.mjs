// Preloaded into a process of its own (`node --import`): SIGKILL right before its n-th effect, counted over every statement of
// SQL and every change to the file system. With n = 0 it goes through, and says at its end how many there were. With WATCHED it
// waits before each of them until whoever started it has looked at its files.
import fs from 'node:fs'
import { createRequire, syncBuiltinESMExports } from 'node:module'

const at = Number(process.env.KILL_AT)
const isWatched = process.env.WATCHED !== undefined
const WATCHER = 3
const { readSync, writeSync } = fs
let effects = 0

function tick() {
  effects += 1
  if (isWatched) {
    writeSync(WATCHER, '.')
    readSync(WATCHER, Buffer.alloc(1))
  }
  if (effects === at) process.kill(process.pid, 'SIGKILL')
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
