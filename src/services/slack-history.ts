import type { WebClient } from '@slack/web-api'

/** Our marker in a message's metadata; readable by every app of the workspace, so it carries an opaque id only. */
const EVENT_TYPE = 'verify_message'

const PAGE = 200

export type Metadata = { readonly event_type: string; readonly event_payload: { readonly id: string } }

export function metadataOf(messageId: string): Metadata {
  return { event_type: EVENT_TYPE, event_payload: { id: messageId } }
}

/** A message of ours as it stands in Slack. */
export type Standing = { readonly ts: string; readonly messageId: string; readonly text: string }

/**
 * Every message of ours in a conversation since `since` (UTC ms), oldest first; some from before may be among them. Read from
 * the latest backwards, so that the latest are there with a clock that differs from Slack's.
 * @throws when the reading is not complete.
 */
export async function readHistory(
  client: WebClient,
  { channel, since, mostPages }: { channel: string; since: number; mostPages: number },
): Promise<Standing[]> {
  const found: Standing[] = []
  let cursor: string | undefined
  for (let page = 0; page < mostPages; page += 1) {
    const answer = await client.conversations.history({
      channel,
      limit: PAGE,
      include_all_metadata: true,
      ...(cursor === undefined ? {} : { cursor }),
    })
    const read = answer.messages ?? []
    for (const { ts, metadata, text = '' } of read) {
      const messageId = metadata?.event_type === EVENT_TYPE ? idIn(metadata.event_payload) : undefined
      if (ts !== undefined && typeof messageId === 'string') found.push({ ts, messageId, text })
    }
    cursor = answer.response_metadata?.next_cursor || undefined
    const isBack = read.some(({ ts }) => Number(ts) * 1000 < since - CLOCK_ROOM_MS)
    if (isBack || (cursor === undefined && answer.has_more !== true)) {
      return found.toSorted((one, other) => (one.ts < other.ts ? -1 : 1))
    }
    if (cursor === undefined) throw new Error('the rest of the history is out of reach')
  }
  throw new Error('the history is too long to be read completely')
}

/** An hour's room for the difference between Slack's clock and ours. */
const CLOCK_ROOM_MS = 60 * 60_000

function idIn(payload: unknown): unknown {
  return typeof payload === 'object' && payload !== null && 'id' in payload ? payload.id : undefined
}
