import { describe, expect, test } from 'vitest'
import type { Advance } from '../../../src/store/contract/messages.ts'
import type { Store } from '../../../src/store/store.ts'
import { type Answer, createTenant, type Sent, type Tenant, V1 } from './kit.ts'
import { androidSigner, createPhone } from './phone.ts'
import { kept, sent } from './sending-kit.ts'

const hello = { message: { alert: 'hello' } }

async function secretOf(t: Tenant, kind: 'appSecret' | 'clientSecret'): Promise<string> {
  const added = await t.h.admin('POST', `/apps/${t.id}/credentials`, { dialect: 'mobilefirst', kind })
  return (await added.json<{ secret: string }>()).secret
}

describe('a message', () => {
  test('is answered 202 with what was sent, an id of up to eight letters and digits, and its address', async () => {
    const t = await createTenant()
    const body = {
      message: { alert: 'hello', url: 'https://example.com', more: 1 },
      target: { tagNames: ['a'] },
      settings: { gcm: { priority: 'HIGH', unknown: 1 } },
      more: null,
    }
    const answer = await t.send('POST', '/messages', { body })
    expect(answer.status).toBe(202)
    const { messageId, ...rest } = await answer.json<Record<string, unknown>>()
    expect(messageId).toMatch(/^[A-Za-z0-9]{1,8}$/)
    expect(rest).toEqual({
      message: {
        message: { alert: 'hello', url: 'https://example.com' },
        target: body.target,
        settings: body.settings,
      },
    })
    const location = answer.headers.get('location') ?? ''
    expect(location).toBe(`http://gateway.test${V1}/apps/${t.app}/messages/${messageId}`)
    expect(await t.ok('GET', `/messages/${messageId}`)).toMatchObject({ alert: 'hello', messageId })
  })

  test('needs nobody who gets it, and no push service', async () => {
    const t = await createTenant()
    const body = { ...hello, target: { deviceIds: ['nobody'] } }
    expect((await t.send('POST', '/messages', { body })).status).toBe(202)
  })

  test('is only checked where that is asked', async () => {
    const t = await createTenant()
    const { messageId } = await t.ok('POST', '/messages', { body: { ...hello, validate: true } })
    expect(await kept(t, messageId)).toBeNull()
    const bad = await t.send('POST', '/messages', { body: { message: {}, validate: true } })
    expect(bad.status).toBe(400)
  })

  test('says what had no effect to operators', async () => {
    const t = await createTenant()
    const settings = {
      apns: { badge: 1, colour: 'red', sound: null },
      gcm: { priority: 'urgent', delayWhileIdle: true },
      safariWeb: { title: 'x' },
    }
    expect((await sent(t, { ...hello, extra: 1, settings })).ignored).toEqual([
      'extra',
      'settings.apns.colour',
      'settings.gcm.priority',
      'settings.gcm.delayWhileIdle',
      'settings.safariWeb.title',
    ])
  })

  test('can be forgotten once: 204, then 404 everywhere', async () => {
    const t = await createTenant()
    const { externalId } = await sent(t, hello)
    const path = `/messages/${externalId}`
    expect((await t.send('DELETE', path)).status).toBe(204)
    for (const [method, of] of [
      ['DELETE', path],
      ['GET', path],
      ['GET', `${path}/status`],
    ] as const) {
      const answer = await t.send(method, of)
      expect([method, of, answer.status]).toEqual([method, of, 404])
      expect(await answer.json<Answer>()).toMatchObject({ code: 'FPWSE0001E' })
    }
  })

  test('is only found in its own application', async () => {
    const t = await createTenant()
    const other = await createTenant({ h: t.h })
    const { externalId } = await sent(t, hello)
    expect((await other.send('GET', `/messages/${externalId}`)).status).toBe(404)
    expect((await other.send('DELETE', `/messages/${externalId}`)).status).toBe(404)
    expect(await kept(t, externalId)).not.toBeNull()
  })

  const waiting = { provider: 'fcm', tokens: ['t'], dueAt: new Date(0) } as const
  const settled = (outcome: 'accepted' | 'unconfigured') =>
    ({ provider: 'fcm', platform: 'android', outcome, hour: 0, count: 1 }) as const
  test.each<[string, string, Partial<Advance> | null]>([
    ['while its audience is looked up', 'Processing', null],
    ['while it is sent', 'Dispatching', { pages: [waiting] }],
    ['when all is over', 'Dispatched', { settled: [settled('accepted'), settled('unconfigured')] }],
    ['when nobody was meant', 'Dispatched', {}],
    ['when no push service took it', 'Failed', { settled: [settled('unconfigured')] }],
  ])('has a status in the vendor’s words: %s it is %s', async (_, status, step) => {
    let store: Store | undefined
    const t = await createTenant({ store: (real) => (store = real) })
    const message = await sent(t, hello)
    if (step) {
      const start = { part: 0, after: '' }
      const run = { id: message.id, appId: t.id, priority: message.priority, run: 0, next: null }
      const whole = { ...run, from: start, to: start, done: true, audience: {}, pages: [], settled: [] }
      expect(await store?.messages.advance({ ...whole, ...step }, t.h.clock.now)).toBe(true)
    }
    expect(await t.ok('GET', `/messages/${message.externalId}/status`)).toEqual({
      messageId: message.externalId,
      status,
    })
  })

  test('that an operator cancelled has no status the vendor knows', async () => {
    const t = await createTenant()
    const { externalId } = await sent(t, hello)
    const app = await t.h.gateway.apps.find('mobilefirst', t.app)
    if (!app) throw new Error('no app')
    expect(await t.h.gateway.messages.cancel({ app, externalId })).toBe('cancelled')
    expect(await t.ok('GET', `/messages/${externalId}/status`)).toMatchObject({ status: 'Unknown' })
  })

  test('is refused by a disabled application, which keeps those it has', async () => {
    const t = await createTenant()
    const { externalId } = await sent(t, hello)
    await t.ok('PUT', '/status', { body: { enabled: false } })
    for (const [path, body] of [
      ['/messages', hello],
      ['/messages/bulk', [hello]],
    ] as const) {
      const answer = await t.send('POST', path, { body })
      expect([path, answer.status, (await answer.json<Answer>()).code]).toEqual([path, 403, 'FPWSE1007E'])
    }
    expect((await t.send('GET', `/messages/${externalId}`)).status).toBe(200)
  })
})

describe('the target of a message', () => {
  const all = { all: true }
  test.each<[string, unknown, object]>([
    ['absent', undefined, { to: all }],
    ['null', null, { to: all }],
    ['empty', {}, { to: all }],
    ['with null members alone', { deviceIds: null, userIds: null }, { to: all }],
    ['devices', { deviceIds: ['d1', 'd2'], tagNames: null }, { to: { devices: ['d1', 'd2'] } }],
    ['users', { userIds: ['u'] }, { to: { users: ['u'] } }],
    ['users by the old name', { consumerIds: ['u'] }, { to: { users: ['u'] } }],
    ['tags', { tagNames: ['a', 'b'] }, { to: { topics: ['a', 'b'] } }],
    ['the tag of everybody', { tagNames: ['a', 'Push.ALL'] }, { to: all }],
    ['platforms', { platforms: ['A', 'WEB_CHROME'] }, { to: all, platformNames: ['A', 'WEB_CHROME'] }],
    ['platforms in one text', { platforms: 'A,G' }, { to: all, platformNames: ['A', 'G'] }],
    ['platforms in one element', { platforms: ['A, G'] }, { to: all, platformNames: ['A', 'G'] }],
    ['no device', { deviceIds: [] }, { to: { devices: [] } }],
    ['no user', { userIds: [] }, { to: { users: [] } }],
    ['no tag', { tagNames: [] }, { to: { topics: [] } }],
    ['no platform', { platforms: [] }, { to: { devices: [] } }],
    ['a phone number', { phoneNumber: ['+491'] }, { to: { devices: [] } }],
  ])('%s', async (_, target, audience) => {
    const t = await createTenant()
    expect((await sent(t, { ...hello, target })).audience).toEqual(audience)
  })
})

describe('a message is refused with 400', () => {
  test.each<[string, unknown, string]>([
    ['without a message', {}, 'message'],
    ['with a text as message', { message: 'hello' }, 'message'],
    ['without an alert', { message: { url: 'x' } }, 'alert'],
    ['with a number as alert', { message: { alert: 7 } }, 'alert'],
    ['with an alert that cannot be kept', { message: { alert: '\ud800' } }, 'alert'],
    ['with a URL that is no text', { message: { alert: 'x', url: 7 } }, 'url'],
    ['of an unknown type', { ...hello, notificationType: 4 }, 'notificationType'],
    ['to a list', { ...hello, target: ['x'] }, 'target'],
    ['to two kinds', { ...hello, target: { deviceIds: ['d'], tagNames: ['a'] } }, 'target'],
    ['to two kinds, one of them empty', { ...hello, target: { deviceIds: [], userIds: ['u'] } }, 'target'],
    ['to devices in a text', { ...hello, target: { deviceIds: 'd' } }, 'deviceIds'],
    ['to users that are numbers', { ...hello, target: { userIds: [7] } }, 'userIds'],
    ['to too many devices', { ...hello, target: { deviceIds: Array(1001).fill('d') } }, 'deviceIds'],
    ['to an unknown platform', { ...hello, target: { platforms: ['A', 'M'] } }, 'platforms'],
    ['with settings in a text', { ...hello, settings: 'x' }, 'settings'],
    ['with a list for iOS', { ...hello, settings: { apns: ['x'] } }, 'apns'],
    ['with a badge that is no number', { ...hello, settings: { apns: { badge: 'x' } } }, 'badge'],
    ['with a negative life', { ...hello, settings: { gcm: { timeToLive: -1 } } }, 'timeToLive'],
    ['with a payload that is no JSON', { ...hello, settings: { gcm: { payload: 'x' } } }, 'payload'],
    ['with a style in a text', { ...hello, settings: { gcm: { style: 'x' } } }, 'style'],
    [
      'with a payload that cannot be kept',
      { ...hello, settings: { gcm: { payload: { a: '\ud800' } } } },
      'settings',
    ],
    ['with a title that is no text', { ...hello, settings: { apns: { title: {} } } }, 'title'],
  ])('%s; alone and in a bulk, whose others are not sent', async (_, body, name) => {
    let store: Store | undefined
    const t = await createTenant({ store: (real) => (store = real) })
    for (const [path, whole] of [
      ['/messages', body],
      ['/messages/bulk', [hello, body]],
    ] as const) {
      const answer = await t.send('POST', path, { body: whole })
      expect(answer.status).toBe(400)
      const { code, message } = await answer.json<Answer>()
      expect([code, message]).toEqual(['FPWSE0005E', expect.stringContaining(`"${name}"`)])
    }
    const page = await store?.messages.list(t.id, null, { after: null, limit: 10 })
    expect(page?.items).toEqual([])
  })
})

describe('a bulk', () => {
  test('is answered 202 with an object whose messages are in order', async () => {
    const t = await createTenant()
    const alerts = ['one', 'two', 'three']
    const body = alerts.map((alert) => ({ message: { alert } }))
    const answer = await t.send('POST', '/messages/bulk', { body })
    expect(answer.status).toBe(202)
    const { messages, ...rest } = await answer.json<{ messages: Record<string, string>[] }>()
    expect(rest).toEqual({})
    expect(messages).toEqual(
      alerts.map((alert) => ({
        alert,
        messageId: expect.stringMatching(/^[A-Za-z0-9]{1,8}$/),
        createdTime: '2026-11-25T12:00:00Z',
        href: expect.stringContaining(`${V1}/apps/${t.app}/messages/`),
      })),
    )
    for (const one of messages) {
      expect(await t.ok('GET', `/messages/${one.messageId}`)).toEqual(one)
    }
  })

  test('is answered with the times that are read later, although the clock goes on meanwhile', async () => {
    const accepted = { later: () => {} }
    const t = await createTenant({
      store: (real) => ({
        ...real,
        messages: {
          ...real.messages,
          async accept(...of) {
            const stored = await real.messages.accept(...of)
            accepted.later()
            return stored
          },
        },
      }),
    })
    accepted.later = () => t.h.clock.advance(1000)
    const { messages } = await t.ok('POST', '/messages/bulk', { body: [hello] })
    const [one] = messages as Record<string, string>[]
    expect(await t.ok('GET', `/messages/${one?.messageId}`)).toEqual(one)
  })

  test.each<[string, unknown, number, string]>([
    ['an empty list', [], 400, 'FPWSE0005E'],
    ['an object', { messages: [] }, 400, 'FPWSE0013E'],
    ['no JSON', '[', 400, 'FPWSE0004E'],
    ['a text in the list', ['x'], 400, 'FPWSE0013E'],
    ['more than are taken at once', Array(301).fill(hello), 413, 'REQUEST_TOO_LARGE'],
  ])('of %s is refused', async (_, body, status, code) => {
    const t = await createTenant()
    const headers = { 'Content-Type': 'application/json' }
    const answer = await t.send('POST', '/messages/bulk', { body, headers })
    expect([answer.status, (await answer.json<Answer>()).code]).toEqual([status, code])
  })
})

describe('who may do what with messages', () => {
  const calls: readonly (readonly [string, string, Sent['body'] | undefined])[] = [
    ['POST', '/messages', hello],
    ['POST', '/messages/bulk', [hello]],
    ['GET', '/messages/x', undefined],
    ['GET', '/messages/x/status', undefined],
    ['DELETE', '/messages/x', undefined],
  ]
  const scopeOf = (method: string) => (method === 'GET' ? 'messages.read' : 'messages.write')
  const found = (method: string) => (method === 'POST' ? 202 : 404)

  test.each(calls)('%s %s needs its scope', async (method, path, body) => {
    const t = await createTenant()
    const wanted = scopeOf(method)
    const other = wanted === 'messages.read' ? 'messages.write' : 'messages.read'
    const refused = await t.send(method, path, { body, token: await t.token(`${other} devices.write`) })
    expect(refused.status).toBe(403)
    expect(refused.headers.get('www-authenticate')).toBe(
      `Bearer error="insufficient_scope", scope="RegisteredClient ${wanted} push.application.${t.app}"`,
    )
    expect((await t.send(method, path, { body, token: null })).status).toBe(401)
    const allowed = await t.send(method, path, { body, token: await t.token(wanted) })
    expect(allowed.status).toBe(found(method))
  })

  test.each(calls)('%s %s is open to the app’s secret, and to no other', async (method, path, body) => {
    const t = await createTenant()
    const appSecret = await secretOf(t, 'appSecret')
    const clientSecret = await secretOf(t, 'clientSecret')
    const status = async (headers: Record<string, string>) =>
      (await t.send(method, path, { body, token: null, headers })).status
    expect(await status({ appSecret })).toBe(found(method))
    expect(await status({ appSecret: 'made-up' })).toBe(401)
    expect(await status({ clientSecret })).toBe(403)
  })

  test.each(calls)('%s %s is not open to an app on a device', async (method, path, body) => {
    const t = await createTenant()
    const phone = await createPhone(t.h, t.app, androidSigner())
    const token = await phone.token('push.mobileclient')
    expect((await t.send(method, path, { body, token })).status).toBe(403)
  })

  test.each(calls)('%s %s looks at Accept, and at the type of a body', async (method, path, body) => {
    const t = await createTenant()
    const headers = { Accept: 'text/html' }
    expect((await t.send(method, path, { body, headers })).status).toBe(406)
    if (method !== 'POST') return
    const typed = { 'Content-Type': 'text/plain' }
    expect((await t.send(method, path, { body: JSON.stringify(body), headers: typed })).status).toBe(405)
  })
})

describe('a receipt of a device', () => {
  async function setUp() {
    const t = await createTenant()
    const message = await sent(t, hello)
    const report = async () => {
      const found = await t.h.gateway.messages.report(t.id, message.id)
      return found && { delivered: found.delivered, opened: found.opened }
    }
    return { t, report, path: `/messages/${message.externalId}` }
  }

  test('is counted once for each kind, by a token of the device and by the secret of its SDK', async () => {
    const { t, path, report } = await setUp()
    const phone = await createPhone(t.h, t.app, androidSigner())
    const token = await phone.token('push.mobileclient')
    const { deviceId } = phone
    await t.device({ deviceId, platform: 'G' })
    const put = async (status: unknown, sentBy: Sent) =>
      (await t.send('PUT', path, { body: { deviceId, status }, ...sentBy })).status
    expect(await put('SEEN', { token })).toBe(200)
    expect(await put('seen', { token })).toBe(200)
    expect(await report()).toEqual({ delivered: 1, opened: 0 })
    const headers = { clientSecret: await secretOf(t, 'clientSecret') }
    expect(await put('Open', { token: null, headers })).toBe(200)
    expect(await report()).toEqual({ delivered: 1, opened: 1 })
    expect(await put('OPEN', { token: null, headers: { clientSecret: 'made-up' } })).toBe(401)
  })

  test('of another device than the token’s is refused', async () => {
    const { t, path, report } = await setUp()
    const { deviceId } = await t.device()
    const phone = await createPhone(t.h, t.app, androidSigner())
    const token = await phone.token('push.mobileclient')
    expect((await t.send('PUT', path, { body: { deviceId, status: 'SEEN' }, token })).status).toBe(403)
    expect(await report()).toEqual({ delivered: 0, opened: 0 })
  })

  test('is refused for what is unknown or not said', async () => {
    const { t, path } = await setUp()
    const { deviceId } = await t.device()
    const put = async (body: unknown, at = path) => {
      const answer = await t.send('PUT', at, { body })
      return [answer.status, (await answer.json<Answer>()).code]
    }
    expect(await put({ deviceId, status: 'SEEN' }, '/messages/nothing')).toEqual([404, 'FPWSE0001E'])
    expect(await put({ deviceId: 'nobody', status: 'SEEN' })).toEqual([404, 'FPWSE0001E'])
    expect(await put({ deviceId, status: 'READ' })).toEqual([400, 'FPWSE0005E'])
    expect(await put({ deviceId })).toEqual([400, 'FPWSE0005E'])
    expect(await put({ status: 'SEEN' })).toEqual([400, 'FPWSE0005E'])
  })
})
