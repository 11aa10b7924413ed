import * as z from 'zod'

export type Environment = Readonly<Record<string, string | undefined>>

export type ConfigProblem = { readonly setting: string; readonly problem: string }

/** Names every bad setting at once, what is wrong with it and how to mend it. Never a value: some are secrets. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    const lines = problems.map(({ setting, problem }) => `- ${setting} ${problem}`)
    super(['These settings need mending (in .env or the environment):', ...lines].join('\n'))
    this.problems = problems
  }
}

/**
 * Reads these settings; problems in the order of `names`. An empty value counts as not given.
 * @throws ConfigError naming everything that is wrong with them.
 */
export function readSettings<S extends z.ZodRawShape>(
  shape: S,
  env: Environment,
  names: readonly string[],
  further: readonly ConfigProblem[] = [],
): z.output<z.ZodObject<S>> {
  const result = z.object(shape).safeParse(Object.fromEntries(Object.entries(env).filter(([, value]) => value)))
  const found = (result.error?.issues ?? []).map((issue) => ({
    setting: String(issue.path[0]),
    problem: issue.message,
  }))
  const problems = [...found, ...further].toSorted(
    (one, other) => names.indexOf(one.setting) - names.indexOf(other.setting),
  )
  if (!result.success || problems.length > 0) throw new ConfigError(problems)
  return result.data
}
