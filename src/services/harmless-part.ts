/** Slack's tokens all begin so; docs.slack.dev: Tokens. */
const SLACK_TOKEN = /xox[a-z]|xapp-|xwfp-/i
const LONG_RUN = /[A-Za-z0-9_-]{65,}/

/** Whether a text looks like something that must never be logged. */
export function looksSecret(text: string): boolean {
  return SLACK_TOKEN.test(text) || LONG_RUN.test(text) || text.includes('://') || /bearer/i.test(text)
}

const LONGEST = 200

/** A capital inside a message may begin a person's name, unless it is one of these. */
const PROPER =
  'API|HTTPS?|SSL|URL|WSS|OAuth|Slack|Socket Mode|SocketModeReceiver|HTTPReceiver|WebClient|WebSocket|Bolt|No|Will'
const WORDS = new RegExp(
  `^(?:[a-z'-]+|${PROPER}|[A-Z][a-z'-]+(?= [a-z]))(?:[ ,.]+(?:[a-z'-]+|${PROPER}))*(?![\\w@/]|:\\S)`,
)
const ANSWER = /(?:^|: )([a-z]{2,20}(?:_[a-z]{2,20}){1,5})$/

/**
 * What may be logged of a text that somebody else wrote: the plain words it begins with, up to the first name, quote,
 * bracket, number, address or other value; and an error word such as `invalid_auth` at its end.
 */
export function harmlessPart(message: string): string | undefined {
  const [words = ''] = WORDS.exec(message) ?? []
  const [, answer] = ANSWER.exec(message) ?? []
  const kept = [words, answer].filter((part) => part !== undefined && part !== '').join(': ')
  return kept === '' || kept.length > LONGEST || looksSecret(kept) ? undefined : kept
}
