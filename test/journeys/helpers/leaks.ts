import type { Stage } from './stage.ts'

const LINK_BUTTON = 'open_link'

/** Every place where something secret stands that may not stand there; and every message that was sent twice. */
export function leaks({ slack, easyfreelance, log, settings }: Stage): string[] {
  const sessions = easyfreelance.sessions()
  const ofSessions = sessions.flatMap(({ id, token }) => [id, token])
  const credentials = [slack.botToken, slack.appToken, slack.signingSecret, easyfreelance.token, easyfreelance.apiKey]
  const found: string[] = []
  const search = (where: string, all: readonly unknown[], secrets: readonly string[]) => {
    const texts = all.map((what) => (typeof what === 'string' ? what : JSON.stringify(what)))
    // Most secrets are in none of them, which one look at all of them tells.
    const together = texts.join('\n')
    for (const secret of secrets.filter((each) => together.includes(each))) {
      for (const text of texts) if (text.includes(secret)) found.push(`${where}: ${text.slice(0, 300)}`)
    }
  }
  const addresses = slack.people().flatMap(({ email }) => (email === undefined || email === '' ? [] : [email]))
  const names = slack.people().flatMap(({ realName }) => (realName.includes(' ') ? [realName] : []))
  const never = [...ofSessions, ...addresses]
  search('log', log, [...credentials, ...never, ...names, ...Object.keys(settings).map((key) => `"${key}"`)])
  search('message', slack.messages().map(withoutLink), never)
  search('view', slack.views(), never)
  search(
    'call',
    slack.calls.map(({ method, args }) => [method, withoutLink(args)]),
    never,
  )
  for (const message of slack.messages()) {
    if (!JSON.stringify(message).includes(`"${LINK_BUTTON}"`)) continue
    if (!message.channelId.startsWith('D') || message.ephemeralTo !== undefined)
      found.push(`link in ${message.channelId}`)
    if (message.unfurlLinks !== false || message.unfurlMedia !== false) found.push('the link may be unfurled')
  }
  const ids = slack
    .messages()
    .filter(({ deleted, metadata }) => !deleted && metadata !== undefined)
    .map(({ channelId, metadata }) => `${String(metadata?.event_payload.id)} in ${channelId}`)
  for (const id of new Set(ids)) if (ids.filter((each) => each === id).length > 1) found.push(`sent twice: ${id}`)
  return found
}

/** The same without the one place where the link belongs: the button of a direct message. */
function withoutLink(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutLink)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value)
  const isLinkButton = 'action_id' in value && value.action_id === LINK_BUTTON
  return Object.fromEntries(
    entries.filter(([key]) => !(isLinkButton && key === 'url')).map(([key, held]) => [key, withoutLink(held)]),
  )
}
