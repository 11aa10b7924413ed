import { emojiOf } from './emoji.ts'
import { decodeEntities } from './entities.ts'
import type { Inline } from './nodes.ts'
import { parseSpecial } from './parse-special.ts'
import { safeUrl } from './safe-url.ts'

export type InlineOptions = {
  /** Make links of bare addresses, as Slack does unless the text is verbatim. */
  readonly autoLink: boolean
  /** Marks that mean themselves here: those already open, and all of them inside code. */
  readonly without?: string
}

type Found = { readonly node: Inline; readonly end: number }

const MARKS = { '*': 'bold', _: 'italic', '~': 'strike' } as const
const isWordy = (char: string | undefined) => char !== undefined && /[\p{L}\p{N}]/u.test(char)
const isBlank = (char: string | undefined) => char === undefined || /\s/u.test(char)

/** One line of mrkdwn. What is not markup stands for itself. */
export function parseInline(line: string, options: InlineOptions): Inline[] {
  const nodes: Inline[] = []
  let plain = ''
  const endPlain = () => {
    if (plain !== '') nodes.push({ kind: 'text', text: decodeEntities(plain) })
    plain = ''
  }
  for (let at = 0; at < line.length; ) {
    const found = markupAt(line, at, options)
    if (found === null) {
      plain += line.charAt(at)
      at += 1
      continue
    }
    endPlain()
    nodes.push(found.node)
    at = found.end
  }
  endPlain()
  return nodes
}

function markupAt(line: string, at: number, options: InlineOptions): Found | null {
  const char = line.charAt(at)
  if (char === '<') return special(line, at)
  if (options.without?.includes(char) === true) return null
  switch (char) {
    case '`':
      return code(line, at, options)
    case '*':
    case '_':
    case '~':
      return marked(line, at, char, options)
    case ':':
      return emoji(line, at)
    case 'h':
    case 'H':
      return options.autoLink ? bareLink(line, at) : null
    default:
      return null
  }
}

function special(line: string, at: number): Found | null {
  const end = line.indexOf('>', at + 1)
  const inner = line.slice(at + 1, end)
  if (end === -1 || inner === '' || inner.includes('<')) return null
  return { node: parseSpecial(inner), end: end + 1 }
}

function code(line: string, at: number, options: InlineOptions): Found | null {
  const end = line.indexOf('`', at + 1)
  if (end <= at + 1) return null
  const children = parseInline(line.slice(at + 1, end), { ...options, autoLink: false, without: '`*_~:' })
  return { node: { kind: 'code', children }, end: end + 1 }
}

function marked(line: string, at: number, mark: keyof typeof MARKS, options: InlineOptions): Found | null {
  if (isWordy(line[at - 1]) || isBlank(line[at + 1]) || line[at + 1] === mark) return null
  const end = closing(line, at + 1, mark)
  if (end === -1) return null
  const without = `${options.without ?? ''}${mark}`
  return {
    node: { kind: MARKS[mark], children: parseInline(line.slice(at + 1, end), { ...options, without }) },
    end: end + 1,
  }
}

/** Where the mark closes; what stands in code or between angle brackets does not count. */
function closing(line: string, from: number, mark: string): number {
  for (let at = from; at < line.length; at += 1) {
    const char = line.charAt(at)
    if (char === '<' || char === '`') {
      const end = line.indexOf(char === '<' ? '>' : '`', at + 1)
      if (end !== -1) at = end
    } else if (
      char === mark &&
      !isBlank(line[at - 1]) &&
      !isWordy(line[at + 1]) &&
      line[at + 1] !== mark &&
      at > from
    ) {
      return at
    }
  }
  return -1
}

const SHORTCODE = /:([a-z0-9_+'-]{1,60}):(?::skin-tone-[2-6]:)?/y

function emoji(line: string, at: number): Found | null {
  SHORTCODE.lastIndex = at
  const [whole = '', name = ''] = SHORTCODE.exec(line) ?? []
  const character = emojiOf(name)
  return character === undefined ? null : { node: { kind: 'emoji', name, character }, end: at + whole.length }
}

const ADDRESS = /https?:\/\/[^\s<>|*`]+/iy

function bareLink(line: string, at: number): Found | null {
  if (isWordy(line[at - 1])) return null
  ADDRESS.lastIndex = at
  const written = ADDRESS.exec(line)?.[0].replace(/[.,!?;:)'"\]]+$/, '') ?? ''
  const url = safeUrl(decodeEntities(written))
  return url === null ? null : { node: { kind: 'link', url, label: url }, end: at + written.length }
}
