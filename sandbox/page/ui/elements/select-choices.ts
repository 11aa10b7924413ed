import { type JsonObject, objectsIn, textIn } from '../../../slack/json.ts'
import { wordsOf } from '../blocks/text-object.tsx'
import type { WorkspaceInfo } from '../state/workspace-context.ts'

export type Choice = {
  readonly value: string
  readonly label: string
  readonly detail: string | null
  readonly group: string | null
  /** Whose initials stand before it. */
  readonly personId: string | null
}

/** What a select offers. As in Slack, bots are among the users, and people who were deactivated are not. */
export function choicesOf(element: JsonObject, { people, channels }: WorkspaceInfo): Choice[] {
  switch (element.type) {
    case 'users_select':
      return people
        .filter(({ role }) => role !== 'deactivated')
        .toSorted((a, b) => Number(a.role === 'bot') - Number(b.role === 'bot'))
        .map(({ id, name, realName }) => ({
          value: id,
          label: realName || name,
          detail: `@${name}`,
          group: null,
          personId: id,
        }))
    case 'conversations_select':
      return channels.map(({ id, name }) => ({
        value: id,
        label: `#${name}`,
        detail: null,
        group: null,
        personId: null,
      }))
    default:
      return [
        ...objectsIn(element.options).map((option) => choiceOf(option, null)),
        ...objectsIn(element.option_groups).flatMap((group) =>
          objectsIn(group.options).map((option) => choiceOf(option, wordsOf(group.label))),
        ),
      ]
  }
}

function choiceOf(option: JsonObject, group: string | null): Choice {
  return {
    value: textIn(option.value),
    label: wordsOf(option.text),
    detail: wordsOf(option.description) || null,
    group,
    personId: null,
  }
}

/** The choices whose name or detail has a word beginning with what was typed; names first. */
export function matching(choices: readonly Choice[], typed: string): Choice[] {
  const wanted = typed.trim().toLocaleLowerCase()
  if (wanted === '') return [...choices]
  const begins = (text: string) =>
    text.toLocaleLowerCase().startsWith(wanted) ||
    text
      .toLocaleLowerCase()
      .split(/[\s@#.-]+/)
      .some((word) => word.startsWith(wanted))
  return choices.filter(({ label, detail }) => begins(label) || (detail !== null && begins(detail)))
}
