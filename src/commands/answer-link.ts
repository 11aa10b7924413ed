import type { Content } from '../views/blocks.ts'
import {
  alreadyLinked,
  linked,
  linkIncomplete,
  linkRefused,
  linkTaken,
  notLinked,
  unlinked,
  unlinkIncomplete,
} from '../views/link-replies.ts'
import type { VerifyCommand } from '../views/verify-command.ts'
import { employeeProblem } from './employee-problem.ts'
import type { ListenerDeps } from './listen.ts'

type Asked<Do> = Extract<VerifyCommand, { do: Do }>
type By = { readonly teamId: string; readonly managerId: string }
type Deps = Pick<ListenerDeps, 'employees' | 'people' | 'audit'>

/** `/verify link @employee 4711`, by somebody who may verify. */
export async function answerLink(asked: Asked<'link'>, by: By, { employees, people, audit }: Deps): Promise<Content> {
  const { employeeId, employeeNumber } = asked
  if (employeeId === null || employeeNumber === null) return linkIncomplete()
  const problem = employeeProblem(await people.look(employeeId), employeeId, by.managerId)
  if (problem !== null) {
    const result = problem === 'unanswered' ? 'unsure' : 'refused'
    const reason = problem === 'unanswered' ? 'slack_did_not_answer' : `target_${problem}`
    await audit.record({
      teamId: by.teamId,
      actorId: by.managerId,
      action: 'link',
      subjectId: employeeId,
      result,
      reason,
    })
    return linkRefused(problem)
  }
  const answer = await employees.link({ ...by, employeeId, employeeNumber })
  switch (answer.is) {
    case 'linked':
      return linked(employeeId, employeeNumber, answer.before?.employeeNumber ?? null)
    case 'unchanged':
      return alreadyLinked(employeeId, employeeNumber)
    case 'number_taken':
      return linkTaken(employeeNumber, answer.userId)
  }
}

/** `/verify unlink @employee`. Also for people who have left: their number may be somebody else's to have. */
export async function answerUnlink(
  { employeeId }: Asked<'unlink'>,
  by: By,
  { employees, audit }: Deps,
): Promise<Content> {
  if (employeeId === null) return unlinkIncomplete()
  if (employeeId === by.managerId) {
    const refused = { action: 'unlink', subjectId: employeeId, result: 'refused', reason: 'target_yourself' } as const
    await audit.record({ teamId: by.teamId, actorId: by.managerId, ...refused })
    return linkRefused('yourself')
  }
  const before = await employees.unlink({ ...by, employeeId })
  return before === null ? notLinked(employeeId) : unlinked(employeeId, before.employeeNumber)
}
