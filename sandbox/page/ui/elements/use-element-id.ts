import { useContext } from 'preact/hooks'
import { type JsonObject, textIn } from '../../../slack/json.ts'
import { SurfaceContext } from '../state/surface.ts'

/** An id for the page that is the same as long as the block stands. */
export function useElementId(block: JsonObject, part: string): string {
  const { id } = useContext(SurfaceContext)
  return `${id}-${textIn(block.block_id)}-${part}`.replace(/[^\w-]/g, '_')
}
