import { describe, expect, it } from 'vitest'
import { BROKEN_RULES } from './broken-rules.ts'
import { openReusedDatabase } from './database.ts'
import { caughtBy, runMany } from './run-many.ts'
import { runStory } from './run-story.ts'
import { shrink, tellStory } from './shrink.ts'

// The short form; 10,000 runs: npm run simulate -- --runs 10000.
const RUNS = 60
const SEED = 1
/** The seeds below are where they were once found; another order of calls may move them a little. */
const SEARCH = 1500

describe('the real core under seeded faults and kills', () => {
  it('loses nothing, is never stuck or wrong, and tells everybody', async () => {
    const { failures, kills, faults, posts } = await runMany(SEED, RUNS)
    expect(failures.map(({ seed, problems, story }) => ({ seed, problems, story }))).toEqual([])
    expect(kills).toBeGreaterThan(RUNS)
    expect(faults).toBeGreaterThan(5 * RUNS)
    expect(posts).toBeGreaterThan(RUNS)
  })

  it('does exactly the same when a seed is run again', async () => {
    const database = openReusedDatabase()
    const hashOf = async (seed: number) => (await runStory(seed, { database })).hash
    const first = await hashOf(7)
    expect(await hashOf(8)).not.toBe(first)
    expect(await hashOf(7)).toBe(first)
  })
})

/** The first seed in which a broken rule is noticed, where that takes more than a few: found with `npm run simulate -- --broken`. */
const NOTICED: Readonly<Record<string, number>> = {
  'a post is repeated until it is answered': 6,
  'an unclear start is forgotten, and made again': 40,
  'an unclear edit is taken for done': 12,
  'a message found after a doubt is believed to be up to date': 126,
  'a second look gets a second link': 12,
  'whoever saves last is right': 20,
  'stray copies are not looked for': 54,
  'what can not be sent again is not looked for': 365,
  'a submission that comes again is a new request': 112,
  'an invitation that can not be delivered is nobody’s business': 15,
}

describe('the checks', () => {
  it.each(BROKEN_RULES.map((rule) => [rule.name, rule] as const))('notice when %s', async (name, rule) => {
    const seed = NOTICED[name] ?? SEED
    const run = await caughtBy(rule, seed, SEARCH)
    if (run === null) throw new Error(`not noticed in ${SEARCH} runs`)
    const unbroken = await runStory(run.seed, { database: openReusedDatabase() })
    expect(unbroken.problems).toEqual([])
  })

  it('shrink what they notice to a short story that still goes wrong', async () => {
    const rule = BROKEN_RULES.find(({ name }) => name === 'an unclear send is taken for done')
    if (rule === undefined) throw new Error('no such rule')
    const options = { database: openReusedDatabase(), broken: rule }
    const found = await caughtBy(rule, SEED, RUNS)
    if (found === null) throw new Error('not noticed')
    const shortest = await shrink(found, options)
    expect(shortest.problems).not.toEqual([])
    // Somebody asks, and one send goes wrong.
    expect(shortest.happenings.length).toBeLessThanOrEqual(2)
    expect(await tellStory(shortest, options)).toContain(`seed ${found.seed}`)
  })
})
