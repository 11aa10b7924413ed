/** Whether the bot can do its work, and what can't. */
export type Readiness = { readonly ok: boolean; readonly checks: Readonly<Record<string, boolean>> }

/** Each part answers for itself; one that breaks while it is asked is not in order. */
export function makeReadiness(checks: Readonly<Record<string, () => boolean>>): () => Readiness {
  return () => {
    const answers = Object.entries(checks).map(([name, check]): [string, boolean] => [name, holds(check)])
    return { ok: answers.every(([, ok]) => ok), checks: Object.fromEntries(answers) }
  }
}

function holds(check: () => boolean): boolean {
  try {
    return check()
  } catch {
    return false
  }
}
