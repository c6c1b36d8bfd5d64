import { expect, test } from 'vitest'
import { asUuid } from '../../src/domain/ids.ts'
import { appId, rowIds } from '../../src/store/row-ids.ts'

test('row ids are 15 letters and digits, ascending and all different', () => {
  const next = rowIds()
  const ids = Array.from({ length: 20_000 }, next)
  for (const id of ids) expect(id).toMatch(/^[0-9A-Za-z]{15}$/)
  expect(new Set(ids).size).toBe(ids.length)
  expect(ids.toSorted()).toEqual(ids)
})

test('two sources agree on nothing but the time', () => {
  const tails = [rowIds()(), rowIds()()].map((id) => id.slice(-8))
  expect(tails[0]).not.toBe(tails[1])
})

test('row ids of later times come later, behind the UUIDs that earlier builds made', () => {
  const first = rowIds()()
  while (Date.now() === Number.parseInt(asUuid(first).replace('-', '').slice(0, 12), 16));
  expect(rowIds()() > first).toBe(true)
  expect(first > '01ffffff-ffff-7fff-bfff-ffffffffffff').toBe(true)
})

test('a row id is one UUID of version 7, with its time; what is no row id stays what it is', () => {
  const next = rowIds()
  const before = Date.now()
  const ids = Array.from({ length: 1000 }, next)
  const uuids = ids.map(asUuid)
  const form = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/
  for (const uuid of uuids) {
    expect(uuid).toMatch(form)
    const time = Number.parseInt(uuid.replace('-', '').slice(0, 12), 16)
    expect(time).toBeGreaterThanOrEqual(before)
    expect(time).toBeLessThanOrEqual(Date.now())
  }
  expect(new Set(uuids).size).toBe(ids.length)
  expect(uuids.toSorted()).toEqual(uuids)
  const earlier = '0199e0f0-0000-7000-8000-000000000001'
  expect(asUuid(earlier)).toBe(earlier)
  expect(asUuid('zzzzzzzzzzzzzzz')).toMatch(form)
})

test('ids of apps are 6 letters and digits', () => {
  const ids = Array.from({ length: 1000 }, appId)
  for (const id of ids) expect(id).toMatch(/^[0-9A-Za-z]{6}$/)
  expect(new Set(ids).size).toBe(ids.length)
})
