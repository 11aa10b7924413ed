import { type JsonObject, parsedJson, textIn } from './json.ts'
import type { Tier } from './rate-limits.ts'
import { invalidArguments } from './slack-refusal.ts'
import type { Args, Workspace } from './workspace.ts'

type ArgKind = 'string' | 'boolean' | 'integer' | 'json'

/** One Web API method. An argument name ending in `?` may be missing; one not named here is refused. */
export type Method = {
  tokens: readonly ('bot' | 'app')[]
  tier: Tier
  scopes?: readonly string[]
  args: Readonly<Record<string, ArgKind>>
  run: (args: Args, workspace: Workspace) => JsonObject
}

function read(kind: ArgKind, name: string, value: unknown): unknown {
  switch (kind) {
    case 'string':
      if (typeof value === 'string' || typeof value === 'number') return String(value)
      break
    case 'boolean':
      if (value === true || value === 'true' || value === '1') return true
      if (value === false || value === 'false' || value === '0') return false
      break
    case 'integer':
      if (Number.isInteger(Number(value))) return Number(value)
      break
    case 'json': {
      const json = typeof value === 'string' ? parsedJson(value) : value
      if (typeof json === 'object' && json !== null) return json
      break
    }
  }
  throw invalidArguments(`invalid ${kind} [json-pointer:/${name}]`)
}

/** The arguments as the method needs them, or `invalid_arguments`. Form bodies carry everything as text. */
export function readArgs(method: Method, given: JsonObject): Args {
  const kinds = Object.entries(method.args).map(([key, kind]) => ({ name: key.replace(/\?$/, ''), key, kind }))
  const unknown = Object.keys(given).filter((name) => !kinds.some((kind) => kind.name === name))
  if (unknown.length > 0) throw invalidArguments(...unknown.map((name) => `unknown argument: ${name}`))
  const args: Args = {}
  for (const { name, key, kind } of kinds) {
    const value = given[name]
    if (value !== undefined) args[name] = read(kind, name, value)
    else if (!key.endsWith('?')) throw invalidArguments(`missing required field: ${name} [json-pointer:/${name}]`)
  }
  return args
}

/** One page of a cursor-paged answer. docs.slack.dev/apis/web-api/pagination */
export function page<T>(items: readonly T[], args: Args, most: number): { items: T[]; nextCursor: string } {
  const limit = Math.min(Number(args.limit ?? 100) || 100, most)
  const decoded = Buffer.from(textIn(args.cursor), 'base64').toString()
  const start = textIn(args.cursor) === '' ? 0 : Number(/^next:(\d+)$/.exec(decoded)?.[1] ?? Number.NaN)
  if (Number.isNaN(start)) throw invalidArguments('invalid_cursor')
  const end = start + limit
  const nextCursor = end < items.length ? Buffer.from(`next:${end}`).toString('base64') : ''
  return { items: items.slice(start, end), nextCursor }
}
