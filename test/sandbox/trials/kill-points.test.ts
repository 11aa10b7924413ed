import { expect, test } from 'vitest'
import { makeChance } from '../../../sandbox/trials/chance.ts'
import { chooseKills, KILL_POINTS } from '../../../sandbox/trials/kill-points.ts'

test('every point is chosen as often as any other, and one kill in ten comes at any time', () => {
  const chosen = chooseKills(2000, makeChance(1))
  const times = KILL_POINTS.map((point) => chosen.filter((kill) => kill?.point === point).length)
  expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1)
  expect(chosen.filter((kill) => kill === null).length).toBeGreaterThan(150)
})

test('a seed gives the same kills again, and another seed others', () => {
  expect(chooseKills(200, makeChance(7))).toEqual(chooseKills(200, makeChance(7)))
  expect(chooseKills(200, makeChance(7))).not.toEqual(chooseKills(200, makeChance(8)))
})

test('only points that nobody has come to are chosen when they get a round of their own', () => {
  const missed = KILL_POINTS.slice(0, 2)
  const points = chooseKills(40, makeChance(3), missed).flatMap((kill) => (kill === null ? [] : [kill.point]))
  expect(new Set(points)).toEqual(new Set(missed))
})
