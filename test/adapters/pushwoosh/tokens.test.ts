import { describe, expect, test } from 'vitest'
import { openTenant, unique } from './kit.ts'

describe('tokens', () => {
  test('a reinstalled app takes its token along; the old device keeps tags and user', async () => {
    const t = await openTenant()
    const [old, now, push_token] = [unique('old'), unique('new'), unique('t')]
    await t.ok('registerDevice', { hwid: old, device_type: 3, push_token, userId: 'u', tags: { a: 1 } })
    await t.ok('registerDevice', { hwid: now, device_type: 3, push_token })
    expect(await t.ok('checkDevice', { hwid: old })).toEqual({ exist: true, push_token_exist: false })
    expect(await t.ok('checkDevice', { hwid: now })).toEqual({ exist: true, push_token_exist: true })
    expect(await t.tags({ hwid: old })).toMatchObject({ a: 1 })
    await t.ok('setTags', { hwid: old, tags: { b: 2 } })
    expect(await t.tags({ hwid: old })).toMatchObject({ a: 1, b: 2 })
    expect(await t.tags({ hwid: now })).not.toHaveProperty('a')
    expect(await t.device(old)).toMatchObject({ token: null, userId: 'u' })
  })

  test('a new token replaces the old one', async () => {
    const t = await openTenant()
    const [hwid, second] = [unique('h'), unique('t')]
    await t.ok('registerDevice', { hwid, device_type: 3, push_token: unique('t') })
    await t.ok('registerDevice', { hwid, device_type: 3, push_token: second })
    expect(await t.devices()).toMatchObject([{ token: second }])
  })

  test('an iOS token is one in either case, and kept as it was sent last', async () => {
    const t = await openTenant()
    const token = 'AB'.repeat(32)
    const [one, two] = [unique('h'), unique('h')]
    await t.ok('registerDevice', { hwid: one, device_type: 1, push_token: token.toLowerCase() })
    await t.ok('registerDevice', { hwid: two, device_type: 1, push_token: token })
    expect(await t.device(one)).toMatchObject({ token: null })
    expect(await t.device(two)).toMatchObject({ token })
  })

  test('unregistering takes the token, keeps tags and user, and ends with a registration', async () => {
    const t = await openTenant()
    const request = {
      hwid: unique('h'),
      device_type: 3,
      push_token: unique('t'),
      userId: 'u',
      tags: { a: 1 },
    }
    await t.ok('registerDevice', request)
    expect(await t.ok('unregisterDevice', { hwid: request.hwid })).toBeNull()
    expect(await t.ok('checkDevice', { hwid: request.hwid })).toEqual({
      exist: true,
      push_token_exist: false,
    })
    expect(await t.device(request.hwid)).toMatchObject({ token: null, userId: 'u', active: false })
    await t.ok('registerDevice', { hwid: request.hwid, device_type: 3, push_token: request.push_token })
    expect(await t.ok('checkDevice', { hwid: request.hwid })).toEqual({ exist: true, push_token_exist: true })
    expect(await t.tags({ hwid: request.hwid })).toMatchObject({ a: 1 })
  })

  test('an unknown device unregisters, as browsers do on their first visit, and is not made by it', async () => {
    const t = await openTenant()
    expect(await t.ok('unregisterDevice', { hwid: unique('h') })).toBeNull()
    expect(await t.devices()).toEqual([])
  })

  test('a deleted device is gone, and what comes later makes a new one', async () => {
    const t = await openTenant()
    const hwid = unique('h')
    await t.ok('registerDevice', { hwid, device_type: 3, push_token: unique('t'), tags: { a: 1 } })
    expect(await t.ok('deleteDevice', { hwid })).toBeNull()
    expect(await t.ok('checkDevice', { hwid })).toEqual({ exist: false, push_token_exist: false })
    expect(await t.tags({ hwid })).toEqual({})
    await t.ok('registerDevice', { hwid, device_type: 3 })
    expect(await t.tags({ hwid })).toEqual({ 'First Install': '1795564800' })
  })
})
