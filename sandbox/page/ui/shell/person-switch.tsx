import { useState } from 'preact/hooks'
import type { PagePerson, Snapshot } from '../../contract.ts'
import { type ReadMarks, unreadDirect } from '../state/unread.ts'
import { Avatar } from './avatar.tsx'

type Props = {
  readonly snapshot: Snapshot
  readonly as: string
  readonly read: ReadMarks
  /** To the app's messages where some are unread. */
  onPick(personId: string, at?: 'app'): void
}

const MANY = 14
const ROLES: Readonly<Record<string, string>> = {
  admin: 'Admin',
  manager: 'Manager',
  employee: 'Employee',
  guest: 'Guest',
  stranger: 'Other organisation',
  deactivated: 'Deactivated',
}

/** Who one acts as. A badge says that somebody else got a direct message. */
export function PersonSwitch({ snapshot, as, read, onPick }: Props) {
  const [typed, setTyped] = useState('')
  const people = snapshot.people.filter(({ role }) => role !== 'bot')
  const wanted = typed.trim().toLocaleLowerCase()
  const unreadOf = ({ id, canAct }: PagePerson) => (id === as || !canAct ? 0 : unreadDirect(snapshot, read, id))
  const found = people.filter(
    ({ id, name, realName }) => id === as || `${realName} ${name}`.toLocaleLowerCase().includes(wanted),
  )
  // In a crowd nobody would find a badge at the end of the list.
  const shown =
    people.length > MANY ? found.toSorted((a, b) => Number(unreadOf(b) > 0) - Number(unreadOf(a) > 0)) : found
  return (
    <section class="switch" aria-labelledby="switch-title">
      <h2 id="switch-title">Act as</h2>
      {people.length > MANY ? (
        <input
          class="switch-search"
          type="search"
          aria-label="Find a person to act as"
          placeholder="Find a person"
          value={typed}
          onInput={({ currentTarget }) => setTyped(currentTarget.value)}
        />
      ) : null}
      <ul>
        {shown.map((person) => {
          const unread = unreadOf(person)
          return (
            <li key={person.id}>
              <PersonButton
                person={person}
                current={person.id === as}
                unread={unread}
                onPick={() => (unread > 0 ? onPick(person.id, 'app') : onPick(person.id))}
              />
            </li>
          )
        })}
      </ul>
    </section>
  )
}

type ButtonProps = { readonly person: PagePerson; readonly current: boolean; readonly unread: number; onPick(): void }

function PersonButton({ person, current, unread, onPick }: ButtonProps) {
  const { id, name, realName, role, canAct } = person
  const shown = realName || name
  const why = canAct ? (ROLES[role] ?? role) : `${ROLES[role] ?? role}: cannot sign in`
  return (
    <button
      type="button"
      class={unread > 0 ? 'person unread' : 'person'}
      aria-pressed={current}
      aria-disabled={!canAct}
      title={canAct ? `Act as ${shown}` : `${shown} was deactivated and cannot sign in, so nobody can act as them.`}
      onClick={() => {
        if (canAct) onPick()
      }}
    >
      <Avatar id={id} name={shown} size="small" />
      <span class="person-words">
        <span class="person-name">{shown}</span>
        <span class="person-role">{why}</span>
      </span>
      {unread > 0 ? (
        <span class="badge">
          {unread}
          <span class="sr-only"> new direct {unread === 1 ? 'message' : 'messages'}</span>
        </span>
      ) : null}
    </button>
  )
}
