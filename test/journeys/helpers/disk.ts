import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Around } from './bot-child.ts'

/** A disk whose doings are seen, and which can be in trouble. Its files are below `folder`. */
export type Disk = {
  readonly folder: string
  readonly around: Around
  /** Where a file of this process is found from outside. */
  path(name: string, pid: number): string
  /** What the disk is like for this process from now on. */
  becomes(state: 'well' | 'full' | 'read-only' | 'broken', pid: number): void
  /** Every file that was written out to the disk, in order, among whatever else is noted in the same file. */
  trace(): string[]
  remove(): void
}

const SOURCE = fileURLToPath(new URL('./disk.c', import.meta.url))
const TMPFS = 0x01021994
const MOUNT = ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c']

/** Linux, with the compiler that better-sqlite3 needs anyway. */
export const canSeeDisk = process.platform === 'linux' && spawnSync('cc', ['--version']).status === 0

/** A file system of our own, without being root: not every machine lets us. */
export const canMount =
  process.platform === 'linux' && spawnSync('unshare', [...MOUNT.slice(1), 'mount -t tmpfs none /mnt']).status === 0

/** A real disk, looked at between the process and the C library; its troubles are played there, with the kernel's own words. */
export function makeWatchedDisk(): Disk {
  const folder = mkdtempSync(join(onDisk(), 'verify-disk-'))
  const library = join(folder, 'disk.so')
  const built = spawnSync('cc', ['-shared', '-fPIC', '-O1', '-o', library, SOURCE, '-ldl'], { encoding: 'utf8' })
  if (built.status !== 0) throw new Error(built.stderr)
  const [state, trace] = [join(folder, 'state'), join(folder, 'trace')]
  writeFileSync(state, 'well')
  writeFileSync(trace, '')
  return {
    folder,
    around: {
      environment: {
        LD_PRELOAD: library,
        DISK_UNDER: join(folder, 'verify.db'),
        DISK_STATE: state,
        DISK_TRACE: trace,
        TRIAL_TRACE: trace,
      },
    },
    path: (name) => join(folder, name),
    becomes: (next) => writeFileSync(state, next),
    trace: () => readFileSync(trace, 'utf8').split('\n').slice(0, -1),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** A small file system in memory, mounted for the process alone, which is filled to the last byte by a file beside the database. */
export function makeSmallDisk(): Disk {
  const folder = mkdtempSync(join(tmpdir(), 'verify-disk-'))
  // Seen from outside, it is below the root of the process.
  const path = (name: string, pid: number) => join(`/proc/${pid}/root`, folder, name)
  return {
    folder,
    path,
    around: { command: [...MOUNT, 'mount -t tmpfs -o size=8m none "$0" && exec "$@"', folder] },
    becomes: (state, pid) => {
      const filler = path('filler', pid)
      if (state === 'well') rmSync(filler)
      else if (state === 'full') spawnSync('dd', ['if=/dev/zero', `of=${filler}`, 'bs=4k'])
      else throw new Error(`it can't be ${state}`)
    },
    trace: () => [],
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Where temporary files are on a disk and not in memory. */
function onDisk(): string {
  return [tmpdir(), '/var/tmp'].find((folder) => statfsSync(folder).type !== TMPFS) ?? process.cwd()
}
