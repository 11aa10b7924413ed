import { isObject, textIn } from '../../../slack/json.ts'
import { InlineNodes } from '../mrkdwn/inline-nodes.tsx'
import { MrkdwnText } from '../mrkdwn/mrkdwn-text.tsx'
import { parsePlain } from '../mrkdwn/parse-mrkdwn.ts'

/** A text object: `mrkdwn` with its markup, `plain_text` as it stands. */
export function TextObject({ text }: { readonly text: unknown }) {
  if (!isObject(text)) return null
  if (text.type === 'mrkdwn') return <MrkdwnText text={textIn(text.text)} verbatim={text.verbatim === true} />
  return (
    <span class="plain">
      <InlineNodes nodes={parsePlain(textIn(text.text), text.emoji !== false)} />
    </span>
  )
}

/** The bare words of a text object, for labels that cannot hold markup. */
export function wordsOf(text: unknown): string {
  return isObject(text) ? textIn(text.text) : ''
}
