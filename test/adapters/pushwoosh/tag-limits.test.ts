import { beforeEach, describe, expect, test } from 'vitest'
import { openBulk } from './bulk-kit.ts'
import { openTenant, type Tenant, unique } from './kit.ts'

let t: Tenant
let hwid: string
beforeEach(async () => {
  t = await openTenant()
  hwid = unique('h')
})

const many = (n: number, value: unknown = 1) =>
  Object.fromEntries(Array.from({ length: n }, (_, at) => [`tag ${at}`, value]))
const texts = (n: number) => Array.from({ length: n }, (_, at) => `v${at}`)

/** Tags beyond section 8's limits, and the expected answer. */
const BEYOND: readonly (readonly [string, object, RegExp])[] = [
  ['1,001 tags', many(1001), /more than 1000/],
  ['256 KiB of tags', many(20, 'x'.repeat(15_000)), /more than 262144 bytes/],
  ['256 KiB of tags in another script', many(20, 'ж'.repeat(7500)), /more than 262144 bytes/],
  ['2,001 elements', { list: texts(2001) }, /more than 2000 elements/],
  [
    '2,001 elements to append',
    { list: { operation: 'append', value: texts(2001) } },
    /more than 2000 elements/,
  ],
  [
    '2,001 elements to remove',
    { list: { operation: 'remove', value: texts(2001) } },
    /more than 2000 elements/,
  ],
  ['a name of 256 characters', { ['n'.repeat(256)]: 1 }, /name is longer/],
  ['a text of 16,385 characters', { a: 'x'.repeat(16_385) }, /text longer/],
  ['such an element', { a: ['x'.repeat(16_385)] }, /text longer/],
  // Identity R22.
  ['half a surrogate pair in a name', { 'a\ud800': 1 }, /cannot be stored/],
  ['half a surrogate pair', { a: 'b\ud83d' }, /cannot be stored/],
  ['NUL', { a: 'b\0c' }, /cannot be stored/],
  ['half a surrogate pair in a list', { a: ['b', '\udbff'] }, /cannot be stored/],
]

/** Every call with tags, and the id under which the device would be found. */
const CALLS: readonly (readonly [string, (tags: object) => [string, Record<string, unknown>]])[] = [
  ['setTags', (tags) => ['setTags', { hwid, tags }]],
  ['setTags by user', (tags) => ['setTags', { userId: 'ann', tags }]],
  ['registerDevice', (tags) => ['registerDevice', { hwid, device_type: 3, push_token: 't', tags }]],
  ['registerEmail', (tags) => ['registerEmail', { email: 'ann@example.com', tags }]],
  ['setEmailTags', (tags) => ['setEmailTags', { email: 'ann@example.com', tags }]],
  [
    'multiRegisterDevice',
    (tags) => ['multiRegisterDevice', { push_devices: [{ hwid, platform: 3, push_token: 't' }], tags }],
  ],
]

describe.each(CALLS)('A1, A4, hostile F1, F10: %s', (_, request) => {
  test.each(BEYOND)('refuses %s with 210 and stores nothing', async (_, tags, text) => {
    const [method, body] = request({ ...tags, Fine: 1 })
    expect(await t.refused(method, body)).toMatch(text)
    expect(await t.devices()).toEqual([])
  })
})

test('the limits themselves are taken: 1,000 tags, 2,000 elements, long names and texts', async () => {
  await t.ok('setTags', { hwid, tags: many(1000) })
  const tags = { list: texts(2000), ['n'.repeat(255)]: 1, text: 'x'.repeat(16_384) }
  expect(await t.ok('registerDevice', { hwid, device_type: 3, tags })).toBeNull()
  expect(await t.tags({ hwid })).toMatchObject({ ...tags, 'tag 999': 1 })
})

test('A4: a device never holds more than 5,000 tags or 256 KiB, and every call goes on reading it', async () => {
  for (let at = 0; at < 5; at++) {
    const tags = Object.fromEntries(Object.keys(many(990)).map((name) => [`${at} ${name}`, 'x'.repeat(20)]))
    await t.ok('registerDevice', { hwid, device_type: 3, userId: 'ann', tags })
  }
  await t.refused('setTags', { hwid, tags: many(100) })
  await t.refused('setTags', { userId: 'ann', tags: many(100) })
  await t.refused('registerDevice', { hwid, device_type: 3, tags: many(100) })
  for (const at of texts(10)) await t.send('setTags', { hwid, tags: { [at]: 'x'.repeat(16_000) } })
  await t.ok('checkDevice', { hwid })
  await t.ok('applicationOpen', { hwid, language: 'fr', app_version: '2.0', device_model: 'Pixel' })
  await t.ok('registerDevice', { hwid, device_type: 3, push_token: unique('t') })
  const tags = await t.tags({ hwid })
  expect(JSON.stringify(tags).length).toBeLessThan(300_000)
  expect(Object.keys(tags).length).toBeLessThan(5010)
  expect(await t.devices()).toMatchObject([{ externalId: hwid, active: true }])
})

test('a bulk row beyond a limit fails alone', async () => {
  const b = await openBulk()
  const row = (tags: object) => ({ hwid: unique('h'), push_token: unique('t'), platform: 3, tags })
  expect(await b.done([...BEYOND.map(([, tags]) => row(tags)), row({ Fine: 1 })])).toEqual([
    ...BEYOND.map(() => 'failed'),
    'done',
  ])
})

test('hostile F1: a list grows by append to 2,000 elements and no further', async () => {
  const append = (value: unknown) => ({ hwid, tags: { list: { operation: 'append', value } } })
  await t.ok('setTags', append(texts(1500)))
  await t.refused('setTags', append(Array.from({ length: 501 }, (_, at) => `more ${at}`)))
  await t.ok('setTags', append(texts(1500)))
  expect(((await t.tags({ hwid })).list as []).length).toBe(1500)
})

test('B13a: an empty array is an empty object wherever tags are given', async () => {
  for (const [name, request] of CALLS) {
    const [method, body] = request([])
    expect([name, await t.ok(method, body)]).toEqual([name, null])
  }
  expect(await t.devices()).toHaveLength(2)
})
