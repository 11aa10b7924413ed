import type { SceneName } from '../../contract.ts'
import { useConfirm } from '../dialogs/confirm-context.ts'
import { Icon } from '../shell/icon.tsx'
import type { Turn } from './control-panel.tsx'
import { SCENES } from './words.ts'

const NAMES = Object.keys(SCENES) as SceneName[]

/** Starting over throws everything away, so it is asked first. */
export function ScenePart({ scene, turn }: { readonly scene: SceneName; readonly turn: Turn }) {
  const ask = useConfirm()
  const plain = (text: string) => ({ type: 'plain_text', text })
  const start = async (name: SceneName) => {
    const yes = await ask({
      title: plain(name === scene ? 'Start over?' : `Start “${SCENES[name].name}”?`),
      text: plain('All messages and verifications of this sandbox are thrown away.'),
      confirm: plain('Start over'),
      deny: plain('Keep this'),
    })
    if (yes) turn({ do: 'scene', scene: name })
  }
  return (
    <section class="part" aria-labelledby="part-scene">
      <h3 id="part-scene">Scene</h3>
      <ul class="scenes">
        {NAMES.map((name) => (
          <li key={name}>
            <button type="button" class="scene" aria-pressed={name === scene} onClick={() => void start(name)}>
              <strong>{SCENES[name].name}</strong>
              <span>{SCENES[name].means}</span>
            </button>
          </li>
        ))}
      </ul>
      <button type="button" class="button" onClick={() => void start(scene)}>
        <Icon name="reset" /> Reset this scene
      </button>
    </section>
  )
}
