/** UTC, to the millisecond, fit for a file's name: `20261123T093000000Z`. */
export function stampOf(now: number): string {
  return new Date(now).toISOString().replaceAll(/[-:.]/g, '')
}
