/** A number and what it counts: `1 kill`, `2 kills`. The sandbox takes nothing from the bot's own code. */
export function counted(count: number, one: string): string {
  return `${count} ${count === 1 ? one : `${one}s`}`
}
