import { createContext } from 'preact'
import type { JsonObject } from '../../../slack/json.ts'
import type { ActRequest } from '../../contract.ts'

export type Target = Extract<ActRequest, { do: 'press' }>['target']

export type SurfaceAct =
  | { readonly do: 'press'; readonly actionId: string }
  | { readonly do: 'choose'; readonly actionId: string; readonly value: string | readonly string[] | null }
  | { readonly do: 'type'; readonly actionId: string; readonly text: string; readonly enter: boolean }

/** Where blocks stand: a message, a modal or the Home tab. */
export type Surface = {
  readonly kind: 'message' | 'modal' | 'home'
  /** Unique on the page: ids of elements begin with it. */
  readonly id: string
  /** block id → action id → Slack's state value; empty for messages. */
  readonly values: JsonObject
  readonly errors: Readonly<Record<string, string>>
  act(act: SurfaceAct): Promise<string | null>
  /** Typing that has not been sent; gives the function that forgets it. Sent before anything else of this surface. */
  holdTyping(send: () => Promise<void>): () => void
  onEdit(blockId: string): void
}

export const SurfaceContext = createContext<Surface>({
  kind: 'message',
  id: 'nowhere',
  values: {},
  errors: {},
  act: async () => null,
  holdTyping: () => () => undefined,
  onEdit: () => undefined,
})
