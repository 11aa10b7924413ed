import { useLayoutEffect } from 'preact/hooks'
import { usePreference } from '../state/preference.ts'
import { Icon, type IconName } from './icon.tsx'

const THEMES = ['auto', 'light', 'dark'] as const
const NAMES = { auto: 'as the system', light: 'light', dark: 'dark' } as const
const ICONS: Record<(typeof THEMES)[number], IconName> = { auto: 'screen', light: 'sun', dark: 'moon' }

export function ThemeToggle() {
  const [theme, choose] = usePreference('sandbox-theme', THEMES, 'auto')
  useLayoutEffect(() => {
    document.documentElement.dataset.theme = theme
  }, [theme])
  const next = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length] ?? 'auto'
  const words = `Theme: ${NAMES[theme]}. Change to ${NAMES[next]}`
  return (
    <button type="button" class="icon-button" aria-label={words} title={words} onClick={() => choose(next)}>
      <Icon name={ICONS[theme]} />
    </button>
  )
}
