import { useContext } from 'preact/hooks'
import { WorkspaceContext } from '../state/workspace-context.ts'

type Props = { readonly id: string; readonly name: string; readonly size?: 'small' | 'tiny'; readonly app?: boolean }

const HUES = 8

/** Initials on a colour that stays with the person; neighbours in a list never share one. */
export function Avatar({ id, name, size, app = false }: Props) {
  const words = name.split(/\s+/).filter((word) => word !== '')
  const initials = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.charAt(0) ?? '').join('')
  const { people } = useContext(WorkspaceContext)
  const hue = Math.max(
    0,
    people.findIndex((person) => person.id === id),
  )
  const classes = ['avatar', ...(size === undefined ? [] : [size]), app ? 'of-app' : `hue-${hue % HUES}`]
  return (
    <span class={classes.join(' ')} aria-hidden="true">
      {initials.toUpperCase() || '?'}
    </span>
  )
}
