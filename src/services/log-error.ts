/** What may be known of an error: never its message, which can quote a token, a link or a person. */
export type ErrorDescription = {
  readonly name: string
  readonly code?: string
  /** The word Slack answered with, such as `missing_scope`. */
  readonly answer?: string
  readonly frames?: readonly string[]
  readonly cause?: ErrorDescription
}

const NAME = /^[A-Za-z]\w{0,59}$/
const CODE = /^[A-Za-z]\w{0,59}$/
const ANSWER = /^[a-z]{1,20}(?:_[a-z0-9]{1,20}){0,6}$/
const FRAME = /^ {4}at (?:(.+) \()?((?:[^()\s]*\/)?[^()/\s]+:\d+:\d+)\)?$/
const FUNCTION = /^(?:async )?(?:new )?[\w$.#<>]{1,80}(?: \[as [\w$]{1,40}\])?$/
const PLACE = /^(?:[\w@.-]{1,60}\/){0,3}[\w@.-]{1,60}:\d{1,6}:\d{1,6}$/

const MOST_FRAMES = 12
const MOST_CAUSES = 3

/** Reduces anything thrown to its name, its code and the places it came from. */
export function describeError(error: unknown, depth = 0): ErrorDescription {
  if (!(error instanceof Error)) return { name: error === null ? 'null' : typeof error }
  const code = matching(CODE, read(error, 'code'))
  // @slack/web-api: WebAPIPlatformError keeps Slack's answer in `data`.
  const answer = matching(ANSWER, read(read(error, 'data'), 'error'))
  const frames = framesOf(error)
  const cause = depth < MOST_CAUSES && error.cause instanceof Error ? describeError(error.cause, depth + 1) : undefined
  return {
    name: matching(NAME, error.name) ?? 'Error',
    ...(code !== undefined && { code }),
    ...(answer !== undefined && { answer }),
    ...(frames.length > 0 && { frames }),
    ...(cause !== undefined && { cause }),
  }
}

function read(object: unknown, name: string): unknown {
  return typeof object === 'object' && object !== null ? Reflect.get(object, name) : undefined
}

function matching(shape: RegExp, value: unknown): string | undefined {
  return typeof value === 'string' && shape.test(value) && !/xox[a-z]|xapp/i.test(value) ? value : undefined
}

/** A stack begins with the message, and a message may have lines that look like frames: so it goes first. */
function framesOf(error: Error): string[] {
  const stack = typeof error.stack === 'string' ? error.stack : ''
  const message = String(error.message)
  const start = message === '' ? 0 : stack.indexOf(message)
  // A message that changed after the stack was taken can't be told from the frames.
  if (start < 0) return []
  return stack
    .slice(start + message.length)
    .split('\n')
    .flatMap(shortFrame)
    .slice(0, MOST_FRAMES)
}

/** `makeStore (verify/dist/main.js:10:5)`: three folders at most, so that no home folder shows. */
function shortFrame(line: string): string[] {
  const [, caller, location] = FRAME.exec(line) ?? []
  if (location === undefined) return []
  const folders = location.replace(/^file:\/\//, '').split('/')
  const place = folders
    .filter((folder) => folder !== '')
    .slice(-4)
    .join('/')
  if (!PLACE.test(place)) return []
  return [caller !== undefined && FUNCTION.test(caller) ? `${caller} (${place})` : place]
}
