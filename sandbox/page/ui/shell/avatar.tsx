type Props = { readonly id: string; readonly name: string; readonly size?: 'small' | 'tiny'; readonly app?: boolean }

const HUES = 8

/** Initials on a colour that stays with the person. */
export function Avatar({ id, name, size, app = false }: Props) {
  const words = name.split(/\s+/).filter((word) => word !== '')
  const initials = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => word?.charAt(0) ?? '').join('')
  const hue = [...id].reduce((sum, char) => sum * 31 + char.charCodeAt(0), 7) % HUES
  const classes = ['avatar', ...(size === undefined ? [] : [size]), app ? 'of-app' : `hue-${Math.abs(hue)}`]
  return (
    <span class={classes.join(' ')} aria-hidden="true">
      {initials.toUpperCase() || '?'}
    </span>
  )
}
