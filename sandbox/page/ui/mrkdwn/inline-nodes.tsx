import { useContext } from 'preact/hooks'
import { WorkspaceContext } from '../state/workspace-context.ts'
import { formatDateToken } from './date-token.ts'
import type { DateNode, Inline } from './nodes.ts'

export function InlineNodes({ nodes }: { readonly nodes: readonly Inline[] }) {
  return (
    <>
      {nodes.map((node, index) => (
        <InlineNode
          key={`${index}${node.kind}`}
          node={node}
          starts={index === 0 || nodes[index - 1]?.kind === 'break'}
        />
      ))}
    </>
  )
}

function InlineNode({ node, starts }: { readonly node: Inline; readonly starts: boolean }) {
  switch (node.kind) {
    case 'text':
      return <>{node.text}</>
    case 'break':
      return <br />
    case 'bold':
      return (
        <strong>
          <InlineNodes nodes={node.children} />
        </strong>
      )
    case 'italic':
      return (
        <em>
          <InlineNodes nodes={node.children} />
        </em>
      )
    case 'strike':
      return (
        <s>
          <InlineNodes nodes={node.children} />
        </s>
      )
    case 'code':
      return (
        <code>
          <InlineNodes nodes={node.children} />
        </code>
      )
    case 'link':
      return (
        <a href={node.url} target="_blank" rel="noopener noreferrer">
          {node.label}
        </a>
      )
    case 'user':
      return <UserMention id={node.id} label={node.label} />
    case 'channel':
      return <ChannelMention id={node.id} label={node.label} />
    case 'broadcast':
      return <span class="mention mention-you">{node.label}</span>
    case 'date':
      return <DateText node={node} starts={starts} />
    case 'emoji':
      return (
        <span class="emoji" role="img" aria-label={node.name.replaceAll('_', ' ')}>
          {node.character}
        </span>
      )
  }
}

function UserMention({ id, label }: { readonly id: string; readonly label: string | null }) {
  const { nameOf, as } = useContext(WorkspaceContext)
  return <span class={id === as ? 'mention mention-you' : 'mention'}>@{nameOf(id) ?? label ?? id}</span>
}

function ChannelMention({ id, label }: { readonly id: string; readonly label: string | null }) {
  const { channelNameOf } = useContext(WorkspaceContext)
  return <span class="mention">#{channelNameOf(id) ?? label ?? 'private channel'}</span>
}

function DateText({ node, starts }: { readonly node: DateNode; readonly starts: boolean }) {
  const { now } = useContext(WorkspaceContext)
  const at = new Date(node.unix * 1000)
  const words = formatDateToken(node.unix, node.format, now)
  const shown = starts ? words.charAt(0).toUpperCase() + words.slice(1) : words
  const time = (
    <time dateTime={at.toISOString()} title={node.fallback}>
      {shown}
    </time>
  )
  if (node.url === null) return time
  return (
    <a href={node.url} target="_blank" rel="noopener noreferrer">
      {time}
    </a>
  )
}
