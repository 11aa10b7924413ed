import type { JsonObject } from './json.ts'

/** The answer `{ ok: false, error: code, …details }` of a Web API method. */
export class SlackRefusal extends Error {
  override readonly name = 'SlackRefusal'
  readonly code: string
  readonly details: JsonObject

  constructor(code: string, details: JsonObject = {}) {
    super(code)
    this.code = code
    this.details = details
  }
}

/** `invalid_arguments` with the reason, in the wording of real answers. */
export function invalidArguments(...reasons: string[]): SlackRefusal {
  return new SlackRefusal('invalid_arguments', {
    response_metadata: { messages: reasons.map((reason) => `[ERROR] ${reason}`) },
  })
}
