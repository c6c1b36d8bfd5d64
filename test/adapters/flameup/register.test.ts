import { expect, test } from 'vitest'
import { realChance } from '../../../src/build.ts'
import { DeviceObject, expectError, newPerson, newToken, openWorkspace, people, wholeSeconds } from './kit.ts'

/** The page's example, with a unique token. */
const example = (token: string) => ({
  token,
  platform: 'ios',
  device_name: 'iPhone 15 Pro',
  device_model: 'iPhone16,1',
  os_version: '17.2',
  app_version: '2.1.0',
})
const NAMES = { device_name: 'Pixel', device_model: 'Pixel 8 Pro', os_version: '14', app_version: '2.1.0' }

test('a new token answers 201 with the 14 members of the device object and no wrapper', async () => {
  const { call, workspaceId, h } = await openWorkspace()
  const [person, token] = [newPerson(), newToken()]
  const answer = await call('POST', people(person), { body: example(token) })
  expect(answer.status, answer.text).toBe(201)
  expect(DeviceObject.parse(answer.json)).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    workspace_id: workspaceId,
    person_id: person,
    device_token: token,
    platform: 'ios',
    device_name: 'iPhone 15 Pro',
    device_model: 'iPhone16,1',
    os_version: '17.2',
    app_version: '2.1.0',
    is_active: true,
    is_valid: true,
    last_used_at: null,
    created_at: wholeSeconds(h.clock.now),
    updated_at: wholeSeconds(h.clock.now),
  })
})

test('the id of a running gateway’s device is a UUID, the same in every answer (section 3)', async () => {
  const { call, register } = await openWorkspace({ ids: realChance.ids })
  const [person, token] = [newPerson(), newToken()]
  const { id } = await register(person, { token, platform: 'android' })
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/)
  expect((await register(person, { token, platform: 'android', device_name: 'Pixel' })).id).toBe(id)
  const { json } = await call('GET', people(person))
  expect(json).toMatchObject({ devices: [{ id }] })
})

test('texts that were never given are null', async () => {
  const { register } = await openWorkspace()
  const device = await register(newPerson(), { token: newToken(), platform: 'android' })
  expect(device).toMatchObject({
    device_name: null,
    device_model: null,
    os_version: null,
    app_version: null,
  })
})

test('a known token answers 200 with the same id and created_at, and updated_at moves forward', async () => {
  const { call, register, h } = await openWorkspace()
  const [person, token] = [newPerson(), newToken()]
  const first = await register(person, example(token))
  h.clock.advance(1000)
  const answer = await call('POST', people(person), {
    body: { ...example(token), app_version: '2.2.0' },
  })
  expect(answer.status).toBe(200)
  expect(answer.json).toEqual({
    ...first,
    app_version: '2.2.0',
    updated_at: wholeSeconds(h.clock.now),
  })
})

test('updated_at moves strictly forward inside where two changes fall into one millisecond, and never back outside', async () => {
  const { h, register } = await openWorkspace()
  const [person, token] = [newPerson(), newToken()]
  const [shown, kept]: [string[], string[]] = [[], []]
  for (const app_version of ['1', '2', '3']) {
    const device = await register(person, { token, platform: 'ios', app_version })
    shown.push(device.updated_at)
    const app = await h.gateway.apps.find('flameup', device.workspace_id)
    const found = app && (await h.gateway.devices.find({ app, externalId: token }))
    kept.push(found?.updatedAt.toISOString() ?? '')
  }
  expect([...new Set(kept)].sort()).toEqual(kept)
  expect([...shown].sort()).toEqual(shown)
})

test('times are whole seconds, as the page prints them, wherever a device is shown (seed audit F4)', async () => {
  const w = await openWorkspace()
  w.h.clock.advance(123)
  const [person, token] = [newPerson(), newToken()]
  const whole = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/
  const times = { created_at: expect.stringMatching(whole), updated_at: expect.stringMatching(whole) }
  expect(await w.register(person, { token, platform: 'ios' })).toMatchObject(times)
  w.h.clock.advance(2345)
  const again = await w.register(person, { token, platform: 'ios', device_name: 'Phone' })
  expect(again).toMatchObject(times)
  expect((await w.list(person)).devices).toEqual([again])
  expect((await w.call('GET', `/api/v1/workspaces/${w.workspaceId}/devices`)).json).toMatchObject({
    devices: [again],
  })
})

test('an identical registration changes nothing but answers the device', async () => {
  const { register, list, h } = await openWorkspace()
  const [person, token] = [newPerson(), newToken()]
  const first = await register(person, example(token))
  h.clock.advance(10_000)
  expect(await register(person, example(token))).toEqual(first)
  expect((await list(person)).devices).toEqual([first])
})

test('the update example, which names two members, keeps the others', async () => {
  const { register } = await openWorkspace()
  const [person, token] = [newPerson(), newToken()]
  const first = await register(person, example(token))
  const updated = await register(person, {
    token,
    platform: 'ios',
    app_version: '2.2.0',
    os_version: '17.3',
  })
  expect(updated).toEqual({
    ...first,
    app_version: '2.2.0',
    os_version: '17.3',
    updated_at: updated.updated_at,
  })
})

test.each(Object.keys(NAMES))('an explicit null clears %s and nothing else', async (name) => {
  const { register } = await openWorkspace()
  const [person, token] = [newPerson(), newToken()]
  await register(person, { token, platform: 'android', ...NAMES })
  const cleared = await register(person, { token, platform: 'android', [name]: null })
  expect(cleared).toMatchObject({ ...NAMES, [name]: null })
})

test('another platform replaces the former one, in the same device', async () => {
  const { register, list } = await openWorkspace()
  const [person, token] = [newPerson(), newToken()]
  const first = await register(person, { token, platform: 'ios' })
  const second = await register(person, { token, platform: 'android' })
  expect(second).toMatchObject({ id: first.id, platform: 'android' })
  expect((await list(person)).total).toBe(1)
})

test.each([
  ['lower case', (hex: string) => hex],
  ['upper case', (hex: string) => hex.toUpperCase()],
])('another platform replaces the former one of a hexadecimal token in %s', async (_, form) => {
  const { register, list } = await openWorkspace()
  const person = newPerson()
  const token = form(crypto.randomUUID().replaceAll('-', ''))
  const first = await register(person, { token, platform: 'ios' })
  const second = await register(person, { token, platform: 'android' })
  expect(second).toMatchObject({ id: first.id, platform: 'android', device_token: token })
  expect((await list(person)).total).toBe(1)
})

test('web is accepted and stored, although the page calls it coming soon', async () => {
  const { register, list } = await openWorkspace()
  const [person, token] = [newPerson(), newToken()]
  const body = { token, platform: 'web', device_name: 'Chrome Browser', os_version: 'Linux x86_64' }
  const device = await register(person, { ...body, app_version: '1.0.0' })
  expect((await list(person, '?platform=web')).devices).toEqual([device])
})

test.each([
  ['person_id', 'somebody-else'],
  ['id', 'my-id'],
  ['workspace_id', 'ws_other'],
  ['is_active', false],
  ['is_valid', false],
  ['created_at', '2001-01-01T00:00:00Z'],
  ['device_token', 'other'],
  ['last_used_at', '2001-01-01T00:00:00Z'],
  ['anything_else', { a: [1] }],
])('ignores the member %s of the body', async (name, value) => {
  const { register, list } = await openWorkspace()
  const [person, token] = [newPerson(), newToken()]
  const device = await register(person, { token, platform: 'ios', [name]: value })
  expect(device).toMatchObject({ person_id: person, device_token: token, is_active: true, is_valid: true })
  expect(device.id).not.toBe('my-id')
  expect((await list(person)).devices).toEqual([device])
})

test('of a name given twice the last value counts', async () => {
  const { call } = await openWorkspace()
  const token = newToken()
  const body = `{"token":"first","token":${JSON.stringify(token)},"platform":"ios"}`
  const headers = { 'Content-Type': 'application/json' }
  expect((await call('POST', people(newPerson()), { body, headers })).json).toMatchObject({
    device_token: token,
  })
})

test.each([
  ['no charset', 'application/json'],
  ['a charset', 'application/json; charset=utf-8'],
])('reads a body whose content type has %s', async (_, type) => {
  const { call } = await openWorkspace()
  const body = JSON.stringify({ token: newToken(), platform: 'ios', device_name: 'Zoës iPhone 📱' })
  const answer = await call('POST', people(newPerson()), { body, headers: { 'Content-Type': type } })
  expect(answer.json).toMatchObject({ device_name: 'Zoës iPhone 📱' })
})

test.each([
  ['spaces around it', () => `  ${newToken()}  `],
  ['upper and lower case', () => `AbC:${newToken()}xYz`],
  ['a slash, a plus, a percent sign and a question mark', () => `a/b+c%2F?d=${newToken()}`],
  ['quotes and letters beyond ASCII', () => `"'é漢📱${newToken()}`],
  ['4,096 characters', () => newToken().padEnd(4096, 'x')],
  ['one character', () => ':'],
])('keeps a token with %s as it is, and removes it by its escaped form', async (_, make) => {
  const { register, list, remove } = await openWorkspace()
  const [person, token] = [newPerson(), make()]
  expect((await register(person, { token, platform: 'android' })).device_token).toBe(token)
  expect((await list(person)).devices.map((one) => one.device_token)).toEqual([token])
  expect((await remove(person, token)).status).toBe(204)
  expect((await list(person)).total).toBe(0)
})

test.each([
  ['no token', { platform: 'ios' }, ['token']],
  ['an empty token', { token: '', platform: 'ios' }, ['token']],
  ['null for the token', { token: null, platform: 'ios' }, ['token']],
  ['a list for the token', { token: ['a'], platform: 'ios' }, ['token']],
  ['a token of 4,097 characters', { token: 'x'.repeat(4097), platform: 'ios' }, ['token']],
  ['a token with U+0000', { token: 'a\0b', platform: 'ios' }, ['token']],
  ['a token that is no Unicode', '{"token":"a\\ud800","platform":"ios"}', ['token']],
  ['no platform', { token: 't' }, ['platform']],
  ['an empty platform', { token: 't', platform: '' }, ['platform']],
  ['a platform in capitals', { token: 't', platform: 'iOS' }, ['platform']],
  ['a platform that there is not', { token: 't', platform: 'windows' }, ['platform']],
  ['nothing at all', {}, ['token', 'platform']],
  ['a number as device_name', { token: 't', platform: 'ios', device_name: 1 }, ['device_name']],
  ['an object as device_model', { token: 't', platform: 'ios', device_model: {} }, ['device_model']],
  ['a number as os_version', { token: 't', platform: 'ios', os_version: 17.2 }, ['os_version']],
  ['true as app_version', { token: 't', platform: 'ios', app_version: true }, ['app_version']],
  ['faults everywhere', { platform: 'x', os_version: 1 }, ['token', 'platform', 'os_version']],
])('%s: 422, naming each field, and nothing is stored', async (_, body, fields) => {
  const { call, list } = await openWorkspace()
  const person = newPerson()
  const headers = { 'Content-Type': 'application/json' }
  expectError(await call('POST', people(person), { body, headers }), 422, 'validation_error', fields)
  expect((await list(person)).total).toBe(0)
})

test('a refused update leaves the device as it was', async () => {
  const { call, register, list } = await openWorkspace()
  const [person, token] = [newPerson(), newToken()]
  const device = await register(person, example(token))
  const body = { token, platform: 'android', app_version: 3 }
  expectError(await call('POST', people(person), { body }), 422, 'validation_error', ['app_version'])
  expect((await list(person)).devices).toEqual([device])
})

test('an app start that changes nothing costs one read and no write', async () => {
  const trips: string[] = []
  const { register } = await openWorkspace({
    db: (real) => ({
      read: (plan) => {
        trips.push('read')
        return real.read(plan)
      },
      commit: (plan) => {
        trips.push('write')
        return real.commit(plan)
      },
    }),
  })
  const [person, token] = [newPerson(), newToken()]
  await register(person, example(token))
  trips.length = 0
  await register(person, example(token))
  expect(trips).toEqual(['read'])
  await register(person, { ...example(token), app_version: '2.2.0' })
  expect(trips).toEqual(['read', 'read', 'write'])
})
