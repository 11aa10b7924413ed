import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Inline, Paragraph } from '../../../sandbox/page/ui/mrkdwn/nodes.ts'
import { parseMrkdwn, parsePlain } from '../../../sandbox/page/ui/mrkdwn/parse-mrkdwn.ts'

/** The tree in short: *bold*, _italic_, ~strike~, `code` as tags, everything else in braces. */
function brief(nodes: readonly Inline[]): string {
  return nodes.map(briefOne).join('')
}

function briefOne(node: Inline): string {
  switch (node.kind) {
    case 'text':
      return node.text
    case 'break':
      return '{br}'
    case 'bold':
    case 'italic':
    case 'strike':
    case 'code':
      return `{${node.kind} ${brief(node.children)}}`
    case 'link':
      return `{link ${node.url} ${node.label}}`
    case 'user':
    case 'channel':
      return `{${node.kind} ${node.id} ${node.label}}`
    case 'broadcast':
      return `{all ${node.label}}`
    case 'date':
      return `{date ${node.unix} ${node.format} ${node.url} ${node.fallback}}`
    case 'emoji':
      return node.character
  }
}

function briefAll(paragraphs: readonly Paragraph[]): string {
  return paragraphs
    .map((paragraph) =>
      paragraph.kind === 'list'
        ? `list[${paragraph.items.map(brief).join('][')}]`
        : `${paragraph.kind}[${brief(paragraph.children)}]`,
    )
    .join(' ')
}

const line = (text: string, autoLink = false) =>
  brief(parseMrkdwn(text, { autoLink }).flatMap((each) => (each.kind === 'list' ? [] : each.children)))
const whole = (text: string) => briefAll(parseMrkdwn(text, { autoLink: false }))

describe('marks', () => {
  it.each([
    ['*bold* _italic_ ~strike~ `code`', '{bold bold} {italic italic} {strike strike} {code code}'],
    ['*Waiting for <@W0OLA>*', '{bold Waiting for {user W0OLA null}}'],
    ['*_both_*', '{bold {italic both}}'],
    ['(*a*), *b*!', '({bold a}), {bold b}!'],
    ['2*3*4 and snake_case_name', '2*3*4 and snake_case_name'],
    ['* not* and *not *', '* not* and *not *'],
    ['*open', '*open'],
    ['**', '**'],
    ['*a `*` b*', '{bold a {code *} b}'],
    ['`*a* _b_ :warning:`', '{code *a* _b_ :warning:}'],
    ['``', '``'],
    ['*one\ntwo*', '*one{br}two*'],
  ])('%s', (text, expected) => {
    expect(line(text)).toBe(expected)
  })
})

describe('what stands between angle brackets', () => {
  it.each([
    ['<@U0MARIA>', '{user U0MARIA null}'],
    ['<@W0OLA|ola>', '{user W0OLA ola}'],
    ['<#C0GENERAL|general> <#C0PAYROLL|>', '{channel C0GENERAL general} {channel C0PAYROLL null}'],
    ['<!here> <!channel> <!subteam^S1|@pay>', '{all @here} {all @channel} {all @pay}'],
    ['<https://example.com/a?b=1&amp;c=2|here &amp; now>', '{link https://example.com/a?b=1&c=2 here & now}'],
    ['<https://example.com>', '{link https://example.com https://example.com}'],
    [
      '<!date^1792400000^{date_short_pretty} at {time}|19 Oct>',
      '{date 1792400000 {date_short_pretty} at {time} null 19 Oct}',
    ],
    ['<!date^soon^{time}|later>', 'later'],
    ['<!date^1792400000^no token|later>', 'later'],
    ['a < b and b > a', 'a < b and b > a'],
    ['<>', '<>'],
  ])('%s', (text, expected) => {
    expect(line(text)).toBe(expected)
  })
})

describe('nothing hostile becomes a link', () => {
  it.each([
    ['<javascript:alert(1)|click>', 'click'],
    ['<JaVaScRiPt:alert(1)>', '<JaVaScRiPt:alert(1)>'],
    ['<data:text/html,x|click>', 'click'],
    ['<//evil.example|click>', 'click'],
    ['< https://evil.example|click>', 'click'],
    ['<http://|click>', 'click'],
    ['<!date^1792400000^{time}^javascript:alert(1)|t>', '{date 1792400000 {time} null t}'],
    ['&lt;script&gt;alert(1)&lt;/script&gt;', '<script>alert(1)</script>'],
    ['&lt;!channel&gt; &lt;https://evil.example|x&gt;', '<!channel> <https://evil.example|x>'],
    ['&amp;lt;b&amp;gt; &quot;', '&lt;b&gt; &quot;'],
  ])('%s', (text, expected) => {
    expect(line(text)).toBe(expected)
  })

  it('whatever the text, links are http or https, and parsing ends', () => {
    const pieces = fc.constantFrom(
      '<',
      '>',
      '|',
      '*',
      '_',
      '~',
      '`',
      '```',
      '\n',
      '> ',
      '&lt;',
      ':x:',
      'javascript:',
      'http://a.b',
      'a',
      ' ',
      '!date^1^{time}',
      '@U0A',
    )
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 60 }), (some) => {
        for (const url of linksIn(parseMrkdwn(some.join(''), { autoLink: true }))) expect(url).toMatch(/^https?:\/\//)
      }),
    )
  })

  it('thirty thousand opening marks are read to the end', () => {
    expect(parseMrkdwn('*_~`<'.repeat(6000), { autoLink: true })).not.toEqual([])
  })
})

function linksIn(paragraphs: readonly Paragraph[]): string[] {
  const from = (node: Inline): string[] => {
    if (node.kind === 'link') return [node.url]
    if (node.kind === 'date') return node.url === null ? [] : [node.url]
    return 'children' in node ? node.children.flatMap(from) : []
  }
  return paragraphs.flatMap((each) => (each.kind === 'list' ? each.items.flat() : each.children)).flatMap(from)
}

describe('bare addresses', () => {
  it('become links unless the text is verbatim', () => {
    expect(line('see https://example.com/a, ok', true)).toBe(
      'see {link https://example.com/a https://example.com/a}, ok',
    )
    expect(line('see https://example.com/a, ok')).toBe('see https://example.com/a, ok')
  })
})

describe('emoji', () => {
  it('known shortcodes are drawn, others stand as typed', () => {
    expect(line(':warning: at 10:30:45, :no_such_emoji: :constructor:')).toBe(
      '⚠️ at 10:30:45, :no_such_emoji: :constructor:',
    )
  })
  it('plain text has emoji and line breaks, and nothing else', () => {
    expect(brief(parsePlain('*a* :tada:\n<@U0A> &amp;', true))).toBe('*a* 🎉{br}<@U0A> &amp;')
    expect(brief(parsePlain(':tada:', false))).toBe(':tada:')
  })
})

describe('paragraphs', () => {
  it.each([
    ['a\n\nb', 'paragraph[a{br}{br}b]'],
    ['<@U0A> writes:\n> one\n> two\nthree', 'paragraph[{user U0A null} writes:] quote[one{br}two] paragraph[three]'],
    ['&gt; said', 'quote[said]'],
    ['>>> a\nb', 'quote[a{br}b]'],
    ['*Open: 2*\n• one\n• two', 'paragraph[{bold Open: 2}] list[one][two]'],
    ['before\n```\nx = *1*\n&lt;y&gt;\n```\nafter', 'paragraph[before] pre[x = *1*{br}<y>] paragraph[after]'],
    ['', ''],
  ])('%j', (text, expected) => {
    expect(whole(text)).toBe(expected)
  })
})
