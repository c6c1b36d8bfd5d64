import { expect, test } from 'vitest'
import { expectError, newPerson, newToken, openWorkspace, people } from './kit.ts'

/** A person with devices a second apart; the newest last. */
async function withDevices(count: number, platformOf = (_: number) => 'ios') {
  const w = await openWorkspace()
  const person = newPerson()
  const tokens = Array.from({ length: count }, newToken)
  for (const [n, token] of tokens.entries()) {
    await w.register(person, { token, platform: platformOf(n) })
    w.h.clock.advance(1000)
  }
  const listed = async (query = '') => (await w.list(person, query)).devices.map((one) => one.device_token)
  return { w, person, tokens, listed }
}

test('a list holds devices, total, limit and offset, the newest device first', async () => {
  const { w, person, tokens } = await withDevices(3)
  const list = await w.list(person)
  expect(list.devices.map((one) => one.device_token)).toEqual([...tokens].reverse())
  expect(list).toMatchObject({ total: 3, limit: 50, offset: 0 })
})

test('devices of one moment come in the order of their ids', async () => {
  const w = await openWorkspace()
  const person = newPerson()
  const devices = []
  for (let n = 0; n < 4; n++) devices.push(await w.register(person, { token: newToken(), platform: 'web' }))
  const ids = (await w.list(person)).devices.map((one) => one.id)
  expect(ids).toEqual(devices.map((one) => one.id).sort())
})

test('a person that was never seen has an empty list', async () => {
  const w = await openWorkspace()
  expect(await w.list(newPerson())).toEqual({ devices: [], total: 0, limit: 50, offset: 0 })
})

test.each([
  ['ios', [0, 3]],
  ['android', [1]],
  ['web', [2]],
] as const)('platform=%s lists those devices alone', async (platform, expected) => {
  const { w, person, tokens } = await withDevices(4, (n) => ['ios', 'android', 'web'][n % 3] ?? '')
  const list = await w.list(person, `?platform=${platform}`)
  expect(new Set(list.devices.map((one) => one.device_token))).toEqual(
    new Set(expected.map((n) => tokens[n])),
  )
  expect(list.total).toBe(expected.length)
})

test('is_active chooses, and without it both kinds are listed', async () => {
  const w = await openWorkspace()
  const [person, old, fresh] = [newPerson(), newToken(), newToken()]
  const phone = { platform: 'ios', device_name: 'iPhone', device_model: 'iPhone16,1' }
  await w.register(person, { ...phone, token: old })
  w.h.clock.advance(1000)
  await w.register(person, { ...phone, token: fresh })
  const tokens = async (query: string) => {
    const { devices, total } = await w.list(person, query)
    expect(total).toBe(devices.length)
    return devices.map((one) => one.device_token)
  }
  expect(await tokens('')).toEqual([fresh, old])
  expect(await tokens('?is_active=true')).toEqual([fresh])
  expect(await tokens('?is_active=false')).toEqual([old])
  expect(await tokens('?is_active=false&platform=android')).toEqual([])
})

test('limit and offset cut pages that neither repeat nor lose a device', async () => {
  const { w, person, tokens, listed } = await withDevices(5)
  const pages = [
    await listed('?limit=2'),
    await listed('?limit=2&offset=2'),
    await listed('?limit=2&offset=4'),
  ]
  expect(pages.flat()).toEqual([...tokens].reverse())
  expect(await w.list(person, '?limit=2&offset=2')).toMatchObject({ total: 5, limit: 2, offset: 2 })
})

test('an offset past the end gives an empty list with the total', async () => {
  const { w, person } = await withDevices(2)
  for (const offset of ['2', '1000', '99999999999999999999999']) {
    expect(await w.list(person, `?offset=${offset}`)).toMatchObject({ devices: [], total: 2 })
  }
})

test('50 devices are listed by default, 100 at most', async () => {
  const w = await openWorkspace()
  const person = newPerson()
  await Promise.all(
    Array.from({ length: 101 }, () => w.register(person, { token: newToken(), platform: 'ios' })),
  )
  const count = async (query: string) => {
    const { devices, limit, total } = await w.list(person, query)
    return { devices: devices.length, limit, total }
  }
  expect(await count('')).toEqual({ devices: 50, limit: 50, total: 101 })
  expect(await count('?limit=100')).toEqual({ devices: 100, limit: 100, total: 101 })
  expect(await count('?limit=101')).toEqual({ devices: 100, limit: 100, total: 101 })
  expect(await count('?limit=99999999999999999999999')).toEqual({ devices: 100, limit: 100, total: 101 })
})

test.each([
  ...['true', 'True', 'TRUE', 'tRuE', '1'].map((form) => [form, true] as const),
  ...['false', 'False', 'FALSE', '0'].map((form) => [form, false] as const),
])('is_active=%s is understood, as Python and others write it (seed audit F3)', async (form, active) => {
  const w = await openWorkspace()
  const person = newPerson()
  const names = { platform: 'ios' as const, device_name: 'Phone', device_model: 'P1' }
  const [old, fresh] = [newToken(), newToken()]
  await w.register(person, { token: old, ...names })
  await w.register(person, { token: fresh, ...names })
  const expected = [active ? fresh : old]
  const tokens = (of: Record<string, unknown>) =>
    (of.devices as { device_token: string }[]).map((one) => one.device_token)
  expect(tokens({ ...(await w.list(person, `?is_active=${form}`)) })).toEqual(expected)
  const all = await w.call('GET', `/api/v1/workspaces/${w.workspaceId}/devices?is_active=${form}`)
  expect(tokens(all.json as Record<string, unknown>)).toEqual(expected)
})

test.each([
  ['platform', 'windows'],
  ['platform', 'IOS'],
  ['is_active', '2'],
  ['is_active', 'tru'],
  ['is_active', '01'],
  ['is_active', 'yes'],
  ['limit', '0'],
  ['limit', '-1'],
  ['limit', '1.5'],
  ['limit', 'ten'],
  ['limit', '1e2'],
  ['offset', '-1'],
  ['offset', '0.5'],
  ['offset', 'x'],
])('%s=%s: 422, naming the parameter', async (name, value) => {
  const w = await openWorkspace()
  const answer = await w.call('GET', `${people(newPerson())}?${name}=${value}`)
  expectError(answer, 422, 'validation_error', [name])
})

test('all wrong parameters are named at once', async () => {
  const w = await openWorkspace()
  const answer = await w.call('GET', `${people(newPerson())}?platform=x&is_active=x&limit=x&offset=x`)
  expectError(answer, 422, 'validation_error', ['platform', 'is_active', 'limit', 'offset'])
})

test.each(['?platform=', '?is_active=', '?limit=', '?offset=', '?cursor=abc', '?foo=%zz', '?'])(
  'the query %s is as good as none',
  async (query) => {
    const { tokens, listed } = await withDevices(1)
    expect(await listed(query)).toEqual(tokens)
  },
)

test('a content type on a list, as some examples send it, is accepted', async () => {
  const { w, person } = await withDevices(1)
  const headers = { 'Content-Type': 'application/json' }
  expect((await w.call('GET', people(person), { headers })).json).toMatchObject({ total: 1 })
})

test('a device that was just registered is listed at once', async () => {
  const w = await openWorkspace()
  const person = newPerson()
  for (let n = 1; n <= 5; n++) {
    await w.register(person, { token: newToken(), platform: 'ios' })
    expect((await w.list(person)).total).toBe(n)
  }
})
