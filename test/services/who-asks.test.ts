import type { IncomingMessage } from 'node:http'
import { describe, expect, it } from 'vitest'
import { whoAsks } from '../../src/services/who-asks.ts'

const asks = (remoteAddress: string | undefined, headers: Record<string, string> = {}) =>
  whoAsks({ headers, socket: { remoteAddress } } as unknown as IncomingMessage)

describe('who asks', () => {
  it.each(['127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])('%s is this machine', (address) => {
    expect(asks(address)).toBe('here')
  })

  it.each([
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '::ffff:10.0.0.1',
    'fd12:3456::1',
    'fe80::1',
    '169.254.1.1',
  ])('%s is of our own network', (address) => {
    expect(asks(address)).toBe('nearby')
  })

  it.each(['8.8.8.8', '172.32.0.1', '192.169.0.1', '2001:db8::1', '::', '11.0.0.1', 'nonsense', '', undefined])(
    '%s is anybody',
    (address) => {
      expect(asks(address)).toBe('anybody')
    },
  )

  it.each(['x-forwarded-for', 'forwarded', 'via', 'x-real-ip', 'x-forwarded-proto', 'cf-connecting-ip'])(
    'what a proxy passes on with %s comes from anybody',
    (header) => {
      expect(asks('127.0.0.1', { [header]: '127.0.0.1' })).toBe('anybody')
    },
  )
})
