/** The address if a browser may open it: http and https only, never `javascript:`, `data:` or a relative path. */
export function safeUrl(text: string): string | null {
  if (!/^https?:\/\//i.test(text)) return null
  return URL.canParse(text) ? text : null
}
