import { expect, test } from 'vitest'
import { createOffice, fcm, type Office } from './kit.ts'

const lines = (count: number, more: (n: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, n) =>
    JSON.stringify({
      ...{ dialect: 'pushwoosh', externalId: `device ${n}`, platform: 'android', token: fcm(`token${n}x`) },
      ...more(n),
    }),
  ).join('\n')

const limited = async (limits: Readonly<Record<string, number>>): Promise<Office> => {
  const office = await createOffice({ pushwoosh: {}, flameup: {} })
  expect((await office.h.admin('PATCH', `/apps/${office.app}`, { limits })).status).toBe(200)
  return office
}

test.each([3, 50])(
  'an import fills an app up to its limit, and rejects the rows behind it, %d rows at a time',
  async (rows) => {
    const office = await limited({ devices: 10 })
    const file = lines(14)
    const would = await office.import('format=ndjson&dryRun=true', file, { rows })
    const did = await office.import('format=ndjson', file, { rows })
    for (const one of [would, did]) {
      expect(one).toMatchObject({
        state: 'completed',
        outcomes: { created: 10, rejected: 4 },
        reasons: { device_limit: 4 },
      })
    }
    expect(await office.errors(did.id)).toMatchObject(
      [10, 11, 12, 13].map((n) => ({
        ...{ outcome: 'rejected', reason: 'device_limit', externalId: `device ${n}` },
        message: 'The app has as many devices as its limit allows.',
      })),
    )
    expect([...(await office.devices()).keys()].sort()).toEqual(
      Array.from({ length: 10 }, (_, n) => `device ${n}`).sort(),
    )
    const again = await office.import('format=ndjson', file, { rows })
    expect(again).toMatchObject({ outcomes: { created: 0, unchanged: 10, rejected: 4 } })
    await office.h.admin('PATCH', `/apps/${office.app}`, { limits: { devices: 20 } })
    const more = await office.import('format=ndjson', file, { rows })
    expect(more).toMatchObject({ outcomes: { created: 4, unchanged: 10, rejected: 0 } })
  },
)

test('a row that takes the token of a device that is there takes its place, at the limit, too', async () => {
  const office = await limited({ devices: 2 })
  await office.import(
    'format=ndjson',
    lines(2, () => ({ lastSeenAt: '2026-11-01T00:00:00Z' })),
  )
  office.h.clock.advance(60_000)
  const seen = { lastSeenAt: '2026-11-20T00:00:00Z' }
  const file = lines(2, (n) => ({ ...seen, externalId: `anew ${n}`, token: fcm(`token${2 * n + 1}x`) }))
  const would = await office.import('format=ndjson&dryRun=true', file)
  const did = await office.import('format=ndjson', file)
  expect(did.outcomes).toEqual(would.outcomes)
  expect(did.outcomes).toMatchObject({ created: 1, rejected: 1 })
  const stats = await (await office.h.admin('GET', `/apps/${office.app}/stats`)).json<unknown>()
  expect(stats).toMatchObject({ devices: { inUse: 2, total: 3 } })
})

test.each([1, 50])(
  'a row that gives a replaced device a token of its own is one device more, %d rows at a time',
  async (rows) => {
    const office = await limited({ devices: 3 })
    const at = (day: number) => ({ lastSeenAt: `2026-11-${String(day).padStart(2, '0')}T00:00:00Z` })
    const file = (count: number, day: number, id: string, token: string) =>
      lines(count, (n) => ({ ...at(day), externalId: `${id} ${n}`, token: fcm(`${token}${n}x`) }))
    await office.import('format=ndjson', file(3, 1, 'device', 'token'))
    await office.import('format=ndjson', file(3, 10, 'anew', 'token'))
    const inUse = async () =>
      (await (await office.h.admin('GET', `/apps/${office.app}/stats`)).json<Record<string, unknown>>())
        .devices
    expect(await inUse()).toMatchObject({ inUse: 3, total: 6 })
    const revived = file(3, 20, 'device', 'other')
    const refused = { outcomes: { merged: 0, rejected: 3 }, reasons: { device_limit: 3 } }
    expect(await office.import('format=ndjson&dryRun=true', revived, { rows })).toMatchObject(refused)
    expect(await office.import('format=ndjson', revived, { rows })).toMatchObject(refused)
    expect(await inUse()).toMatchObject({ inUse: 3, total: 6 })
    // A device that takes over the token of a device in use replaces it in the count.
    const [back = ''] = file(1, 20, 'device', 'token').split('\n')
    expect(await office.import('format=ndjson', back, { rows })).toMatchObject({ outcomes: { merged: 1 } })
    expect(await inUse()).toMatchObject({ inUse: 3, total: 6 })
    await office.h.admin('PATCH', `/apps/${office.app}`, { limits: { devices: 4 } })
    const again = file(3, 25, 'device', 'third').split('\n').slice(1).join('\n')
    const partly = { outcomes: { merged: 1, rejected: 1 }, reasons: { device_limit: 1 } }
    expect(await office.import('format=ndjson&dryRun=true', again, { rows })).toMatchObject(partly)
    expect(await office.import('format=ndjson', again, { rows })).toMatchObject(partly)
    expect(await inUse()).toMatchObject({ inUse: 4, total: 6 })
  },
)

test('of the devices of one user those that were seen longest ago have no user after an import', async () => {
  const office = await limited({ devicesPerUser: 2 })
  const seen = (n: number) => `2026-11-${String(10 + n).padStart(2, '0')}T00:00:00Z`
  const file = lines(5, (n) => ({ userId: n === 4 ? 'bob' : 'anna', lastSeenAt: seen(n) }))
  await office.import('format=ndjson', file)
  const users = async () => {
    const devices = [...(await office.devices())].map(([id, { userId }]) => [id, userId] as const)
    return Object.fromEntries(devices.filter(([, user]) => user !== null))
  }
  expect(await users()).toEqual({ 'device 2': 'anna', 'device 3': 'anna', 'device 4': 'bob' })
})

test('a replaced device that a row gives a token again counts among those of its user', async () => {
  const office = await limited({ devicesPerUser: 1 })
  const row = (externalId: string, token: string, day: number, more: object = {}) =>
    JSON.stringify({
      ...{ dialect: 'pushwoosh', externalId, platform: 'android', token: fcm(token) },
      ...{ lastSeenAt: `2026-11-${day}T00:00:00Z`, ...more },
    })
  await office.import('format=ndjson', row('one', 'token1', 10, { userId: 'anna' }))
  await office.import('format=ndjson', row('two', 'token1', 11, { userId: 'anna' }))
  await office.import('format=ndjson', row('one', 'token3', 12))
  const devices = await office.devices()
  expect(['one', 'two'].map((id) => devices.get(id)?.userId)).toEqual(['anna', null])
})
