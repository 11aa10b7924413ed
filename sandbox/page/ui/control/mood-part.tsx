import type { ControlState, Mood } from '../../contract.ts'
import type { Turn } from './control-panel.tsx'
import { MOODS, SIDES } from './words.ts'

const NAMES = Object.entries(MOODS) as [Mood, (typeof MOODS)[Mood]][]

export function MoodPart({ state, turn }: { readonly state: ControlState; readonly turn: Turn }) {
  return (
    <section class="part" aria-labelledby="part-moods">
      <h3 id="part-moods">How the others behave</h3>
      {(['slack', 'easyfreelance'] as const).map((side) => (
        <div key={side} class="knob">
          <label for={`mood-${side}`}>{SIDES[side]}</label>
          <select
            id={`mood-${side}`}
            class="field"
            value={state.moods[side]}
            aria-describedby={`mood-${side}-means`}
            onChange={({ currentTarget }) => {
              const mood = NAMES.find(([name]) => name === currentTarget.value)?.[0]
              if (mood !== undefined) turn({ do: 'mood', side, mood })
            }}
          >
            {NAMES.map(([mood, { name }]) => (
              <option key={mood} value={mood}>
                {name}
              </option>
            ))}
          </select>
          <p class="means" id={`mood-${side}-means`}>
            {MOODS[state.moods[side]].means}
          </p>
        </div>
      ))}
      <label class="option">
        <input
          type="checkbox"
          checked={state.returnUrlApproved}
          onChange={({ currentTarget }) => turn({ do: 'return_url', approved: currentTarget.checked })}
        />
        <span class="option-words">
          <span>Return URL approved</span>
          <span class="option-description">EasyFreelance sends people back only to addresses it has approved.</span>
        </span>
      </label>
    </section>
  )
}
