import { Icon } from './icon.tsx'

type Props = { readonly connected: boolean; readonly settingUp: boolean }

/** Why nothing may happen right now. */
export function Notices({ connected, settingUp }: Props) {
  return (
    <div role="status">
      {connected ? null : (
        <p class="banner bad">
          <Icon name="warning" /> The sandbox does not answer. Is it still running? Trying again…
        </p>
      )}
      {settingUp ? (
        <p class="banner">
          <Icon name="clock" /> Setting up the scene. This takes a moment.
        </p>
      ) : null}
    </div>
  )
}
