/** What Slack's mrkdwn says, as a tree: nothing in it is HTML, and every link in it is http or https. */
export type Inline =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'bold' | 'italic' | 'strike' | 'code'; readonly children: readonly Inline[] }
  | { readonly kind: 'link'; readonly url: string; readonly label: string }
  | { readonly kind: 'user' | 'channel'; readonly id: string; readonly label: string | null }
  | { readonly kind: 'broadcast'; readonly label: string }
  | DateNode
  | { readonly kind: 'emoji'; readonly name: string; readonly character: string }
  | { readonly kind: 'break' }

export type DateNode = {
  readonly kind: 'date'
  readonly unix: number
  readonly format: string
  readonly url: string | null
  readonly fallback: string
}

export type Paragraph =
  | { readonly kind: 'paragraph' | 'quote' | 'pre'; readonly children: readonly Inline[] }
  | { readonly kind: 'list'; readonly items: readonly (readonly Inline[])[] }
