import { NotOffered } from '../../slack/client-rules.ts'
import type { Interaction } from '../../slack/interactions.ts'
import type { PersonDriver } from '../../slack/person.ts'
import type { ActRequest, ActResult } from '../contract.ts'
import type { OpenScene } from './open-scene.ts'
import { peopleOf } from './workspace-view.ts'

/** Slack's own words for a modal whose app does not answer. */
export const TROUBLE = 'We had some trouble connecting. Try again?'

const DONE: ActResult = { ok: true, problem: null }
const wrong = (problem: string): ActResult => ({ ok: false, problem })

/** A person does something in Slack. What they see go wrong comes back as the problem. */
export async function act(request: ActRequest, scene: OpenScene): Promise<ActResult> {
  const who = peopleOf(scene.sandbox).find(({ id }) => id === request.as)
  if (who === undefined) return wrong(`There is no ${request.as} in this workspace.`)
  if (!who.canAct) return wrong(`Nobody can act as ${who.realName}.`)
  const person = scene.sandbox.slack.person(who.id)
  try {
    return await perform(request, person, scene)
  } catch (error) {
    if (error instanceof NotOffered) return wrong(`Slack does not offer that: ${error.message}.`)
    throw error
  }
}

async function perform(request: ActRequest, person: PersonDriver, scene: OpenScene): Promise<ActResult> {
  switch (request.do) {
    case 'command': {
      // Where none is named, the DM with the app is opened first.
      const place = request.channelId === person.dm() ? {} : { channelId: request.channelId }
      const { error } = await person.command(request.command, request.text, place)
      return error === undefined ? DONE : wrong(commandFailed(request.command, error))
    }
    case 'say':
      if (request.channelId === person.dm()) return wrong('Nobody can write to this app: its messages are read-only.')
      person.say(request.channelId, request.text)
      return DONE
    case 'press':
      return afterwards(await person.press(request.target, request.actionId), request.target, person, scene)
    case 'choose':
      return afterwards(
        await person.choose(request.actionId, request.value, request.target),
        request.target,
        person,
        scene,
      )
    case 'type': {
      const { actionId, text, target, enter } = request
      return afterwards(await person[enter ? 'type' : 'write'](actionId, text, target), target, person, scene)
    }
    case 'submit':
      return submit(person, scene)
    case 'close':
      await person.close()
      return DONE
    case 'openHome':
      await person.openHome()
      return DONE
  }
}

/** Errors under the fields are part of the modal; only what Slack itself complains about is a problem. */
async function submit(person: PersonDriver, { failures }: OpenScene): Promise<ActResult> {
  const id = person.view()?.id ?? ''
  failures.delete(id)
  const { failed } = await person.submit()
  if (failed === undefined) return DONE
  failures.set(id, TROUBLE)
  return wrong(TROUBLE)
}

function afterwards(
  { error }: Interaction,
  target: Extract<ActRequest, { do: 'press' }>['target'],
  person: PersonDriver,
  { failures }: OpenScene,
): ActResult {
  const id = person.view()?.id ?? ''
  if (target === 'modal') failures.delete(id)
  if (error === undefined) return DONE
  if (target === 'modal') failures.set(id, TROUBLE)
  return wrong(target === 'modal' ? TROUBLE : `That did not work: ${because(error)}.`)
}

const because = (error: string): string =>
  error === 'operation_timeout' ? 'the app did not respond' : `the app answered with "${error}"`

const commandFailed = (command: string, error: string): string =>
  error === 'operation_timeout'
    ? `${command} failed because the app did not respond.`
    : `${command} failed with the error "${error}".`
