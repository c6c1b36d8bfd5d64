import { env } from 'cloudflare:workers'
import { beforeAll, expect, test } from 'vitest'
import type { Db } from '../../src/store/sql/port.ts'
import { openD1 } from '../../src/store/sqlite/d1.ts'
import { createHarness } from '../harness/harness.ts'
import { metered } from './grown.ts'

const { meter, d1 } = metered((env as { DB: D1Database }).DB)
const run = crypto.randomUUID().slice(0, 8)
let db: Db
let call: (method: string, request: object) => Promise<{ status_code: number }>
beforeAll(async () => {
  db = openD1(d1)
  const h = await createHarness({ db: () => db })
  const app = await h.createApp({ pushwoosh: {} })
  const application = app.dialects.pushwoosh?.applicationCode
  call = async (method, request) =>
    (
      await h.request('POST', `/json/1.3/${method}`, { body: { request: { application, ...request } } })
    ).json()
})

const many = (n: number, value: (at: number) => unknown) =>
  Object.fromEntries(Array.from({ length: n }, (_, at) => [`tag ${at}`, value(at)]))
const texts = (n: number) => Array.from({ length: n }, (_, at) => `value ${at}`)
const of = (operation: string, value: unknown) => ({ operation, value })

/** The calls before, and the change whose rows are counted: both with n tags or elements. */
const CHANGES: readonly (readonly [string, (n: number) => object, (n: number) => object])[] = [
  ['set, new', () => ({}), (n) => many(n, () => 1)],
  ['set, known', (n) => many(n, () => 1), (n) => many(n, () => 2)],
  ['set, the same again', (n) => many(n, () => 1), (n) => many(n, () => 1)],
  ['increment', (n) => many(n, () => 1), (n) => many(n, () => of('increment', 1))],
  ['append to many lists', (n) => many(n, () => ['a']), (n) => many(n, () => of('append', 'b'))],
  ['remove from many lists', (n) => many(n, () => ['a']), (n) => many(n, () => of('remove', 'a'))],
  ['null', (n) => many(n, () => 1), (n) => many(n, () => null)],
  ['of another type', (n) => many(n, () => 'text'), (n) => many(n, () => true)],
  ['append many', (n) => ({ list: texts(n) }), (n) => ({ list: of('append', texts(n * 2).slice(n)) })],
  ['append the same', (n) => ({ list: texts(n) }), (n) => ({ list: of('append', texts(n)) })],
  ['remove many', (n) => ({ list: texts(n) }), (n) => ({ list: of('remove', texts(n)) })],
  ['remove strangers', (n) => ({ list: texts(n) }), (n) => ({ list: of('remove', texts(n * 2).slice(n)) })],
]

test.each(CHANGES)(
  'A1, hostile F1: four times the tags read about four times the rows: %s',
  async (name, before, change) => {
    const rows: number[] = []
    for (const n of [100, 400]) {
      const hwid = `${run} ${name} ${n}`
      const tags = (given: object) =>
        Object.fromEntries(Object.entries(given).map(([tag, value]) => [`${name} ${n} ${tag}`, value]))
      for (const given of [before(n), change(n)]) {
        expect(await call('setTags', { hwid, tags: tags(given) })).toMatchObject({ status_code: 200 })
      }
      rows.push(meter.last)
    }
    const [few = 0, more = 0] = rows
    expect(few).toBeGreaterThan(100)
    expect(more).toBeLessThan(few * 5)
  },
)

test('A1: a user with four times the devices costs the caller no more than a piece of them', async () => {
  const rows: number[] = []
  for (const n of [5, 20]) {
    const userId = `${run} user of ${n}`
    for (let at = 0; at < n; at++) await call('registerUser', { hwid: `${userId} ${at}`, userId })
    await call('setTags', { userId, tags: many(10, () => 1) })
    rows.push(meter.last)
  }
  const [few = 0, more = 0] = rows
  expect(more).toBeLessThan(few * 5)
})
