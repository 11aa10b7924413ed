/** Text for Slack's mrkdwn. Whatever comes from outside goes through here before anybody sees it. */

const USER_ID = /^[UW][A-Z0-9]{2,30}$/
const CHANNEL_ID = /^[CG][A-Z0-9]{2,30}$/
const MENTION = /^<@([UW][A-Z0-9]{2,30})(?:\|[^<>]*)?>$/
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
/** Year 2100; later than that is a mistake, and Slack shows nonsense. */
const LATEST_MS = 4_102_444_800_000
let segmenter: Intl.Segmenter | undefined

export function escapeMrkdwn(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

/** Without control, bidi and other invisible characters; line breaks stay, and so do the joiners that emoji need. */
export function clean(text: string): string {
  return text
    .replace(/\r\n?|\p{Zl}|\p{Zp}/gu, '\n')
    .replaceAll('\t', ' ')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, (character) => ('\n\u200c\u200d'.includes(character) ? character : ''))
    .trim()
}

export function oneLine(text: string): string {
  return clean(text).replace(/\s+/gu, ' ')
}

/** Made with the first text, for its tables take longer to load than the rest of the views together. */
function lettersOf(text: string): Intl.Segments {
  segmenter ??= new Intl.Segmenter('en', { granularity: 'grapheme' })
  return segmenter.segment(text)
}

/** How long people would say it is: an emoji or an accented letter counts once. */
export function lengthForPeople(text: string): number {
  return [...lettersOf(text)].length
}

/** Cut between letters, never inside one, so that what `write` makes of it stays within the limit. */
export function cap(text: string, limit: number, write: (letter: string) => string = (letter) => letter): string {
  let written = ''
  // What lies beyond the limit cannot fit, however it is written.
  for (const { segment } of lettersOf(text.slice(0, limit))) {
    const next = written + write(segment)
    if (next.length >= limit) return `${written}…`
    written = next
  }
  return written
}

/** Somebody else's words on one line: cleaned, escaped and at most `limit` long. */
export function outside(text: string, limit: number): string {
  return cap(oneLine(text), limit, escapeMrkdwn)
}

/** Somebody else's words as a quotation, line by line. */
export function quote(text: string, limit: number): string {
  return `> ${cap(clean(text), limit - 2, (letter) => (letter === '\n' ? '\n> ' : escapeMrkdwn(letter)))}`
}

/** Somebody else's words exactly as they stand. */
export function code(text: string, limit: number): string {
  return `\`${outside(text.replaceAll('`', "'"), limit - 2) || ' '}\``
}

export function isUserId(text: string): boolean {
  return USER_ID.test(text)
}

export function isChannelId(text: string): boolean {
  return CHANNEL_ID.test(text)
}

export function mention(userId: string): string {
  return isUserId(userId) ? `<@${userId}>` : 'somebody'
}

export function channelMention(channelId: string): string {
  return isChannelId(channelId) ? `<#${channelId}>` : 'the channel you chose'
}

/** A moment in the reader's own time zone; the words after the bar are for clients that cannot tell. */
export function dateTime(atMs: number): string {
  if (!(atMs >= 0 && atMs < LATEST_MS)) return 'an unknown time'
  const at = new Date(atMs)
  const day = `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]} ${at.getUTCFullYear()}`
  const unix = Math.floor(atMs / 1000)
  return `<!date^${unix}^{date_short_pretty} at {time}|${day} at ${at.toISOString().slice(11, 16)} UTC>`
}

/** The user id in an escaped mention, `<@U…>` or `<@U…|name>`; null for anything else. */
export function readMention(text: string): string | null {
  return MENTION.exec(text.trim())?.[1] ?? null
}
