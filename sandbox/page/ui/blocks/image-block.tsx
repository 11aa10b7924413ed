import { useState } from 'preact/hooks'
import { type JsonObject, textIn } from '../../../slack/json.ts'
import { safeUrl } from '../mrkdwn/safe-url.ts'
import { TextObject } from './text-object.tsx'

export function ImageBlock({ block }: { readonly block: JsonObject }) {
  return (
    <figure class="block-image">
      {block.title === undefined ? null : (
        <figcaption>
          <TextObject text={block.title} />
        </figcaption>
      )}
      <Picture image={block} />
    </figure>
  )
}

/** A picture, or its description where there is none to be had: nothing is fetched from beyond this computer. */
export function Picture({ image }: { readonly image: JsonObject }) {
  const url = safeUrl(textIn(image.image_url))
  const [broken, setBroken] = useState(false)
  const words = textIn(image.alt_text)
  if (url === null || broken || !isHere(url)) {
    return (
      <span class="picture-missing" role="img" aria-label={words}>
        {words}
      </span>
    )
  }
  return <img class="picture" src={url} alt={words} onError={() => setBroken(true)} />
}

function isHere(url: string): boolean {
  return ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)
}
