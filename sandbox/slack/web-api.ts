import { appMethods } from './app-methods.ts'
import { chatMethods } from './chat-methods.ts'
import { conversationMethods } from './conversation-methods.ts'
import { needScope } from './conversations.ts'
import type { JsonObject } from './json.ts'
import { textIn } from './json.ts'
import { type Method, readArgs } from './method.ts'
import type { RateLimits } from './rate-limits.ts'
import { SlackRefusal } from './slack-refusal.ts'
import { userMethods } from './user-methods.ts'
import { viewMethods } from './view-methods.ts'
import type { Workspace } from './workspace.ts'

const METHODS = new Map<string, Method>(
  Object.entries({ ...appMethods, ...chatMethods, ...conversationMethods, ...userMethods, ...viewMethods }),
)

export type Tokens = { botToken: string; appToken: string }

export type ApiAnswer = { status: number; headers: Record<string, string>; body: JsonObject }

export type WebApi = ReturnType<typeof makeWebApi>

/** The methods behind their gate: known method, token, rate limit, scopes, arguments, in that order. */
export function makeWebApi(deps: { workspace: Workspace; tokens: Tokens; limits: RateLimits }) {
  const { workspace, tokens, limits } = deps
  const kindOf = (token: string): 'bot' | 'app' | undefined => {
    if (token === tokens.botToken) return 'bot'
    return token === tokens.appToken ? 'app' : undefined
  }

  function gate(name: string, token: string): Method {
    const method = METHODS.get(name)
    if (method === undefined) throw new SlackRefusal('unknown_method', { req_method: name })
    if (token === '') throw new SlackRefusal('not_authed')
    const kind = kindOf(token)
    if (kind === undefined) throw new SlackRefusal('invalid_auth')
    if (!method.tokens.includes(kind)) throw new SlackRefusal('not_allowed_token_type')
    return method
  }

  const headers = { 'x-oauth-scopes': [...workspace.manifest.scopes].join(',') }

  return {
    kindOf,
    answer(name: string, token: string, given: JsonObject): ApiAnswer {
      try {
        const method = gate(name, token)
        const waitSeconds = limits.take(name, method.tier, textIn(given.channel))
        if (waitSeconds > 0) return rateLimited(waitSeconds)
        for (const scope of method.scopes ?? []) needScope(workspace, scope)
        // Bolt's clients send team_id with every method.
        const { team_id: teamId = workspace.ids.teamId, ...rest } = given
        if (teamId !== workspace.ids.teamId) throw new SlackRefusal('team_access_not_granted')
        return { status: 200, headers, body: { ok: true, ...method.run(readArgs(method, rest), workspace) } }
      } catch (error) {
        if (!(error instanceof SlackRefusal)) throw error
        return { status: 200, headers, body: { ok: false, error: error.code, ...error.details } }
      }
    },
  }
}

/** docs.slack.dev/apis/web-api/rate-limits: 429, Retry-After in seconds, `ratelimited` in the body. */
export function rateLimited(retryAfterSeconds: number): ApiAnswer {
  const headers = { 'retry-after': String(retryAfterSeconds) }
  return { status: 429, headers, body: { ok: false, error: 'ratelimited' } }
}
