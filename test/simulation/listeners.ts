import type { App } from '@slack/bolt'
import { decideVerification } from '../../src/commands/decide-verification.ts'
import type { ListenerDeps } from '../../src/commands/listen.ts'
import { openLink } from '../../src/commands/open-link.ts'
import { reportUnexpected } from '../../src/commands/report-unexpected.ts'
import { submitVerifyModal } from '../../src/commands/submit-verify-modal.ts'
import { confirmationOf } from '../../src/views/confirmation.ts'
import { newVerifyForm, VERIFY_MODAL } from '../../src/views/verify-form.ts'
import { type Filled, submitted } from '../views/submitted.ts'

type Handler = (args: object) => Promise<void>

/** What people can do to one life of the bot: the real listeners, without Bolt around them. */
export type Listeners = {
  /** True once the person was told that it is accepted. */
  submit(by: string, teamId: string, viewId: string, form: Filled & { channelId: string | null }): Promise<boolean>
  press(by: string, actionId: string, value: string): Promise<void>
}

export function listen(deps: ListenerDeps): Listeners {
  const handlers = new Map<string, Handler>()
  const app = {
    view: (id: string, handler: Handler) => handlers.set(id, handler),
    action: (id: string, handler: Handler) => handlers.set(id, handler),
  } as unknown as App
  for (const register of [submitVerifyModal, decideVerification, openLink, reportUnexpected]) register(app, deps)
  const nothing = async () => {}

  return {
    submit: async (by, teamId, viewId, { channelId, ...filled }) => {
      let isAccepted = false
      const employeeId = filled.employeeId ?? null
      const form = newVerifyForm({ employeeId, typedName: null, rememberedNumber: null, isLinked: false, channelId })
      // They have read who has the number, or that EasyFreelance did not say.
      const confirmation =
        employeeId === null ? null : confirmationOf(employeeId, Number(filled.number), { is: 'no_answer' })
      const provider = filled.provider === 'veriff' ? 'veriff' : 'bankid'
      const typedNumber = { text: filled.number ?? '', forEmployeeId: employeeId }
      const view = submitted({ ...form, provider, typedNumber, confirmation }, filled)
      await handlers.get(VERIFY_MODAL)?.({
        body: { user: { id: by }, team: { id: teamId } },
        view: { ...view, id: viewId },
        ack: async (answer: { view?: { title?: { text?: string } } } = {}) => {
          isAccepted = answer.view?.title?.text === 'Accepted'
        },
      })
      return isAccepted
    },
    press: async (by, actionId, value) => {
      await handlers.get(actionId)?.({
        body: { user: { id: by } },
        action: { value },
        ack: nothing,
        respond: nothing,
      })
    },
  }
}
