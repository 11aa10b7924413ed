import { WebClient } from '@slack/web-api'

/** What a program asks of Slack, as its source tells. */
export type SlackUsage = {
  readonly methods: readonly string[]
  readonly commands: readonly string[]
  readonly events: readonly string[]
  readonly shortcuts: readonly string[]
  /** Fields of a user object that need a scope of their own. */
  readonly fields: readonly string[]
  /** Names handed to `.command()` and the like that can't be followed to a text. */
  readonly unclear: readonly string[]
}

/** Reads every method of the Web API, command, event and shortcut out of TypeScript. Comments don't count. */
export function slackUsage(source: string): SlackUsage {
  const code = withoutComments(source)
  const unclear: string[] = []
  const named = (listener: string) => {
    const names = [...code.matchAll(new RegExp(`\\.${listener}(?:<[^(]*>)?\\(\\s*([^,\\n]+),`, 'g'))].map(
      ([, name = '']) => name,
    )
    return sorted(
      names.flatMap((name) => {
        const text = /^['"`]([^'"`$]+)['"`]$/.exec(name)?.[1] ?? constant(code, name)
        if (text === undefined) unclear.push(`${listener}(${name})`)
        return text ?? []
      }),
    )
  }
  return {
    methods: sorted(
      [...code.matchAll(/\b[a-z]+(?:\s*\??\.[a-zA-Z]+){1,8}\b/g)].flatMap(([path]) =>
        methodIn(path.replaceAll(/[?\s]/g, '')),
      ),
    ),
    commands: named('command'),
    // Bolt's `app.message` hears direct messages through this event.
    events: sorted([...named('event'), ...(/\bapp\.message\(/.test(code) ? ['message.im'] : [])]),
    shortcuts: named('shortcut'),
    fields: sorted([...code.matchAll(/\b(?:profile\s*\??\.\s*(email)|(is_email_confirmed))\b/g)].map(fieldIn)),
    unclear,
  }
}

/** Every method that the SDK knows, such as `chat.postMessage`. */
const METHODS: ReadonlySet<string> = new Set(
  Object.entries(new WebClient('none')).flatMap(([name, part]) => methodsBelow(name, part)),
)

function methodsBelow(path: string, part: unknown): string[] {
  if (typeof part === 'function') return [path]
  if (typeof part !== 'object' || part === null || Object.getPrototypeOf(part) !== Object.prototype) return []
  return Object.entries(part).flatMap(([name, below]) => methodsBelow(`${path}.${name}`, below))
}

/** However it is reached: `user.profile?.email` or `{ is_email_confirmed }`. */
function fieldIn([, email, flag]: RegExpMatchArray): string {
  return email === undefined ? (flag ?? '') : 'profile.email'
}

/** `deps.client.chat.postMessage` → `chat.postMessage`. */
function methodIn(path: string): string[] {
  const names = path.split('.')
  const found = names.flatMap((_, from) =>
    names.slice(from + 1).map((_, more) => names.slice(from, from + more + 2).join('.')),
  )
  return found.filter((name) => METHODS.has(name)).slice(0, 1)
}

function constant(code: string, name: string): string | undefined {
  if (!/^[A-Za-z_$][\w$]*$/.test(name)) return undefined
  return new RegExp(`\\bconst ${name}(?:: string)? = ['"]([^'"]+)['"]`).exec(code)?.[1]
}

/** Leaves texts as they are: one may hold the name of a method, for `apiCall`, or two slashes. */
function withoutComments(source: string): string {
  const token = /'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`|\/\/[^\n]*|\/\*[\s\S]*?\*\//g
  return source.replace(token, (text) => (text.startsWith('/') ? ' ' : text))
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].toSorted()
}
