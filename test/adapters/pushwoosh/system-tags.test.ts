import { beforeEach, describe, expect, test } from 'vitest'
import { openTenant, type Tenant, unique } from './kit.ts'

let t: Tenant
let hwid: string
beforeEach(async () => {
  t = await openTenant()
  hwid = unique('h')
})

const set = (tags: unknown) => t.ok('setTags', { hwid, tags })

describe('system tags', () => {
  test('come from what the device reports', async () => {
    const about = {
      language: 'fr',
      app_version: '1.0.0.0',
      device_model: 'Chrome 131',
      os_version: 'Windows 10',
    }
    await t.ok('applicationOpen', { hwid, device_type: 11, ...about })
    expect(await t.tags({ hwid })).toEqual({
      Language: 'fr',
      'Application Version': '1.0.0.0',
      'Device Model': 'Chrome 131',
      'OS Version': 'Windows 10',
      'First Install': '1795564800',
      'Last Application Open': '1795564800',
    })
  })

  test('First Install stays, Last Application Open follows', async () => {
    await t.ok('applicationOpen', { hwid, device_type: 3 })
    t.h.clock.advance(3 * 86_400_000)
    await t.ok('applicationOpen', { hwid, device_type: 3 })
    expect(await t.tags({ hwid })).toEqual({
      'First Install': '1795564800',
      'Last Application Open': '1795824000',
    })
  })

  test('a version that changes its form is followed', async () => {
    for (const os_version of ['14', 'Windows 10', '11.2']) {
      await t.ok('registerDevice', { hwid, device_type: 3, os_version })
      expect(await t.tags({ hwid })).toMatchObject({ 'OS Version': os_version })
    }
  })

  test('can be set and removed, and keep their types', async () => {
    await t.ok('registerDevice', { hwid, device_type: 3, language: 'en', app_version: '1' })
    expect(await set({ Language: 'es', 'Application Version': '2.0-beta', 'OS Version': null })).toBeNull()
    expect(await t.device(hwid)).toMatchObject({ language: 'es', appVersion: '2.0-beta', osVersion: null })
    expect(await set({ Language: 7, 'First Install': 'long ago' })).toEqual({
      skipped: [
        { tag: 'Language', reason: 'Invalid type' },
        { tag: 'First Install', reason: 'Invalid type' },
      ],
    })
    await set({ Language: null })
    expect(await t.tags({ hwid })).not.toHaveProperty('Language')
    expect(await t.device(hwid)).toMatchObject({ language: null })
  })

  test('setTags takes back whole what getTags gave: so iOS moves tags to a new hwid', async () => {
    const about = { language: 'fr', app_version: '1.0 (7)', device_model: 'iPhone15,2', os_version: '17.4' }
    await t.ok('applicationOpen', { hwid, device_type: 1, ...about })
    await set({ n: 1, f: 1.5, b: false, l: ['a'], d: '2024-10-02 22:11', s: '' })
    const all = await t.tags({ hwid })
    t.h.clock.advance(5 * 86_400_000)
    expect(await t.ok('setTags', { hwid: 'moved', tags: all })).toBeNull()
    expect(await t.tags({ hwid: 'moved' })).toEqual(all)
  })

  test('clients that set each tag to null leave nothing behind', async () => {
    await set({ n: 1, l: ['a'] })
    const nulls = Object.fromEntries(Object.keys(await t.tags({ hwid })).map((name) => [name, null]))
    await set(nulls)
    expect(await t.tags({ hwid })).toEqual({})
  })
})
