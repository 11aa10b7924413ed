import { textIn } from './json.ts'
import type { Method } from './method.ts'
import { invalidArguments, SlackRefusal } from './slack-refusal.ts'

const common = { tokens: ['bot'], tier: 'tier4' } as const

/** docs.slack.dev/reference/methods/views.*: none of them needs a scope. */
export const viewMethods: Record<string, Method> = {
  'views.open': {
    ...common,
    args: { trigger_id: 'string', view: 'json' },
    run(args, { views, triggers }) {
      views.check(args.view)
      const view = views.open(triggers.redeem(textIn(args.trigger_id)), args.view)
      return { view: views.asSent(view) }
    },
  },
  'views.push': {
    ...common,
    args: { trigger_id: 'string', view: 'json' },
    run(args, { views, triggers }) {
      views.check(args.view)
      const view = views.push(triggers.redeem(textIn(args.trigger_id)), args.view)
      return { view: views.asSent(view) }
    },
  },
  'views.update': {
    ...common,
    args: { 'view_id?': 'string', 'external_id?': 'string', 'hash?': 'string', view: 'json' },
    run(args, { views }) {
      const which = { viewId: textIn(args.view_id), externalId: textIn(args.external_id), hash: textIn(args.hash) }
      if (which.viewId === '' && which.externalId === '')
        throw invalidArguments('missing required field: view_id or external_id')
      return { view: views.asSent(views.update(which, args.view)) }
    },
  },
  'views.publish': {
    ...common,
    args: { user_id: 'string', view: 'json', 'hash?': 'string' },
    run(args, { views, manifest, world }) {
      if (!manifest.homeTab) throw new SlackRefusal('not_enabled')
      if (!world.people.has(textIn(args.user_id))) throw invalidArguments('invalid `user_id`')
      return { view: views.asSent(views.publish(textIn(args.user_id), args.view, textIn(args.hash))) }
    },
  },
}
