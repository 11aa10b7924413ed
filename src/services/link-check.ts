const MAX_LINK_LENGTH = 2048

/** Every other character is either not canonical in a URL or could make it read differently from what it is. */
const PRINTABLE_ASCII = /^[\x21-\x7e]+$/

/** Where plain http is acceptable: the same machine. */
export function isLoopback(hostname: string): boolean {
  return hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]'
}

/**
 * Whether a link from outside may be shown to a person: canonical as it stands, exactly on `origin` (such as
 * `https://app.easyfreelance.no`), encrypted unless the origin is this machine, without user-info or fragment.
 */
export function isSafeLink(link: string, origin: string): boolean {
  if (link.length > MAX_LINK_LENGTH || !PRINTABLE_ASCII.test(link) || !URL.canParse(link)) return false
  const url = new URL(link)
  const isEncrypted = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
  const isBare = url.username === '' && url.password === '' && !link.includes('#')
  return isEncrypted && isBare && url.href === link && url.origin === origin
}
