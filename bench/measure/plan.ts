import type { Database } from 'better-sqlite3'

/** How SQLite goes about a statement, step by step, in its own words (sqlite.org/eqp.html). */
export type Plan = { readonly sql: string; readonly steps: readonly string[] }

export function planOf(db: Database, sql: string): Plan {
  const anything = Object.fromEntries([...sql.matchAll(/:(\w+)/g)].map(([, name = '']) => [name, 1]))
  const steps = db.prepare<[object], { detail: string }>(`explain query plan ${sql}`).all(anything)
  return { sql: sql.replaceAll(/\s+/g, ' ').trim(), steps: steps.map(({ detail }) => detail) }
}

/** Whether every row is found by an index: no table or index is read through, nothing is sorted, no index is made for the while. */
export function isIndexOnly({ steps }: Plan): boolean {
  return !steps.some((step) => /^SCAN (?!CONSTANT ROW)|TEMP B-TREE|AUTOMATIC/.test(step))
}

/** The verdict in one line; whole plans only of what is not found so. */
export function plansText(plans: readonly Plan[]): string {
  const bad = plans.filter((plan) => !isIndexOnly(plan))
  const verdict = `How SQLite finds them (EXPLAIN QUERY PLAN of ${plans.length} statements): index only: ${bad.length === 0 ? 'yes' : 'no'}`
  return [
    verdict,
    ...bad.map(({ sql, steps }) => ['', `    ${sql}`, ...steps.map((step) => `      ${step}`)].join('\n')),
    '',
  ].join('\n')
}
