import type { Journey } from './journeys.ts'
import type { VerificationRow } from './look-inside.ts'
import { titleOf } from './verdict.ts'

/** How the journeys of one trial ended: what is wrong with each, by its name, and what is wrong with none in particular. */
export type Judged = {
  readonly journeys: ReadonlyMap<string, readonly string[]>
  readonly others: readonly string[]
}

/** Each journey has to come to its own end, by its own way; and nothing else may be wrong with it. */
export function judgeJourneys(
  journeys: readonly Journey[],
  verifications: readonly VerificationRow[],
  problems: readonly string[],
): Judged {
  const judged = new Map(
    journeys.map((journey) => {
      const rows = verifications.filter((row) => row.employee_id === journey.role.employeeId)
      const own = problems.filter((problem) => rows.some(({ id }) => problem.includes(id)))
      return [journey.name, [...judgeEnd(journey, rows), ...own]] as const
    }),
  )
  const others = problems.filter((problem) => !verifications.some(({ id }) => problem.includes(id)))
  return { journeys: judged, others }
}

function judgeEnd({ ends, isDecided }: Journey, [row, ...more]: readonly VerificationRow[]): string[] {
  if (row === undefined) return ['nobody was asked']
  const found = more.length > 0 ? [`${more.length + 1} verifications instead of one`] : []
  if (titleOf(row) !== ends) found.push(`ended as ${titleOf(row) || row.status} instead of ${ends}`)
  if (isDecided && row.parks === 0) found.push('nobody was asked to decide')
  return found
}
