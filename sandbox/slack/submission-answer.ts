import type { Ack } from './deliveries.ts'
import { isObject, type JsonObject, objectIn, textIn } from './json.ts'
import { SlackRefusal } from './slack-refusal.ts'
import type { View, ViewSnapshot } from './view-store.ts'
import type { Workspace } from './workspace.ts'

/** What a person sees after pressing Submit. Exactly one field is set. */
export type SubmitResult = {
  closed?: true
  /** By block id; `byClient` says that Slack's client complained and the app was not asked. */
  errors?: Record<string, string>
  updated?: ViewSnapshot
  pushed?: ViewSnapshot
  /** Slack's generic failure; the modal stays open. */
  failed?: string
  byClient?: true
}

function showErrors(workspace: Workspace, view: View, body: JsonObject): SubmitResult {
  const inputs = new Set(view.blocks.filter(({ type }) => type === 'input').map(({ block_id }) => textIn(block_id)))
  const errors = Object.entries(objectIn(body.errors)).map(([key, says]): [string, string] => [key, textIn(says)])
  const strange = errors.filter(([key, says]) => !inputs.has(key) || says === '')
  if (errors.length === 0 || strange.length > 0) {
    workspace.violation('bad_errors', `errors must name input blocks: ${JSON.stringify(body.errors)}`)
    return { failed: 'bad_errors' }
  }
  const shown = Object.fromEntries(errors)
  workspace.views.showErrors(view, shown)
  return { errors: shown }
}

function act(workspace: Workspace, view: View, body: JsonObject): SubmitResult {
  const { views, violation } = workspace
  switch (body.response_action) {
    case 'errors':
      return showErrors(workspace, view, body)
    case 'update':
      return { updated: structuredClone(views.change(view, views.check(body.view))) }
    case 'push':
      return { pushed: structuredClone(views.push(view.userId, body.view)) }
    case 'clear':
      views.closeAll(view.userId)
      return { closed: true }
    default:
      violation('unknown_ack_body', `view_submission was answered with ${JSON.stringify(body).slice(0, 200)}`)
      return { failed: 'unknown_ack_body' }
  }
}

/**
 * docs.slack.dev/surfaces/modals: an empty 200 closes the view; `errors`, `update`, `push` and `clear` do what they
 * say; a body that is none of these does not close it.
 */
export function applySubmissionAnswer(workspace: Workspace, view: View, ack: Ack): SubmitResult {
  const { views, violation } = workspace
  if (ack.outcome !== 'acked') return { failed: ack.outcome === 'refused' ? `http_${ack.status}` : 'operation_timeout' }
  // A second submission of the same view may be answered after the first one has closed it.
  if (!view.open) return { closed: true }
  if (ack.body === undefined || ack.body === '') {
    views.close(view)
    return { closed: true }
  }
  if (!isObject(ack.body)) {
    violation('unknown_ack_body', `view_submission was answered with ${String(ack.body).slice(0, 200)}`)
    return { failed: 'unknown_ack_body' }
  }
  try {
    return act(workspace, view, ack.body)
  } catch (error) {
    if (!(error instanceof SlackRefusal)) throw error
    violation(error.code, `in the answer to view_submission: ${JSON.stringify(error.details)}`)
    return { failed: error.code }
  }
}
