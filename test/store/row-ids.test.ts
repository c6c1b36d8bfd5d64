import { expect, test } from 'vitest'
import { rowIds } from '../../src/store/row-ids.ts'

test('row ids are UUIDs of version 7, ascending and all different', () => {
  const next = rowIds()
  const ids = Array.from({ length: 20_000 }, next)
  for (const id of ids)
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.toSorted()).toEqual(ids)
})

test('two sources agree on nothing but the time', () => {
  const tails = [rowIds()(), rowIds()()].map((id) => id.slice(-12))
  expect(tails[0]).not.toBe(tails[1])
})
