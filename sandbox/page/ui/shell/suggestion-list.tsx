import { Avatar } from './avatar.tsx'
import type { Suggestion, Suggestions } from './suggestions.ts'

type Props = { readonly found: Suggestions; readonly active: number; onPick(suggestion: Suggestion): void }

export function SuggestionList({ found, active, onPick }: Props) {
  return (
    <div
      class="suggestions"
      id="suggestions"
      role="listbox"
      aria-label={found.kind === 'commands' ? 'Commands' : 'People'}
    >
      {found.items.map((item, index) => (
        // biome-ignore lint/a11y/useKeyWithClickEvents: the keyboard stays in the composer that owns this list
        // biome-ignore lint/a11y/useFocusableInteractive: pointed to by aria-activedescendant
        <div
          key={item.insert}
          id={`suggestion-${index}`}
          class="suggestion"
          role="option"
          aria-selected={index === active}
          onMouseDown={(event) => event.preventDefault()}
          onClick={() => onPick(item)}
        >
          {item.personId === null ? null : <Avatar id={item.personId} name={item.label} size="small" />}
          <span class="suggestion-label">{item.label}</span>
          {item.personId === null && item.hint !== '' ? <code>{item.hint}</code> : null}
          <span class="suggestion-detail">{item.detail}</span>
          {item.personId !== null && item.hint !== '' ? <span class="tag">{item.hint}</span> : null}
        </div>
      ))}
    </div>
  )
}
