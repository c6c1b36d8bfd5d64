import { describe, expect, test } from 'vitest'
import { openTenant, unique } from './kit.ts'

describe('language', () => {
  test.each([
    ['en', 'en'],
    ['EN', 'en'],
    ['en-US', 'en'],
    ['pt_BR', 'pt'],
    ['fil', 'fil'],
    ['iw', 'he'],
    ['in-ID', 'id'],
    ['JI', 'yi'],
    ['zh', 'zh'],
    ['zh-Hans-CN', 'zh-Hans-CN'],
    ['zh-hant-tw', 'zh-Hant-TW'],
    ['zh_CN', 'zh-CN'],
    ['English', 'en'],
    ['??', 'en'],
  ])('%s is kept as %s', async (language, kept) => {
    const t = await openTenant()
    const hwid = unique('h')
    await t.ok('registerDevice', { hwid, device_type: 3, language })
    expect(await t.tags({ hwid })).toMatchObject({ Language: kept })
    expect(await t.device(hwid)).toMatchObject({ language: kept })
  })

  test('what cannot be read leaves the language that is known', async () => {
    const t = await openTenant()
    const hwid = unique('h')
    await t.ok('registerDevice', { hwid, device_type: 3, language: 'de' })
    await t.ok('registerDevice', { hwid, device_type: 3, language: 'Deutsch' })
    expect(await t.tags({ hwid })).toMatchObject({ Language: 'de' })
    expect(await t.device(hwid)).toMatchObject({ language: 'de' })
  })

  test('the last one to say it wins: device, app, device', async () => {
    const t = await openTenant()
    const hwid = unique('h')
    await t.ok('registerDevice', { hwid, device_type: 3, language: 'en' })
    await t.ok('setTags', { hwid, device_type: 3, language: 'en', tags: { Language: 'es' } })
    expect(await t.tags({ hwid })).toMatchObject({ Language: 'es' })
    expect(await t.device(hwid)).toMatchObject({ language: 'es' })
    await t.ok('registerDevice', { hwid, device_type: 3, language: 'en' })
    expect(await t.tags({ hwid })).toMatchObject({ Language: 'en' })
  })
})

test.each([
  ['a number', 3600, '3600'],
  ['digits, as iOS sends', '7200', '7200'],
  ['west of Greenwich', -18_000, '-18000'],
  ['zero', 0, '0'],
  ['no offset at all', 'Europe/Berlin', null],
  ['more than a day', 100_000, null],
])('a timezone that is %s', async (_, timezone, kept) => {
  const t = await openTenant()
  const hwid = unique('h')
  await t.ok('registerDevice', { hwid, device_type: 1, timezone })
  expect(await t.device(hwid)).toMatchObject({ timezone: kept })
})

describe('no-auto-tags', () => {
  test('a server tool leaves the system tags as they are', async () => {
    const t = await openTenant()
    const hwid = unique('h')
    const request = { hwid, device_type: 3, language: 'en', app_version: '1', tags: { a: 1 } }
    await t.ok('registerDevice', request)
    const changed = { ...request, language: 'fr', app_version: '2', tags: { a: 2 } }
    await t.send('registerDevice', changed, { 'no-auto-tags': 'true' })
    expect(await t.tags({ hwid })).toMatchObject({ a: 2, Language: 'en', 'Application Version': '1' })
  })
})
