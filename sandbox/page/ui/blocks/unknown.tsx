import { type JsonObject, textIn } from '../../../slack/json.ts'

/** What this page cannot draw is shown as such, never left out. */
export function Unknown({ what, json }: { readonly what: 'block' | 'element'; readonly json: JsonObject }) {
  return (
    <details class="unknown" data-unknown={textIn(json.type)}>
      <summary>
        The sandbox cannot show this {what}: <code>{textIn(json.type) || 'no type'}</code>
      </summary>
      <pre>{JSON.stringify(json, null, 2)}</pre>
    </details>
  )
}
