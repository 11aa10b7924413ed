/** JSON as it arrives from outside: nothing is known about it until it has been looked at. */
export type JsonObject = { [key: string]: unknown }

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function objectsIn(value: unknown): JsonObject[] {
  return Array.isArray(value) ? value.filter(isObject) : []
}

export function objectIn(value: unknown): JsonObject {
  return isObject(value) ? value : {}
}

export function textIn(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** The value of a JSON text, or undefined where it is none. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/**
 * JSON in plain ASCII. docs.slack.dev/reference/views/modal-views: characters with diacritics reach the app in
 * unicode form, so an app that compares raw bytes must notice here.
 */
export function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[\u007f-\uffff]/g,
    (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}
