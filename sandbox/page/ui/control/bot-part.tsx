import type { Turn } from './control-panel.tsx'

export function BotPart({ running, turn }: { readonly running: boolean; readonly turn: Turn }) {
  return (
    <section class="part" aria-labelledby="part-bot">
      <h3 id="part-bot">The bot</h3>
      <p class="state">
        <span class={running ? 'lamp on' : 'lamp'} /> {running ? 'Running' : 'Stopped'}
      </p>
      <p class="means">
        Killing it is <code>kill -9</code>, in the middle of whatever it does. Nothing may get lost.
      </p>
      <div class="row">
        <button
          type="button"
          class="button danger"
          aria-disabled={!running}
          onClick={() => running && turn({ do: 'kill' })}
        >
          Kill
        </button>
        <button type="button" class="button" onClick={() => turn({ do: 'restart' })}>
          {running ? 'Restart' : 'Start again'}
        </button>
      </div>
    </section>
  )
}
