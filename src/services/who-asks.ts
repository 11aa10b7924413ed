import type { IncomingMessage } from 'node:http'
import { BlockList, isIP } from 'node:net'

/** A proxy says with these for whom it asks; then it is not this machine that asks, whatever the connection looks like. */
const PROXY_HEADERS = [
  'forwarded',
  'via',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-proto',
  'x-real-ip',
  'cf-connecting-ip',
  'true-client-ip',
] as const

const HERE = new BlockList()
HERE.addSubnet('127.0.0.0', 8)
HERE.addAddress('::1', 'ipv6')

/** RFC 1918, 3927, 4193 and 4291: addresses that are not of the internet. */
const NEARBY = new BlockList()
NEARBY.addSubnet('10.0.0.0', 8)
NEARBY.addSubnet('172.16.0.0', 12)
NEARBY.addSubnet('192.168.0.0', 16)
NEARBY.addSubnet('169.254.0.0', 16)
NEARBY.addSubnet('fc00::', 7, 'ipv6')
NEARBY.addSubnet('fe80::', 10, 'ipv6')

/** Who asks: this machine, one of our own network, or anybody. In doubt, anybody. */
export function whoAsks({ headers, socket }: IncomingMessage): 'here' | 'nearby' | 'anybody' {
  if (PROXY_HEADERS.some((name) => name in headers)) return 'anybody'
  const address = (socket.remoteAddress ?? '').replace(/^::ffff:/, '')
  const family = isIP(address)
  if (family === 0) return 'anybody'
  const type = family === 6 ? 'ipv6' : 'ipv4'
  if (HERE.check(address, type)) return 'here'
  return NEARBY.check(address, type) ? 'nearby' : 'anybody'
}
