import { hasDateToken } from './date-token.ts'
import { decodeEntities } from './entities.ts'
import type { Inline } from './nodes.ts'
import { safeUrl } from './safe-url.ts'

/** What stands between `<` and `>`: a mention, a channel, a date, a link, or none of these. */
export function parseSpecial(inner: string): Inline {
  const bar = inner.indexOf('|')
  const head = bar === -1 ? inner : inner.slice(0, bar)
  const label = bar === -1 ? null : decodeEntities(inner.slice(bar + 1))
  const id = /^[@#]([A-Z0-9]{2,40})$/.exec(head)?.[1]
  if (id !== undefined) return { kind: head.startsWith('@') ? 'user' : 'channel', id, label: label || null }
  if (head.startsWith('!')) return parseCommand(head.slice(1), label)
  const url = safeUrl(decodeEntities(head))
  if (url !== null) return { kind: 'link', url, label: label || url }
  return { kind: 'text', text: label || `<${decodeEntities(head)}>` }
}

function parseCommand(head: string, label: string | null): Inline {
  if (/^(?:here|channel|everyone)$/.test(head)) return { kind: 'broadcast', label: `@${head}` }
  if (head.startsWith('subteam^')) return { kind: 'broadcast', label: label || '@user group' }
  if (!head.startsWith('date^')) return { kind: 'text', text: label || `<!${decodeEntities(head)}>` }
  const [, unix = '', format = '', link = ''] = head.split('^')
  if (!/^\d{1,11}$/.test(unix) || !hasDateToken(format)) return { kind: 'text', text: label || 'an unknown time' }
  return {
    kind: 'date',
    unix: Number(unix),
    format: decodeEntities(format),
    url: safeUrl(decodeEntities(link)),
    fallback: label ?? '',
  }
}
