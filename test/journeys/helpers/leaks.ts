import type { Call } from '../../../sandbox/slack/call-log.ts'
import type { Stage } from './stage.ts'

const LINK_BUTTON = 'open_link'

/** Every place where something secret stands that may not stand there; and every message that was sent twice. */
export function leaks({ slack, easyfreelance, log, settings }: Stage): string[] {
  const sessions = easyfreelance.sessions()
  const ofSessions = sessions.flatMap(({ id, token }) => [id, token])
  const credentials = [slack.botToken, slack.appToken, slack.signingSecret, easyfreelance.token, easyfreelance.apiKey]
  const found: string[] = []
  const search = (where: string, what: unknown, secrets: readonly string[]) => {
    const text = typeof what === 'string' ? what : JSON.stringify(what)
    for (const secret of secrets) if (text.includes(secret)) found.push(`${where}: ${text.slice(0, 300)}`)
  }
  const addresses = slack.people().flatMap(({ email }) => (email === undefined || email === '' ? [] : [email]))
  const names = slack.people().flatMap(({ realName }) => (realName.includes(' ') ? [realName] : []))
  const never = [...ofSessions, ...addresses]
  for (const line of log) search('log', line, [...credentials, ...never, ...names])
  for (const message of slack.messages()) search('message', withoutLink(message), never)
  for (const view of slack.views()) search('view', view, never)
  for (const call of slack.calls) search(`call of ${call.method}`, withoutLink(argsOf(call)), never)
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
  for (const key of Object.keys(settings)) if (log.some((line) => line.includes(`"${key}"`))) found.push(`log: ${key}`)
  return found
}

function argsOf({ args }: Call): unknown {
  return args
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
