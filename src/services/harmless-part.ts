import { isLibraryWord } from './library-words.ts'

/** Slack's tokens all begin so; docs.slack.dev: Tokens. */
const SLACK_TOKEN = /xox[a-z]|xapp-|xwfp-/i
const LONG_RUN = /[A-Za-z0-9_-]{65,}/

/** Whether a text looks like something that must never be logged. */
export function looksSecret(text: string): boolean {
  return SLACK_TOKEN.test(text) || LONG_RUN.test(text) || text.includes('://') || /bearer/i.test(text)
}

const LONGEST = 200
/** A word, and what stands before the next one. */
const WORD = /([A-Za-z][A-Za-z'-]*)([ ,.]*)/y
const BROKEN_OFF = /^(?:[\w@/]|:\S)/
const ANSWER = /(?:^|: )([a-z]{2,20}(?:_[a-z]{2,20}){1,5})$/

/**
 * What may be logged of a text that one of Slack's libraries wrote: the words it begins with, as long as they are its own, so
 * up to the first name, quote, bracket, number, address or other value; and an error word such as `invalid_auth` at its end.
 */
export function harmlessPart(message: string): string | undefined {
  const [, answer] = ANSWER.exec(message) ?? []
  const isOurs = answer?.split('_').every(isLibraryWord) === true
  const kept = [firstWords(message), isOurs ? answer : ''].filter((part) => part !== '').join(': ')
  return kept === '' || kept.length > LONGEST || looksSecret(kept) ? undefined : kept
}

function firstWords(message: string): string {
  let end = 0
  for (let at = 0; ; ) {
    WORD.lastIndex = at
    const [whole, word = ''] = WORD.exec(message) ?? []
    if (whole === undefined || !isLibraryWord(word) || BROKEN_OFF.test(message.slice(at + word.length))) break
    end = at + word.length
    if (whole === word) break
    at += whole.length
  }
  return message.slice(0, end)
}
