import { createSecretKey } from 'node:crypto'
import type { MessageIdentity } from '../../src/services/message.ts'
import { makeLinks } from '../../src/services/store/sealed-links.ts'
import { makeSeal } from '../../src/services/store/sealing.ts'
import type { Verification } from '../../src/services/verification.ts'
import type { Content } from '../../src/views/blocks.ts'
import { makeRenderMessage } from '../../src/views/render-message.ts'

/** Made up; only for tests. */
export const SEAL = makeSeal([createSecretKey(Buffer.from(Array.from({ length: 32 }, (_, index) => index)))])

export const LINKS = makeLinks(SEAL)

const render = makeRenderMessage(LINKS)

/** What a verification shows whose link is as it was sealed. */
export function renderMessage(
  message: Pick<MessageIdentity, 'kind' | 'occasion' | 'movedBecause'>,
  verification: Verification,
): Content {
  const content = render(message, verification)
  if (content === null) throw new Error('its link does not open')
  return content
}
