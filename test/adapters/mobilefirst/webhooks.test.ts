import { describe, expect, test } from 'vitest'
import { adapters } from '../../../adapters/index.ts'
import { createDelivery } from '../../../src/events/deliver.ts'
import { createOutbound } from '../../../src/outbound/outbound.ts'
import { type Answer, createTenant, type Tenant, unique } from './kit.ts'

const ALL = 'onDeviceRegister, onDeviceUpdate ,onDeviceUnregister,onSubscribe,onUnsubscribe'

interface Received {
  readonly url: string
  readonly body: {
    type: string
    applicationId: string
    eventTimeStamp: number
    entity: Record<string, unknown>
  }
}

/**
 * Delivers to receivers that answer with `answer`; returns the calls since the last time. Calls of other
 * tests are ignored.
 */
function receivers(t: Tenant, answer: (url: string) => Promise<Response> | Response) {
  const received: Received[] = []
  const mine = (url: string) => url.includes(t.app)
  const outbound = createOutbound({
    allowPrivate: false,
    fetch: async (url, init) => {
      if (!mine(url)) return new Response(null, { status: 204 })
      expect(init.method).toBe('POST')
      expect(new Headers(init.headers).get('content-type')).toBe('application/json')
      received.push({ url, body: JSON.parse(String(init.body)) })
      return answer(url)
    },
  })
  const deliver = createDelivery({ adapters, outbound })
  return async () => {
    for (let rounds = 0; rounds < 20 && (await deliver(t.h.gateway)) > 0; rounds++);
    return received.splice(0)
  }
}

const fine = () => new Response(null, { status: 200 })
const hookOf = (t: Tenant, name: string, eventTypes: string) => ({
  name,
  url: `https://hooks.example/${t.app}/${name}`,
  eventTypes,
})

async function hooked(eventTypes = ALL) {
  const t = await createTenant()
  await t.ok('POST', '/webhooks', { body: hookOf(t, 'hook', eventTypes) })
  return t
}

describe('the calls of a webhook', () => {
  test('tell of each event once, with the device as it was', async () => {
    const t = await hooked()
    const look = receivers(t, fine)
    await t.tags('a', 'b')
    const device = await t.device({ userId: 'alice' })
    const { deviceId } = device
    const entity = {
      id: expect.any(String),
      deviceId,
      applicationId: t.app,
      userId: 'alice',
      token: device.token,
      platform: 'A',
    }
    const at = t.h.clock.now.getTime()
    const told = (type: string, of: Record<string, unknown>) => ({
      url: `https://hooks.example/${t.app}/hook`,
      body: { type, applicationId: t.app, eventTimeStamp: at, entity: of },
    })
    expect(await look()).toEqual([told('onDeviceRegister', entity)])

    const { subscriptionId } = await t.ok('POST', '/subscriptions', { body: { deviceId, tagName: 'a' } })
    expect(await look()).toEqual([told('onSubscribe', { device: entity, tagName: 'a', subscriptionId })])

    await t.ok('POST', '/subscriptions', { body: { deviceId, tagNames: ['a', 'b', 'x'] } })
    expect(await look()).toMatchObject([{ body: { type: 'onSubscribe', entity: { tagName: 'b' } } }])

    await t.ok('PUT', `/devices/${deviceId}`, { body: { userId: 'bob' } })
    expect(await look()).toEqual([told('onDeviceUpdate', { ...entity, userId: 'bob' })])

    await t.ok('POST', '/subscriptions?action=delete', { body: { deviceId, tagNames: ['a', 'b'] } })
    const left = await look()
    expect(left.map(({ body }) => [body.type, body.entity.tagName, body.entity.deviceId]).sort()).toEqual([
      ['onUnsubscribe', 'a', deviceId],
      ['onUnsubscribe', 'b', deviceId],
    ])

    const joined = await t.ok('POST', '/subscriptions', { body: { deviceId, tagName: 'a' } })
    await look()
    await t.ok('DELETE', `/subscriptions/${joined.subscriptionId}`)
    expect(await look()).toMatchObject([{ body: { type: 'onUnsubscribe', entity: { tagName: 'a' } } }])

    await t.ok('PUT', `/devices/${deviceId}`, { body: { token: unique('t') } })
    expect(await look()).toMatchObject([{ body: { type: 'onDeviceUpdate' } }])

    await t.ok('DELETE', `/devices/${deviceId}`)
    expect(await look()).toMatchObject([
      { body: { type: 'onDeviceUnregister', entity: { deviceId, userId: 'bob' } } },
    ])
  })

  test('tell nothing of refused requests and of changes that change nothing', async () => {
    const t = await hooked()
    const look = receivers(t, fine)
    const { deviceId, token } = await t.device()
    await look()
    await t.send('POST', '/devices', { body: { deviceId: '', token, platform: 'A' } })
    await t.send('PUT', '/devices/nobody', { body: { userId: 'x' } })
    await t.send('DELETE', '/devices/nobody')
    await t.send('POST', '/subscriptions', { body: { deviceId, tagName: 'none' } })
    await t.send('DELETE', `/subscriptions?deviceId=${deviceId}&tagName=none`)
    await t.ok('PUT', `/devices/${deviceId}`, { body: {} })
    expect(await look()).toEqual([])
  })

  test('tell of a removal by an operator too', async () => {
    const t = await hooked('onDeviceUnregister')
    const look = receivers(t, fine)
    const { deviceId } = await t.device()
    const { devices } = await (await t.h.admin('GET', `/apps/${t.id}/devices`)).json<Answer>()
    await t.h.admin('DELETE', `/apps/${t.id}/devices/${(devices[0] as { id: string }).id}`)
    expect(await look()).toMatchObject([{ body: { type: 'onDeviceUnregister', entity: { deviceId } } }])
  })

  test('that still wait say nothing of a user who was erased', async () => {
    const t = await hooked()
    const look = receivers(t, fine)
    const left = await t.device({ userId: 'alice' })
    await t.device({ userId: 'alice' })
    await t.ok('PUT', `/devices/${left.deviceId}`, { body: { userId: 'bob' } })
    await t.h.admin('DELETE', `/apps/${t.id}/users/alice`)
    expect(await look()).toMatchObject([{ body: { type: 'onDeviceUpdate', entity: { userId: 'bob' } } }])
  })

  test('go to every webhook that chose the event, and to no other', async () => {
    const t = await createTenant()
    const other = await createTenant({ h: t.h })
    const look = receivers(t, fine)
    await t.ok('POST', '/webhooks', { body: hookOf(t, 'one', 'onDeviceRegister') })
    await t.ok('POST', '/webhooks', { body: hookOf(t, 'two', 'onSubscribe,onDeviceRegister') })
    await t.ok('POST', '/webhooks', { body: hookOf(t, 'three', 'onSubscribe') })
    await t.device()
    await other.device()
    expect((await look()).map(({ url }) => url.split('/').at(-1)).sort()).toEqual(['one', 'two'])
  })

  test.each([
    ['answers 500', () => new Response(null, { status: 500 })],
    ['answers 404', () => new Response(null, { status: 404 })],
    [
      'redirects',
      () => new Response(null, { status: 302, headers: { Location: 'https://elsewhere.example/' } }),
    ],
    ['is not reached', () => Promise.reject(new Error('no route'))],
  ])('are made again later where the receiver %s, until one arrives', async (_, answer) => {
    const t = await hooked()
    let down = true
    const look = receivers(t, () => (down ? answer() : fine()))
    const { deviceId } = await t.device()
    expect(await look()).toHaveLength(1)
    expect(await look()).toHaveLength(0)
    t.h.clock.advance(2000)
    expect(await look()).toHaveLength(1)
    down = false
    t.h.clock.advance(3000)
    expect(await look()).toHaveLength(0)
    t.h.clock.advance(1000)
    expect(await look()).toMatchObject([{ body: { entity: { deviceId } } }])
    t.h.clock.advance(86_400_000)
    expect(await look()).toHaveLength(0)
  })

  test('are given up after about a day', async () => {
    const t = await hooked()
    const look = receivers(t, () => new Response(null, { status: 503 }))
    await t.device()
    let calls = 0
    for (let hours = 0; hours < 60; hours++) {
      calls += (await look()).length
      t.h.clock.advance(3_600_000)
    }
    expect(calls).toBe(34)
  })

  test('are made by another deliverer when the one that took them died', async () => {
    const t = await hooked()
    const look = receivers(t, fine)
    await t.device()
    // Never ends, like a call of a killed process.
    await new Promise<void>((begun) => {
      void t.h.gateway.outbox.deliver(() => {
        begun()
        return new Promise(() => {})
      })
    })
    expect(await look()).toHaveLength(0)
    t.h.clock.advance(60_000)
    expect(await look()).toHaveLength(1)
  })

  test('are made once by deliverers that run at once', async () => {
    const t = await hooked()
    const calls: string[] = []
    const send = async ({ url }: { url: string }) => {
      if (url.includes(t.app)) calls.push(url)
      return true
    }
    for (let i = 0; i < 5; i++) await t.device()
    await Promise.all(Array.from({ length: 4 }, () => t.h.gateway.outbox.deliver(send)))
    expect(calls).toHaveLength(5)
  })

  test('that still wait go with the user whose data they hold', async () => {
    const t = await hooked()
    const look = receivers(t, fine)
    await t.device({ userId: 'alice' })
    await t.device({ userId: 'bob' })
    await t.h.admin('DELETE', `/apps/${t.id}/users/alice`)
    expect(await look()).toMatchObject([{ body: { entity: { userId: 'bob' } } }])
  })

  test('follow a change of the webhook at once, and end with it', async () => {
    const t = await hooked('onDeviceRegister')
    let down = true
    const look = receivers(t, () => (down ? new Response(null, { status: 500 }) : fine()))
    await t.device()
    expect(await look()).toHaveLength(1)
    down = false
    const url = `https://hooks.example/${t.app}/moved`
    await t.ok('PUT', '/webhooks/hook', { body: { url } })
    t.h.clock.advance(60_000)
    expect(await look()).toMatchObject([{ url }])

    down = true
    await t.device()
    expect(await look()).toHaveLength(1)
    await t.ok('DELETE', '/webhooks/hook')
    t.h.clock.advance(60_000)
    expect(await look()).toHaveLength(0)
    await t.device()
    expect(await look()).toHaveLength(0)
  })

  test('never go to a private address', async () => {
    const t = await createTenant({ env: { ALLOW_PRIVATE_TARGETS: 'on' } })
    const look = receivers(t, fine)
    const body = { ...hookOf(t, 'hook', ALL), url: `http://127.0.0.1:9/${t.app}` }
    await t.ok('POST', '/webhooks', { body })
    await t.device()
    expect(await look()).toHaveLength(0)
  })
})

describe('a webhook', () => {
  test('is created, read, listed, changed by either address, and deleted', async () => {
    const t = await createTenant()
    const body = { name: 'hook', url: 'https://hooks.example/a', eventTypes: 'onDeviceRegister, onSubscribe' }
    const shown = {
      ...body,
      eventTypes: 'onDeviceRegister,onSubscribe',
      href: `http://gateway.test/imfpush/v1/apps/${t.app}/webhooks/hook`,
    }
    const made = await t.send('POST', '/webhooks', { body })
    expect([made.status, await made.json<Answer>()]).toEqual([201, shown])
    expect(await t.ok('GET', '/webhooks/hook')).toEqual(shown)
    expect(await t.ok('GET', '/webhooks')).toMatchObject({ webhooks: [shown], pageInfo: { count: '1' } })
    const url = 'https://hooks.example/b'
    expect(await t.ok('PUT', '/webhooks/hook', { body: { url } })).toEqual({ ...shown, url })
    const early = { name: 'hook', eventTypes: 'onNotificationStatusChange,onNotificationFailure' }
    expect(await t.ok('PUT', '/webhooks', { body: early })).toMatchObject({ url, ...early })
    const again = await t.send('POST', '/webhooks', { body })
    expect([again.status, (await again.json<Answer>()).code]).toEqual([409, 'FPWSE0002E'])
    expect((await t.send('DELETE', '/webhooks/hook')).status).toBe(204)
    for (const [method, path] of [
      ['GET', '/webhooks/hook'],
      ['DELETE', '/webhooks/hook'],
      ['PUT', '/webhooks/hook'],
    ] as const) {
      expect((await t.send(method, path, method === 'PUT' ? { body: { url } } : {})).status).toBe(404)
    }
  })

  test.each([
    ['no name', { name: undefined }, 'name'],
    ['no URL', { url: undefined }, 'url'],
    ['a URL that is none', { url: 'hooks' }, 'url'],
    ['a URL of another kind', { url: 'ftp://hooks.example/' }, 'url'],
    ['a URL with a password', { url: 'https://a:b@hooks.example/' }, 'url'],
    ['loopback', { url: 'http://127.0.0.1/' }, 'url'],
    ['loopback in another form', { url: 'http://0x7f.1/' }, 'url'],
    ['loopback of version 6', { url: 'http://[::1]/' }, 'url'],
    ['loopback in a mapped form', { url: 'http://[::ffff:127.0.0.1]/' }, 'url'],
    ['a private network', { url: 'http://10.1.2.3/' }, 'url'],
    ['a link-local address', { url: 'http://169.254.169.254/latest' }, 'url'],
    ['localhost', { url: 'http://localhost:3000/' }, 'url'],
    ['an internal name', { url: 'http://metadata.google.internal/' }, 'url'],
    ['no events', { eventTypes: undefined }, 'eventTypes'],
    ['an empty list of events', { eventTypes: '' }, 'eventTypes'],
    ['an unknown event', { eventTypes: 'onDeviceRegister,onDance' }, 'eventTypes'],
    ['events as an array', { eventTypes: ['onSubscribe'] }, 'eventTypes'],
  ])('is refused with %s', async (_, more, named) => {
    const t = await createTenant()
    const answer = await t.send('POST', '/webhooks', { body: { ...hookOf(t, 'hook', ALL), ...more } })
    expect(answer.status).toBe(400)
    expect((await answer.json<Answer>()).message).toContain(`"${named}"`)
    expect(await t.ok('GET', '/webhooks')).toMatchObject({ webhooks: [] })
  })

  test('cannot be renamed', async () => {
    const t = await hooked()
    expect((await t.send('PUT', '/webhooks/hook', { body: { name: 'other' } })).status).toBe(400)
    expect((await t.send('GET', '/webhooks/hook')).status).toBe(200)
  })

  test('of another application is neither shown nor changed', async () => {
    const t = await hooked()
    const other = await createTenant({ h: t.h })
    expect((await other.send('GET', '/webhooks/hook')).status).toBe(404)
    expect((await other.send('DELETE', '/webhooks/hook')).status).toBe(404)
    expect(await other.ok('GET', '/webhooks')).toMatchObject({ webhooks: [] })
  })
})
