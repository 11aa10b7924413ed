import { randomUUID } from 'node:crypto'
import { type AckFn, type AnyMiddlewareArgs, App, type Receiver, type ViewResponseAction } from '@slack/bolt'
import type { Logger, WebClientOptions } from '@slack/web-api'
import { answerVerify } from './commands/answer-verify.ts'
import { decideVerification } from './commands/decide-verification.ts'
import { type ListenerDeps, privately } from './commands/listen.ts'
import { openLink } from './commands/open-link.ts'
import { reportUnexpected } from './commands/report-unexpected.ts'
import { submitVerifyModal } from './commands/submit-verify-modal.ts'
import { updateVerifyModal } from './commands/update-verify-modal.ts'
import { DatabaseTroubleError } from './services/store/database-health.ts'
import type { Once } from './slack-receiver.ts'
import { notSaved, unexpectedError } from './views/replies.ts'
import { brokenErrors, notSavedErrors } from './views/verify-problems.ts'

const LISTENERS = [answerVerify, updateVerifyModal, submitVerifyModal, openLink, reportUnexpected, decideVerification]

export type AppDeps = ListenerDeps & {
  readonly receiver: Receiver
  readonly botToken: string
  readonly bot: { readonly botId: string; readonly botUserId: string }
  readonly clientOptions: WebClientOptions
  readonly logger: Logger
  readonly once: Once
}

/** A Bolt app with every listener, whatever receiver it hears through. */
export function makeApp(deps: AppDeps): App {
  const { receiver, once, botToken, bot, clientOptions, logger, log } = deps
  const app = new App({
    receiver,
    clientOptions,
    logger,
    // The token was checked at start; Slack is not asked again for every delivery.
    authorize: async () => ({ botToken, ...bot }),
    // Nothing is kept about conversations; by itself Bolt would look for it at every delivery.
    convoStore: false,
  })
  app.use(async (args) => {
    try {
      await args.next()
    } catch (error) {
      const reference = randomUUID().slice(0, 8)
      log.error('listener broke', { reference, error })
      await answerReference(args, reference, error instanceof DatabaseTroubleError)
    }
  })
  app.processEvent = once(app.processEvent.bind(app))
  for (const register of LISTENERS) register(app, deps)
  return app
}

/** Says what to quote to the operator, where Slack still lets us say something. `isNotSaved`: we could not write it down. */
async function answerReference(args: AnyMiddlewareArgs, reference: string, isNotSaved: boolean): Promise<void> {
  if ('respond' in args && typeof args.respond === 'function') {
    await args.respond(privately(isNotSaved ? notSaved(reference) : unexpectedError(reference)))
  } else if (args.body.type === 'view_submission' && 'ack' in args && args.ack !== undefined) {
    const ack = args.ack as AckFn<ViewResponseAction>
    const errors = isNotSaved ? notSavedErrors(reference) : brokenErrors(reference)
    await ack({ response_action: 'errors', errors })
  }
}
