import { expect, it } from 'vitest'
import { problemsOfMessageBlocks, problemsOfView } from '../../sandbox/slack/check-blocks.ts'
import { allMessages, allReplies, allViews } from './catalogue.ts'

const known = { user: () => true, conversation: () => true }
const named = (name: string, problems: readonly unknown[]) => problems.map((problem) => [name, problem])

it('the strict stand-in for Slack accepts every message, reply and view', () => {
  const messages = [...allMessages(), ...allReplies()]
  const problems = [
    ...messages.flatMap(([name, { blocks }]) => named(name, problemsOfMessageBlocks(blocks, known))),
    ...allViews().flatMap(([name, view]) => named(name, problemsOfView(view, 'modal', known))),
  ]
  expect(problems).toEqual([])
})
