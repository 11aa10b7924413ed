import type { ControlState } from '../../contract.ts'
import { MOODS, SIDES } from '../control/words.ts'

type Props = { readonly control: ControlState; onOpen(): void }

/** What is not as usual, so that nobody wonders why nothing happens. */
export function StatusPills({ control, onOpen }: Props) {
  const { botRunning, moods, returnUrlApproved } = control
  const wrongs = [
    ...(botRunning ? [] : ['The bot is stopped']),
    ...(['slack', 'easyfreelance'] as const)
      .filter((side) => moods[side] !== 'well')
      .map((side) => `${SIDES[side]}: ${MOODS[moods[side]].name.toLowerCase()}`),
    ...(returnUrlApproved ? [] : ['Return URL not approved']),
  ]
  return (
    <div class="pills">
      {wrongs.map((words) => (
        <button key={words} type="button" class="pill" title="Open the control panel" onClick={onOpen}>
          {words}
        </button>
      ))}
    </div>
  )
}
