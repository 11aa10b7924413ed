import { accessSync, constants, statfsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { defineConfig } from 'vitest/config'
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** What takes long begins first, so that no worker is left alone with it at the end: what waits beside what works. */
const LONG = [
  'test/journeys/canaries-in-trouble',
  'test/journeys/slow',
  'test/simulation/simulation',
  'test/built/scenes',
  'test/built/restart',
  'test/built/control',
  'test/built/restore',
  'test/journeys/canaries',
  'test/journeys/',
  'test/services/slack-pulse',
  'test/bench/',
]

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = LONG.findIndex((path) => moduleId.includes(path))
      return place === -1 ? LONG.length : place
    }
    return (await super.sort(files)).toSorted((one, other) => rank(one) - rank(other))
  }
}

/** A folder in memory, where nothing waits for a disk; tests that are about a disk look for one themselves. */
const MEMORY = '/dev/shm'
const ENOUGH_BYTES = 2 ** 30

function temporaryFiles(): { TMPDIR?: string } {
  // Somebody has chosen.
  if (tmpdir() !== '/tmp') return {}
  try {
    const { bavail, bsize } = statfsSync(MEMORY)
    accessSync(MEMORY, constants.W_OK)
    return bavail * bsize > ENOUGH_BYTES ? { TMPDIR: MEMORY } : {}
  } catch {
    return {}
  }
}

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    globalSetup: ['test/say-what-is-skipped.ts'],
    setupFiles: ['test/setup.ts'],
    env: temporaryFiles(),
    // On two cores: one file more than these, since there is always one that waits for a process, a time-out or a socket.
    maxWorkers: 3,
    // Nothing is kept between files but loaded modules, since no module is ever replaced.
    isolate: false,
    sequence: { sequencer: LongestFirst },
    testTimeout: 120_000,
    hookTimeout: 120_000,
    coverage: { include: ['src/**', 'sandbox/**'], reporter: ['text-summary', 'html'] },
  },
})
