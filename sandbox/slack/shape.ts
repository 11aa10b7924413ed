import { isObject, type JsonObject, textIn } from './json.ts'

/** What is wrong, and where: the pointer is a JSON pointer as in Slack's `response_metadata.messages`. */
export type Problem = { pointer: string; says: string }

/** A shape looks at a value and names every problem; an empty list means that it fits. */
export type Shape = (value: unknown, pointer: string) => Problem[]

/** A rule between the fields of one object: undefined when kept, else the complaint. */
export type Rule = (value: JsonObject) => string | undefined

/** A string of `min` (1 where not said) to `max` UTF-16 units. */
export function string({ min = 1, max = Number.POSITIVE_INFINITY }: { min?: number; max?: number } = {}): Shape {
  return (value, pointer) => {
    if (typeof value !== 'string') return [{ pointer, says: 'must be a string' }]
    if (value.length < min) return [{ pointer, says: `must be more than ${min - 1} characters` }]
    if (value.length > max) return [{ pointer, says: `must be less than ${max + 1} characters` }]
    return []
  }
}

export function matching(pattern: RegExp, says: string, max = Number.POSITIVE_INFINITY): Shape {
  const length = string({ max })
  return (value, pointer) => {
    const tooLong = length(value, pointer)
    return tooLong.length > 0 || pattern.test(textIn(value)) ? tooLong : [{ pointer, says }]
  }
}

export const boolean: Shape = (value, pointer) =>
  typeof value === 'boolean' ? [] : [{ pointer, says: 'must be a boolean' }]

export function integer(min: number, max: number): Shape {
  return (value, pointer) => {
    if (!Number.isInteger(value)) return [{ pointer, says: 'must be an integer' }]
    if (Number(value) < min) return [{ pointer, says: `must be at least ${min}` }]
    if (Number(value) > max) return [{ pointer, says: `must be at most ${max}` }]
    return []
  }
}

export function oneOf(...words: string[]): Shape {
  return (value, pointer) =>
    words.includes(textIn(value)) ? [] : [{ pointer, says: `must be one of: ${words.join(', ')}` }]
}

/** A list of `min` (1 where not said) to `max` items. */
export function list(
  of: Shape,
  { min = 1, max = Number.POSITIVE_INFINITY }: { min?: number; max?: number } = {},
): Shape {
  return (value, pointer) => {
    if (!Array.isArray(value)) return [{ pointer, says: 'must be an array' }]
    if (value.length < min) return [{ pointer, says: `no less than ${min} items allowed` }]
    if (value.length > max) return [{ pointer, says: `no more than ${max} items allowed` }]
    return value.flatMap((item, index) => of(item, `${pointer}/${index}`))
  }
}

/** Exactly these fields; a name ending in `?` may be missing. Rules are asked once the fields fit. */
export function object(fields: Record<string, Shape>, ...rules: Rule[]): Shape {
  const known = Object.entries(fields).map(([key, shape]) => ({
    name: key.replace(/\?$/, ''),
    required: !key.endsWith('?'),
    shape,
  }))
  const names = new Set(known.map(({ name }) => name))
  return (value, pointer) => {
    if (!isObject(value)) return [{ pointer, says: 'must be an object' }]
    const extra = Object.keys(value)
      .filter((name) => !names.has(name) && value[name] !== undefined)
      .map((name) => ({ pointer, says: `invalid additional property: ${name}` }))
    const found = known.flatMap(({ name, required, shape }) => {
      if (value[name] !== undefined) return shape(value[name], `${pointer}/${name}`)
      return required ? [{ pointer, says: `missing required field: ${name}` }] : []
    })
    const problems = [...extra, ...found]
    if (problems.length > 0) return problems
    return rules.flatMap((rule) => rule(value) ?? []).map((says) => ({ pointer, says }))
  }
}

/** One of several objects, told apart by `type`. */
export function byType(variants: Record<string, Shape>): Shape {
  return (value, pointer) => {
    if (!isObject(value)) return [{ pointer, says: 'must be an object' }]
    const shape = Object.hasOwn(variants, textIn(value.type)) ? variants[textIn(value.type)] : undefined
    return shape === undefined
      ? [{ pointer: `${pointer}/type`, says: `unsupported type: ${textIn(value.type) || '(none)'}` }]
      : shape(value, pointer)
  }
}

/** The wording of real refusals: `[ERROR] must be less than 3001 characters [json-pointer:/blocks/0/text/text]`. */
export function asSlackSays({ pointer, says }: Problem): string {
  return `[ERROR] ${says} [json-pointer:${pointer}]`
}
