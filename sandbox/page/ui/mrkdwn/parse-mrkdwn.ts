import { decodeEntities } from './entities.ts'
import type { Inline, Paragraph } from './nodes.ts'
import { type InlineOptions, parseInline } from './parse-inline.ts'

const QUOTED = /^(?:>|&gt;) ?/
const QUOTED_TO_THE_END = /^(?:>>>|&gt;&gt;&gt;) ?/
const BULLET = /^[•◦▪] +/

/** Slack's mrkdwn as paragraphs, quotations, lists and preformatted text. */
export function parseMrkdwn(source: string, options: InlineOptions): Paragraph[] {
  return source.split(/```([\s\S]+?)```/).flatMap((part, index): Paragraph[] => {
    if (index % 2 === 1) {
      return [{ kind: 'pre', children: preformatted(part.replace(/^\n|\n$/g, '')) }]
    }
    // The line break between preformatted text and its neighbours belongs to neither.
    const text = part.replace(index === 0 ? /(?!)/ : /^\n/, '').replace(/\n$/, '')
    return text === '' ? [] : paragraphs(text.split('\n'), options)
  })
}

/** `plain_text`: emoji and line breaks, and nothing else. */
export function parsePlain(text: string, emoji: boolean): Inline[] {
  return text.split('\n').flatMap((line, index): Inline[] => {
    const written: Inline[] = emoji ? plainWithEmoji(line) : [{ kind: 'text', text: line }]
    return index === 0 ? written : [{ kind: 'break' }, ...written]
  })
}

function plainWithEmoji(line: string): Inline[] {
  return line.split(/(:[a-z0-9_+'-]{1,60}:)/).flatMap((part): Inline[] => {
    const [node] = part.startsWith(':') ? parseInline(part, { autoLink: false }) : []
    if (node?.kind === 'emoji') return [node]
    return part === '' ? [] : [{ kind: 'text', text: part }]
  })
}

function preformatted(text: string): Inline[] {
  return text.split('\n').flatMap((line, index): Inline[] => {
    const nodes: Inline[] = line.includes('<')
      ? parseInline(line, { autoLink: false, without: '`*_~:' })
      : [{ kind: 'text', text: decodeEntities(line) }]
    return index === 0 ? nodes : [{ kind: 'break' }, ...nodes]
  })
}

type Kind = 'paragraph' | 'quote' | 'list'

function paragraphs(lines: readonly string[], options: InlineOptions): Paragraph[] {
  const runs: { kind: Kind; lines: string[] }[] = []
  let toTheEnd = false
  for (const line of lines) {
    toTheEnd ||= QUOTED_TO_THE_END.test(line)
    const kind: Kind = toTheEnd || QUOTED.test(line) ? 'quote' : BULLET.test(line) ? 'list' : 'paragraph'
    const bare = line.replace(
      toTheEnd ? QUOTED_TO_THE_END : kind === 'quote' ? QUOTED : kind === 'list' ? BULLET : /(?!)/,
      '',
    )
    const last = runs.at(-1)
    if (last?.kind === kind) last.lines.push(bare)
    else runs.push({ kind, lines: [bare] })
  }
  return runs.map(({ kind, lines: own }): Paragraph => {
    if (kind === 'list') return { kind, items: own.map((line) => parseInline(line, options)) }
    return { kind, children: own.flatMap((line, index) => lineOf(line, index, options)) }
  })
}

function lineOf(line: string, index: number, options: InlineOptions): Inline[] {
  const nodes = parseInline(line, options)
  return index === 0 ? nodes : [{ kind: 'break' }, ...nodes]
}
