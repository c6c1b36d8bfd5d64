import { describe, expect, test } from 'vitest'
import { backendless } from '../../../adapters/backendless/index.ts'
import { adapters } from '../../../adapters/index.ts'
import { createHarness } from '../../harness/harness.ts'
import { binaryCall, dto, readAnswer } from './amf/calls.ts'
import { newPhone, openTenant, refusalOf } from './tenant.ts'

const PROBLEM = 'application/problem+json'
const AMF = { 'Content-Type': 'application/x-amf' }

describe('the path of an app and a key', () => {
  test.each(['/', '//', '///'])('begins behind %s', async (slashes) => {
    const t = await openTenant()
    const body = { ...newPhone(), os: 'IOS' }
    const path = `${slashes}${t.id}/${t.keys.rest}/messaging/registrations`
    expect((await t.h.request('POST', path, { body })).status).toBe(200)
  })

  test.each([
    'messaging/registrations',
    'messaging/registrations/D',
    'messaging/pushtemplates/ios',
    'binary',
    'info',
    'data/DeviceRegistration/find',
    'users/login',
  ])('with an unknown application id, …/%s is a wrong application', async (rest) => {
    const t = await openTenant()
    const path = `/${crypto.randomUUID().toUpperCase()}/${t.keys.rest}/${rest}`
    for (const method of ['GET', 'POST', 'DELETE']) {
      expect(await refusalOf(await t.h.request(method, path))).toEqual([400, 2002])
    }
  })

  test.each(['messaging/registrations', 'binary', 'info', 'data/Person'])(
    'with a first segment that is no application id at all, …/%s is a wrong application too',
    async (rest) => {
      const h = await createHarness()
      expect(await refusalOf(await h.request('GET', `/nobody/key/${rest}`))).toEqual([400, 2002])
    },
  )

  test.each([
    ['a wrong key', (id: string) => [id, 'WRONG']],
    ['an empty key', (id: string) => [id, '']],
    ['the id in lower case', (id: string, key: string) => [id.toLowerCase(), key]],
    ['the key in upper case', (id: string, key: string) => [id, key.toUpperCase()]],
  ])('%s is a wrong application', async (_, change) => {
    const t = await openTenant()
    const [id, key] = change(t.id, t.keys.rest)
    for (const rest of ['messaging/registrations/D', 'info', 'users/login']) {
      expect(await refusalOf(await t.h.request('GET', `/${id}/${key}/${rest}`))).toEqual([400, 2002])
    }
    const body = binaryCall('refreshDeviceToken', ['D', 'T'])
    const response = await t.h.request('POST', `/${id}/${key}/binary`, { headers: AMF, body })
    expect(await refusalOf(response)).toEqual([400, 2002])
  })

  test("another app's key is wrong, and its devices are out of reach", async () => {
    const t = await openTenant()
    const other = await openTenant({}, t.h)
    const phone = newPhone()
    await t.register(phone)
    expect(await other.read(phone.deviceId)).toBe(5000)
    const path = `/${t.id}/${other.keys.rest}/messaging/registrations/${phone.deviceId}`
    expect(await refusalOf(await t.h.request('GET', path))).toEqual([400, 2002])
  })

  test('wrong keys are never counted: they ship in apps', async () => {
    const t = await openTenant({}, { env: { RATE_LIMIT: 'on' } })
    const path = `/${t.id}/WRONG/messaging/registrations/D`
    for (let n = 0; n < 120; n++) {
      expect(await refusalOf(await t.h.request('GET', path))).toEqual([400, 2002])
    }
  })
})

describe('other dialects and the house', () => {
  const TAKEN = [
    ['GET', '/healthz', 200, 'application/json'],
    ['GET', '/readyz', 200, 'application/json'],
    ['GET', '/admin/v1/info', 401, PROBLEM],
    ['GET', '/admin/v1/binary', 401, PROBLEM],
    ['GET', '/admin/messaging/binary', 404, PROBLEM],
    ['GET', '/nope', 404, PROBLEM],
    ['GET', '/nope/nope', 404, PROBLEM],
    ['GET', '/nope/nope/nope', 404, PROBLEM],
    ['GET', '/', 404, PROBLEM],
  ] as const
  test.each(TAKEN)('%s %s is not claimed', async (method, path, status, type) => {
    const h = await createHarness()
    const response = await h.request(method, path)
    expect([response.status, response.headers.get('Content-Type')]).toEqual([status, type])
  })

  const bases = adapters.flatMap(({ name, bases }) => (name === 'backendless' ? [] : bases))
  test.each(bases)('%s keeps paths of every form', async (base) => {
    const h = await createHarness()
    for (const path of ['/x/messaging', '/messaging/registrations', '/binary', '/x/info', '/x/binary']) {
      await h.request('GET', `${base}${path}`)
      expect(h.log.at(-1)?.dialect).not.toBe('backendless')
      expect(h.log.at(-1)?.route).not.toMatch(/^\/~/)
    }
  })

  test.each([
    ['named', '/~backendless/messaging/registrations'],
    ['named with a slash more', '//~backendless/messaging/registrations'],
    ['in escapes', '/%7Ebackendless/info'],
    ['alone', '/~backendless'],
    ['of nobody', '/~other/x/messaging'],
  ])('the internal base is not there from outside, %s', async (_, path) => {
    const host = `app-${crypto.randomUUID()}.example.com`
    const t = await openTenant({ domains: [{ host, key: 'rest' }], v3: true })
    const headers = { Host: host, 'application-id': t.id, 'secret-key': t.keys.rest }
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const response = await t.h.request(method, path, { headers })
      expect([response.status, response.headers.get('Content-Type')]).toEqual([404, PROBLEM])
    }
  })

  test('the fast router is not given up for this dialect', async () => {
    const t = await openTenant({}, { adapters: [backendless] })
    await t.register(newPhone())
    expect((t.h.app.router as { name: string }).name).toBe('SmartRouter + RegExpRouter')
  })
})

describe('a domain of its own', () => {
  const hostFor = () => `app-${crypto.randomUUID()}.example.com`
  const at = (host: string) => ({ Host: host })

  test.each([
    ['rest', 'object'],
    ['js', 'array'],
    [undefined, 'array'],
  ])('bound to a key for %s it answers an %s', async (key, shape) => {
    const host = hostFor()
    const t = await openTenant({ domains: [{ host, ...(key && { key }) }] })
    const phone = newPhone()
    const path = '/api/messaging/registrations'
    const body = { ...phone, os: 'IOS' }
    expect((await t.h.request('POST', path, { headers: at(host), body })).status).toBe(200)
    const read = await t.h.request('GET', `${path}/${phone.deviceId}`, { headers: at(host) })
    const one = expect.objectContaining({ deviceId: phone.deviceId })
    expect(await read.json()).toEqual(shape === 'array' ? [one] : one)
  })

  test.each([
    ['with a port', (host: string) => `${host}:8443`],
    ['in upper case', (host: string) => host.toUpperCase()],
    ['with a dot behind', (host: string) => `${host}.`],
  ])('is found %s', async (_, change) => {
    const host = hostFor()
    const t = await openTenant({ domains: [{ host, key: 'js' }] })
    const response = await t.h.request('GET', '/api/info', { headers: at(change(host)) })
    expect(await response.json()).toMatchObject({ appId: t.id })
  })

  test('serves every call of the dialect below /api, behind a doubled slash too', async () => {
    const host = hostFor()
    const t = await openTenant({ domains: [{ host, key: 'android' }] })
    const phone = newPhone()
    const response = await t.h.request('POST', '//api/binary', {
      headers: { ...at(host), ...AMF },
      body: binaryCall('registerDevice', [dto(phone)]),
    })
    expect(readAnswer(new Uint8Array(await response.arrayBuffer())).fault).toBeNull()
    const body = { where: `deviceId='${phone.deviceId}'` }
    const rows = await t.h.request('POST', '/api/data/DeviceRegistration/find', { headers: at(host), body })
    expect(await rows.json()).toMatchObject([{ deviceId: phone.deviceId, channelName: 'default' }])
    const templates = await t.h.request('GET', '/api/messaging/pushtemplates/ios', { headers: at(host) })
    expect(await templates.json()).toEqual({})
    const other = await t.h.request('POST', '/api/users/login', { headers: at(host), body: {} })
    expect(await refusalOf(other)).toEqual([404, 404])
  })

  test.each(['messaging/registrations', 'binary', 'info', 'data/DeviceRegistration/find'])(
    'that is bound to no app has no /api/%s',
    async (rest) => {
      const h = await createHarness()
      const response = await h.request('POST', `/api/${rest}`, { headers: at(hostFor()), body: {} })
      expect(await refusalOf(response)).toEqual([400, 2002])
    },
  )

  test('that is bound to no app has nothing else below /api that would be this dialect’s', async () => {
    const h = await createHarness()
    const response = await h.request('GET', '/api/users/login', { headers: at(hostFor()) })
    expect([response.status, response.headers.get('Content-Type')]).toEqual([404, PROBLEM])
    expect(h.log.at(-1)?.dialect).toBeNull()
  })

  test('belongs to one app', async () => {
    const host = hostFor()
    const t = await openTenant({ domains: [{ host, key: 'js' }] })
    const dialects = { backendless: { domains: [{ host }] } }
    expect((await t.h.admin('POST', '/apps', { name: 'other', dialects })).status).toBe(409)
  })

  test('does not name its app in a path', async () => {
    const host = hostFor()
    const t = await openTenant({ domains: [{ host, key: 'rest' }] })
    const path = `/host:${host}/${t.keys.rest}/messaging/registrations/D`
    expect(await refusalOf(await t.h.request('GET', path))).toEqual([400, 2002])
  })
})

describe('v3', () => {
  const presented = (t: { id: string; keys: { rest: string } }, type?: string) => ({
    'application-id': t.id,
    'secret-key': t.keys.rest,
    ...(type && { 'application-type': type }),
  })

  test.each([
    ['v1', 'REST', 'object'],
    ['v1', 'JS', 'array'],
    ['v1', undefined, 'object'],
    ['1.0-beta', 'REST', 'object'],
  ])('version %s, application type %s: an %s', async (version, type, shape) => {
    const t = await openTenant({ v3: true })
    const phone = newPhone()
    const headers = presented(t, type)
    const path = `/${version}/messaging/registrations`
    const registered = await t.h.request('POST', path, { headers, body: { ...phone, os: 'IOS' } })
    expect(await registered.json()).toEqual({ registrationId: expect.stringMatching(/::default$/) })
    const read = await t.h.request('GET', `${path}/${phone.deviceId}`, { headers })
    const one = expect.objectContaining({ deviceId: phone.deviceId })
    expect(await read.json()).toEqual(shape === 'array' ? [one] : one)
    const gone = await t.h.request('DELETE', `${path}/${phone.deviceId}`, { headers })
    expect(await gone.json()).toEqual({ result: true })
  })

  test('takes the app of a binary call from the message, and its arguments behind id and version', async () => {
    const t = await openTenant({ v3: true })
    const phone = newPhone()
    const headers = { 'application-id': t.id, 'secret-key': t.keys.android }
    const call = async (operation: string, ...args: Parameters<typeof binaryCall>[1]) => {
      const body = binaryCall(operation, [t.id, 'v1', ...args], { headers })
      const response = await t.h.request('POST', '/v1/binary', { headers: AMF, body })
      return readAnswer(new Uint8Array(await response.arrayBuffer()))
    }
    expect((await call('registerDevice', dto(phone))).value).toMatch(/^[0-9A-F-]{36}::default$/)
    const [device] = await t.devices()
    expect(device).toMatchObject({ externalId: phone.deviceId })
    const read = await call('getDeviceRegistrationByDeviceId', phone.deviceId)
    expect(read.value).toMatchObject({ kind: 'object' })
    expect((await call('unregisterDevice', phone.deviceId)).value).toBe(true)
    expect((await call('unregisterDevice', phone.deviceId)).fault).toBe('5001')
  })

  test.each([
    ['an app without v3', false, {}],
    ['a wrong key', true, { 'secret-key': 'WRONG' }],
    ['an unknown app', true, { 'application-id': 'nobody' }],
  ])('refuses %s', async (_, v3, wrong) => {
    const t = await openTenant({ v3 })
    const headers = { ...presented(t, 'REST'), ...wrong }
    const response = await t.h.request('GET', '/v1/messaging/registrations/D', { headers })
    expect(await refusalOf(response)).toEqual([400, 2002])
    const body = binaryCall('unregisterDevice', [t.id, 'v1', 'D'], { headers })
    const binary = await t.h.request('POST', '/v1/binary', { headers: AMF, body })
    expect(await refusalOf(binary)).toEqual([400, 2002])
  })

  test('without an application id the path is nobody’s', async () => {
    const h = await createHarness()
    const response = await h.request('GET', '/v1/messaging/registrations/D')
    expect([response.status, response.headers.get('Content-Type')]).toEqual([404, PROBLEM])
  })
})
