import { expect, test } from 'vitest'
import { call, statement } from '../../../src/store/sql/statement.ts'
import { sql, value } from '../../../src/store/sql/template.ts'
import {
  expectError,
  newPerson,
  newToken,
  openWorkspace,
  people,
  type Workspace,
  wholeSeconds,
} from './kit.ts'

interface AdminDevice {
  readonly id: string
  readonly dialect: string
  readonly externalId: string
  readonly provider: string
  readonly token: string
  readonly userId: string | null
  readonly topics: readonly string[]
}
const hexToken = () => (crypto.randomUUID() + crypto.randomUUID()).replaceAll('-', '')

async function adminDevices({ h, appId }: Workspace, query = ''): Promise<AdminDevice[]> {
  const answer = await h.admin('GET', `/apps/${appId}/devices?limit=100${query}`)
  return (await answer.json<{ devices: AdminDevice[] }>()).devices
}

/** A workspace whose app also speaks Pusher Beams, and a phone's registration there. */
async function withBeams() {
  const w = await openWorkspace({ dialect: undefined })
  const patched = await w.h.admin('PATCH', `/apps/${w.appId}`, { dialects: { 'pusher-beams': {} } })
  const { dialects } = await patched.json<{ dialects: Record<string, { instanceId: string }> }>()
  const devices = `/device_api/v1/instances/${dialects['pusher-beams']?.instanceId}/devices`
  const beams = async (platform: string, token: string, more = {}) => {
    const answer = await w.h.request('POST', `${devices}/${platform}`, { body: { token, ...more } })
    return (await answer.json<{ id: string }>()).id
  }
  return { w, beams, devices }
}

test('the store holds a device under its token, its person as a claimed user, and the columns of every dialect', async () => {
  const w = await openWorkspace()
  const [person, token] = [newPerson(), newToken()]
  const body = { device_name: 'Pixel', device_model: 'Pixel 8', os_version: '14', app_version: '2.1.0' }
  const { id } = await w.register(person, { token, platform: 'android', ...body })
  expect(await adminDevices(w)).toMatchObject([
    {
      id,
      dialect: 'flameup',
      externalId: token,
      token,
      platform: 'android',
      provider: 'fcm',
      environment: 'unknown',
      userId: person,
      userProved: false,
      active: true,
      name: 'Pixel',
      model: 'Pixel 8',
      osVersion: '14',
      appVersion: '2.1.0',
      sdkVersion: null,
      topics: [],
    },
  ])
})

test.each([
  ['ios', 'an FCM token', 'fcm', newToken],
  ['ios', 'nothing but hexadecimal', 'apns', hexToken],
  ['ios', 'hexadecimal in capitals', 'apns', () => hexToken().toUpperCase()],
  ['android', 'nothing but hexadecimal', 'fcm', hexToken],
  ['web', 'nothing but hexadecimal', 'fcm', hexToken],
  ['web', 'an FCM token', 'fcm', newToken],
])('%s with %s is a token of %s', async (platform, _, provider, make) => {
  const w = await openWorkspace()
  await w.register(newPerson(), { token: make(), platform })
  expect(await adminDevices(w)).toMatchObject([{ provider }])
})

test('R4: a new token is a new device; the former one stays, out of use', async () => {
  const w = await openWorkspace()
  const person = newPerson()
  const phone = { platform: 'ios', device_name: 'iPhone', device_model: 'iPhone16,1' }
  const former = await w.register(person, { ...phone, token: newToken() })
  const device = await w.register(person, { ...phone, token: newToken() })
  expect((await adminDevices(w, '&active=true')).map((one) => one.id)).toEqual([device.id])
  expect((await adminDevices(w, '&active=false')).map((one) => one.id)).toEqual([former.id])
})

test('R5: two phones that swap their tokens at once keep their devices, each with one person', async () => {
  const w = await openWorkspace()
  const [jane, john, one, two] = [newPerson(), newPerson(), newToken(), newToken()]
  const first = await w.register(jane, { token: one, platform: 'ios' })
  const second = await w.register(john, { token: two, platform: 'ios' })
  await Promise.all([
    w.register(jane, { token: two, platform: 'ios' }),
    w.register(john, { token: one, platform: 'ios' }),
  ])
  expect((await w.list(jane)).devices.map((device) => device.id)).toEqual([second.id])
  expect((await w.list(john)).devices.map((device) => device.id)).toEqual([first.id])
})

test('R6: a token of another dialect is the same phone, and neither topics nor users go over', async () => {
  const { w, beams, devices } = await withBeams()
  const [person, token] = [newPerson(), newToken()]
  const id = await beams('fcm', token)
  await w.h.request('PUT', `${devices}/fcm/${id}/interests`, { body: { interests: ['news'] } })
  await w.register(person, { token, platform: 'android' })
  const listed = await w.call('GET', `/api/v1/workspaces/${w.workspaceId}/devices`)
  expect(listed.json).toMatchObject({ devices: [{ device_token: token, person_id: person }] })
  const found = await adminDevices(w)
  expect(found).toHaveLength(2)
  expect(found.find((one) => one.dialect === 'flameup')).toMatchObject({ userId: person, topics: [] })
  expect(found.find((one) => one.dialect === 'pusher-beams')).toMatchObject({
    userId: null,
    topics: ['news'],
  })
  const { installations } = await (await w.h.admin('GET', `/apps/${w.appId}/installations`)).json<{
    installations: unknown[]
  }>()
  expect(installations).toHaveLength(1)
})

test('R7: the next person who logs in on the phone takes the token along', async () => {
  const w = await openWorkspace()
  const [jane, john, token] = [newPerson(), newPerson(), newToken()]
  const first = await w.register(jane, { token, platform: 'ios', device_name: 'iPhone' })
  const second = await w.register(john, { token, platform: 'ios' })
  expect(second).toMatchObject({
    id: first.id,
    created_at: first.created_at,
    person_id: john,
    device_name: 'iPhone',
  })
  expect((await w.list(jane)).devices).toEqual([])
  expect((await w.list(john)).devices).toEqual([second])
  expectError(await w.remove(jane, token), 404, 'not_found')
  expect((await w.list(john)).devices).toEqual([second])
  expect((await w.remove(john, token)).status).toBe(204)
})

test('R7: a registration for another person answers 200, for the token is known', async () => {
  const w = await openWorkspace()
  const body = { token: newToken(), platform: 'ios' }
  expect((await w.call('POST', people(newPerson()), { body })).status).toBe(201)
  expect((await w.call('POST', people(newPerson()), { body })).status).toBe(200)
})

test('R9: a token that was removed is a new device, and nothing of the old one is kept', async () => {
  const w = await openWorkspace()
  const [person, token] = [newPerson(), newToken()]
  const first = await w.register(person, { token, platform: 'ios', device_name: 'iPhone', app_version: '1' })
  await w.remove(person, token)
  w.h.clock.advance(1000)
  const answer = await w.call('POST', people(person), { body: { token, platform: 'ios' } })
  expect(answer.status).toBe(201)
  const [again] = (await w.list(person)).devices
  expect(answer.json).toEqual(again)
  expect(again?.id).not.toBe(first.id)
  expect(again).toMatchObject({
    device_name: null,
    app_version: null,
    created_at: wholeSeconds(w.h.clock.now),
    is_active: true,
  })
})

test('R10: a removal leaves the device that another dialect has on the token', async () => {
  const { w, beams } = await withBeams()
  const [person, token] = [newPerson(), newToken()]
  const id = await beams('fcm', token)
  await w.register(person, { token, platform: 'android' })
  await w.remove(person, token)
  expect(await adminDevices(w)).toMatchObject([{ externalId: id, token, active: true }])
})

test('R12: a token that a push service refused is invalid until it is registered again', async () => {
  const w = await openWorkspace()
  const [person, token] = [newPerson(), newToken()]
  const device = await w.register(person, { token, platform: 'ios' })
  // As a sender will record it; this gateway sends nothing here.
  const refuse = statement(sql`UPDATE push_tokens SET state = 'dead' WHERE app_id = ${value('app')}`)
  await w.h.db.commit([call(refuse, { app: w.appId })])
  const [dead] = (await w.list(person, '?is_active=false')).devices
  expect(dead).toEqual({ ...device, is_active: false, is_valid: false })
  const again = await w.register(person, { token, platform: 'ios' })
  expect(again).toMatchObject({ id: device.id, is_active: true, is_valid: true, last_used_at: null })
})

test('R16: equal first registrations at once are one device, one of them 201', async () => {
  const w = await openWorkspace()
  const person = newPerson()
  const body = { token: newToken(), platform: 'ios', device_name: 'iPhone', device_model: 'iPhone16,1' }
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => w.call('POST', people(person), { body })),
  )
  expect(answers.filter(({ status }) => status === 201)).toHaveLength(1)
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(9)
  expect(new Set(answers.map(({ json }) => (json as { id: string }).id)).size).toBe(1)
  expect((await w.list(person)).devices).toMatchObject([{ is_active: true }])
})

test('R16: 20 devices in 4 equal parallel calls each are 20 devices and 80 successes', async () => {
  const w = await openWorkspace()
  const person = newPerson()
  const tokens = Array.from({ length: 20 }, newToken)
  const answers = await Promise.all(
    tokens.flatMap((token) =>
      Array.from({ length: 4 }, () =>
        w.call('POST', people(person), { body: { token, platform: 'android' } }),
      ),
    ),
  )
  expect(answers.filter(({ status }) => status === 200 || status === 201)).toHaveLength(80)
  expect((await w.list(person)).total).toBe(20)
})

test('R16: two persons who register one token at once leave it with one of them', async () => {
  const w = await openWorkspace()
  const [jane, john, token] = [newPerson(), newPerson(), newToken()]
  await Promise.all([jane, john].map((person) => w.register(person, { token, platform: 'ios' })))
  const totals = [(await w.list(jane)).total, (await w.list(john)).total]
  expect(totals.sort()).toEqual([0, 1])
})

test('R18: an APNs token is one device in any case, echoed as it was sent last', async () => {
  const w = await openWorkspace()
  const [person, token] = [newPerson(), hexToken()]
  const first = await w.register(person, { token: token.toUpperCase(), platform: 'ios' })
  expect(first.device_token).toBe(token.toUpperCase())
  const second = await w.register(person, { token, platform: 'ios' })
  expect(second).toMatchObject({ id: first.id, device_token: token })
  expect((await w.remove(person, token.toUpperCase())).status).toBe(204)
})

test('R18: what another dialect sent for the same APNs token is not echoed here', async () => {
  const { w, beams } = await withBeams()
  const [person, token] = [newPerson(), hexToken()]
  await w.register(person, { token: token.toUpperCase(), platform: 'ios' })
  await beams('apns', token, { bundleIdentifier: 'com.example.shop' })
  expect((await w.list(person)).devices).toMatchObject([{ device_token: token.toUpperCase() }])
  const found = await adminDevices(w)
  expect(new Set(found.map((one) => one.token))).toEqual(new Set([token]))
})

test('R18: every other token is compared byte for byte', async () => {
  const w = await openWorkspace()
  const [person, token] = [newPerson(), `Token:${crypto.randomUUID()}`]
  for (const form of [token, token.toLowerCase(), ` ${token}`, `${token} `]) {
    await w.register(person, { token: form, platform: 'android' })
  }
  expect((await w.list(person)).total).toBe(4)
})

test('R19: an empty token is a missing one', async () => {
  const w = await openWorkspace()
  const answer = await w.call('POST', people('jane'), { body: { token: '', platform: 'ios' } })
  expect(expectError(answer, 422, 'validation_error', ['token'])).toEqual({ token: 'is required' })
})

test('R20: the token in another workspace is another device, and each keeps its own', async () => {
  const one = await openWorkspace()
  const two = await openWorkspace({ harness: one.h })
  const [person, token] = [newPerson(), newToken()]
  const first = await one.register(person, { token, platform: 'ios' })
  const answer = await two.call('POST', people(person), { body: { token, platform: 'android' } })
  expect(answer.status).toBe(201)
  expect(answer.json).toMatchObject({ workspace_id: two.workspaceId, platform: 'android' })
  expect((answer.json as { id: string }).id).not.toBe(first.id)
  await two.remove(person, token)
  expect((await one.list(person)).devices).toEqual([first])
})
