import { formatDateToken } from '../mrkdwn/date-token.ts'
import type { Turn } from './control-panel.tsx'
import { duration } from './words.ts'

type Props = { readonly now: number; readonly aheadMs: number; readonly turn: Turn }

export function ClockPart({ now, aheadMs, turn }: Props) {
  const unix = Math.floor(now / 1000)
  return (
    <section class="part" aria-labelledby="part-clock">
      <h3 id="part-clock">Clock</h3>
      <p class="big">
        {formatDateToken(unix, '{time}', now)} <small>{formatDateToken(unix, '{date_long}', now)}</small>
      </p>
      <p class="means">{aheadMs < 30_000 ? 'The real time.' : `${duration(aheadMs)} ahead of the real time.`}</p>
      <div class="row">
        <button type="button" class="button tight" onClick={() => turn({ do: 'forward', to: 'hour' })}>
          +1 hour
        </button>
        <button type="button" class="button tight" onClick={() => turn({ do: 'forward', to: 'deadline' })}>
          To the deadline
        </button>
        <button type="button" class="button tight" onClick={() => turn({ do: 'forward', to: 'past_deadline' })}>
          Past the deadline
        </button>
      </div>
    </section>
  )
}
