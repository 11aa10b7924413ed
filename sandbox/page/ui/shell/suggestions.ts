import type { PagePerson, Snapshot } from '../../contract.ts'

export type Suggestion = {
  readonly insert: string
  readonly label: string
  readonly detail: string
  readonly hint: string
  readonly personId: string | null
}

export type Suggestions = {
  readonly kind: 'commands' | 'people'
  /** What is replaced: from here to the caret. */
  readonly from: number
  readonly typed: string
  readonly items: readonly Suggestion[]
}

const MOST = 8

/** What the composer offers for what stands before the caret; null for nothing. */
export function suggestionsAt(
  text: string,
  caret: number,
  { commands, people }: Pick<Snapshot, 'commands' | 'people'>,
): Suggestions | null {
  const before = text.slice(0, caret)
  if (/^\/\S*$/.test(before)) {
    const items = commands
      .filter(({ command }) => command.startsWith(before))
      .map(({ command, description, usageHint }) => ({
        insert: `${command} `,
        label: command,
        detail: description,
        hint: usageHint,
        personId: null,
      }))
    return items.length === 0 ? null : { kind: 'commands', from: 0, typed: before, items }
  }
  const typed = /(?:^|\s)@([^\s@]*)$/u.exec(before)?.[1]
  if (typed === undefined) return null
  const items = people.filter((person) => isMeant(person, typed)).slice(0, MOST)
  if (items.length === 0) return null
  return { kind: 'people', from: caret - typed.length - 1, typed: `@${typed}`, items: items.map(offer) }
}

function offer({ id, name, realName, role }: PagePerson): Suggestion {
  return {
    insert: `@${name} `,
    label: realName || name,
    detail: `@${name}`,
    hint: role === 'deactivated' ? 'deactivated' : '',
    personId: id,
  }
}

function isMeant({ name, realName }: PagePerson, typed: string): boolean {
  const wanted = typed.toLocaleLowerCase()
  return [name, ...realName.split(/\s+/)].some((word) => word.toLocaleLowerCase().startsWith(wanted))
}

/** Typed to the end already: Enter sends instead of completing. */
export function isComplete({ items, typed }: Suggestions): boolean {
  return items.some(({ insert }) => insert.trim().toLocaleLowerCase() === typed.toLocaleLowerCase())
}

export type Sent =
  | { readonly kind: 'command'; readonly command: string; readonly text: string }
  | { readonly kind: 'unknown_command'; readonly command: string }
  | { readonly kind: 'say'; readonly text: string }

/** What the typed line is: a command with its text, or something to say, with people and signs as Slack writes them. */
export function readLine(line: string, { commands, people }: Pick<Snapshot, 'commands' | 'people'>): Sent {
  const typed = line.trim()
  const [, command = '', text = ''] = /^(\/\S+)\s*([\s\S]*)$/.exec(typed) ?? []
  if (command !== '') {
    const isKnown = commands.some((each) => each.command === command)
    return isKnown ? { kind: 'command', command, text } : { kind: 'unknown_command', command }
  }
  const escaped = typed.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  const mentioned = escaped.replace(/(^|\s)@(\S+)/g, (whole, space: string, name: string) => {
    const person = people.find((each) => each.name === name)
    return person === undefined ? whole : `${space}<@${person.id}>`
  })
  return { kind: 'say', text: mentioned }
}
