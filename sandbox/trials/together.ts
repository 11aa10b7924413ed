import type { Player } from './people.ts'

/** So many people do something at once: as many as a busy machine serves before they lose patience. */
const AT_ONCE = 5

/** Each of them does the next thing that is to be done, a few at a time. */
export async function actTogether(players: readonly Player[]): Promise<void> {
  const waiting = [...players]
  const lane = async () => {
    for (let player = waiting.shift(); player !== undefined; player = waiting.shift()) await player.act()
  }
  await Promise.all(Array.from({ length: AT_ONCE }, lane))
}
