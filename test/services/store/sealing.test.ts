import { createSecretKey, randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { makeSeal, type Place, SealBrokenError } from '../../../src/services/store/sealing.ts'

const newKey = () => createSecretKey(randomBytes(32))
const key = newKey()
const seal = makeSeal([key])
const LINK = 'https://app.easyfreelance.no/verify/s3cr3t-CANARY'
const HERE: Place = { table: 'verifications', column: 'link', row: 'v-1' }

describe('a sealed value', () => {
  it('opens as it was, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), fc.string(), (plain, row) => {
        const place = { ...HERE, row }
        expect(seal.open(seal.seal(plain, place), place)).toBe(plain)
      }),
    )
  })

  it('is another one each time, and shows nothing of what it holds', () => {
    const sealed = new Set(Array.from({ length: 1000 }, () => seal.seal(LINK, HERE)))
    expect(sealed.size).toBe(1000)
    for (const each of sealed) {
      expect(each).not.toContain('CANARY')
      expect(Buffer.from(each.split('.')[2] ?? '', 'base64url').toString('latin1')).not.toContain('CANARY')
    }
  })

  it('is refused after any of 2,000 flipped bits', () => {
    let flips = 0
    let refused = 0
    while (flips < 2000) {
      const [version, id, body = ''] = seal.seal(LINK, HERE).split('.')
      const bytes = Buffer.from(body, 'base64url')
      for (let bit = 0; bit < bytes.length * 8 && flips < 2000; bit += 1, flips += 1) {
        const flipped = Buffer.from(bytes)
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7))
        if (isRefused(`${version}.${id}.${flipped.toString('base64url')}`)) refused += 1
      }
    }
    expect({ flips, refused }).toEqual({ flips: 2000, refused: 2000 })
  })

  it('is refused after any change of any character of it', () => {
    const sealed = seal.seal(LINK, HERE)
    for (let at = 0; at < sealed.length; at += 1) {
      for (const other of ['A', 'B', 'z', '0', '.', '=', '+', ' ', '\n', 'é']) {
        const changed = sealed.slice(0, at) + other + sealed.slice(at + 1)
        if (changed !== sealed) expect([changed, isRefused(changed)]).toEqual([changed, true])
      }
    }
  })

  it('is refused when it is cut or grows, at every length', () => {
    const sealed = seal.seal(LINK, HERE)
    for (let length = 0; length < sealed.length; length += 1) expect(isRefused(sealed.slice(0, length))).toBe(true)
    for (const more of ['=', '==', '.', 'A', 'AAAA', '\n', ' ']) expect(isRefused(sealed + more)).toBe(true)
  })

  it('is refused with a tag that is cut short', () => {
    const [version, id, body = ''] = seal.seal(LINK, HERE).split('.')
    const bytes = Buffer.from(body, 'base64url')
    for (const tagBytes of [4, 8, 12, 15]) {
      const short = bytes.subarray(0, bytes.length - 16 + tagBytes).toString('base64url')
      expect(isRefused(`${version}.${id}.${short}`)).toBe(true)
    }
  })

  it('is refused in another row, column or table', () => {
    const sealed = seal.seal(LINK, HERE)
    for (const place of [
      { ...HERE, row: 'v-2' },
      { ...HERE, column: 'note' },
      { ...HERE, table: 'messages' },
    ]) {
      expect(() => seal.open(sealed, place)).toThrow(SealBrokenError)
    }
  })

  it('is refused without saying anything of it', () => {
    try {
      seal.open(`${seal.seal(LINK, HERE)}A`, HERE)
      expect.unreachable()
    } catch (error) {
      expect(String(error)).not.toMatch(/CANARY|v1\./)
    }
  })
})

describe('keys', () => {
  it('the first seals and all of them open, so that one can take over from another', () => {
    const [old, next] = [newKey(), newKey()]
    const before = makeSeal([old]).seal(LINK, HERE)
    const during = makeSeal([next, old])
    expect(during.open(before, HERE)).toBe(LINK)
    expect([during.isKnown(before), before.startsWith(during.current)]).toEqual([true, false])
    const anew = during.seal(LINK, HERE)
    expect(anew.startsWith(during.current)).toBe(true)
    const after = makeSeal([next])
    expect(after.open(anew, HERE)).toBe(LINK)
    expect(after.isKnown(before)).toBe(false)
    expect(() => after.open(before, HERE)).toThrow(SealBrokenError)
  })

  it('none, or one of another length, makes no seal', () => {
    expect(() => makeSeal([])).toThrow('32 bytes')
    for (const length of [1, 16, 24, 31, 33, 64]) {
      expect(() => makeSeal([key, createSecretKey(randomBytes(length))])).toThrow('32 bytes')
    }
  })
})

function isRefused(sealed: string): boolean {
  try {
    seal.open(sealed, HERE)
    return false
  } catch (error) {
    if (error instanceof SealBrokenError) return true
    throw error
  }
}
