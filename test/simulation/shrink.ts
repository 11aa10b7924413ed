import { type Run, type RunOptions, runStory } from './run-story.ts'

const MOST_REPLAYS = 400

/** Takes away whatever isn't needed for the run to go wrong: acts, faults, kills and outages, many at once at first. */
export async function shrink(failed: Run, options: RunOptions): Promise<Run> {
  let keys = [...new Set(failed.happenings.map(({ key }) => key))]
  let smallest = await runStory(failed.seed, { ...options, only: new Set(keys) })
  if (smallest.problems.length === 0) return failed
  let replays = 0
  let size = Math.ceil(keys.length / 2)
  while (size >= 1 && replays < MOST_REPLAYS) {
    let isSmaller = false
    for (let from = 0; from < keys.length && replays < MOST_REPLAYS; ) {
      const fewer = keys.filter((_key, index) => index < from || index >= from + size)
      const run = await runStory(failed.seed, { ...options, only: new Set(fewer) })
      replays += 1
      if (run.problems.length > 0) {
        keys = fewer
        smallest = run
        isSmaller = true
      } else from += size
    }
    if (size === 1 && !isSmaller) break
    size = size === 1 ? 1 : Math.ceil(size / 2)
  }
  return smallest
}

/** The whole story of a run, in lines a person can read. */
export async function tellStory(run: Run, options: RunOptions): Promise<string> {
  const only = new Set(run.happenings.map(({ key }) => key))
  const told = await runStory(run.seed, { ...options, only, keepLines: true })
  const lines = told.lines
    .filter(({ line }) => !IDLE.test(line))
    .map(({ at, line }) => `  ${new Date(at).toISOString().slice(11, 23)}  ${line}`)
  return [
    `seed ${run.seed}, what went wrong on purpose:`,
    ...told.happenings.map(sayHappening),
    'the story:',
    ...lines,
  ].join('\n')
}

/** Looking and finding nothing new. */
const IDLE = /^easyfreelance poll \d+ [\w-]+$|is pending$|^conversations\.\w+ \d+$|^users\.info \d+$/

const sayHappening = ({ key, what }: Run['happenings'][number]) => `  ${key}: ${what}`
