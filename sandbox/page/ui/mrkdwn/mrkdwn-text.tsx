import { InlineNodes } from './inline-nodes.tsx'
import type { Paragraph } from './nodes.ts'
import { parseMrkdwn } from './parse-mrkdwn.ts'

export function MrkdwnText({ text, verbatim = false }: { readonly text: string; readonly verbatim?: boolean }) {
  const paragraphs = parseMrkdwn(text, { autoLink: !verbatim })
  return (
    <div class="mrkdwn">
      {paragraphs.map((paragraph, index) => (
        <ParagraphOf key={`${index}${paragraph.kind}`} paragraph={paragraph} />
      ))}
    </div>
  )
}

function ParagraphOf({ paragraph }: { readonly paragraph: Paragraph }) {
  switch (paragraph.kind) {
    case 'paragraph':
      return (
        <p>
          <InlineNodes nodes={paragraph.children} />
        </p>
      )
    case 'quote':
      return (
        <blockquote>
          <InlineNodes nodes={paragraph.children} />
        </blockquote>
      )
    case 'pre':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        <pre tabIndex={0}>
          <InlineNodes nodes={paragraph.children} />
        </pre>
      )
    case 'list':
      return (
        <ul>
          {paragraph.items.map((item, index) => (
            <li key={index}>
              <InlineNodes nodes={item} />
            </li>
          ))}
        </ul>
      )
  }
}
