/** Whose turn it is to show a form again: what began last. Whatever began earlier has nothing more to say about the form. */
export type FormTurns = {
  begin(viewId: string): Turn
}

export type Turn = {
  /** False once something newer has begun, or this has ended. */
  isLatest(): boolean
  end(): void
}

export function makeFormTurns(): FormTurns {
  const latest = new Map<string, Turn>()
  return {
    begin: (viewId) => {
      const turn: Turn = {
        isLatest: () => latest.get(viewId) === turn,
        end: () => {
          if (turn.isLatest()) latest.delete(viewId)
        },
      }
      latest.set(viewId, turn)
      return turn
    },
  }
}
