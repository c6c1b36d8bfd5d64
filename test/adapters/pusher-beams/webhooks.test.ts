import { describe, expect, test } from 'vitest'
import { outsideFetch } from '#runtime'
import { adapters } from '../../../adapters/index.ts'
import { createDelivery } from '../../../src/events/deliver.ts'
import { createOutbound } from '../../../src/outbound/outbound.ts'
import { laneDeps } from '../../contract/provider-kit.ts'
import { openFcm } from '../../delivery/fcm/kit.ts'
import { fcmError } from '../../fixtures/push-services/fcm.ts'
import { createHarness } from '../../harness/harness.ts'
import { settle } from '../../sending/kit.ts'
import { expectVoid, openBeams, UUID } from './kit.ts'
import { publish } from './sending-kit.ts'

const SECRET = 'hook-secret-0123456789'
const EVENTS = {
  attempt: 'v1.PublishToUsersAttempt',
  seen: 'v1.UserNotificationAcknowledgement',
  opened: 'v1.UserNotificationOpen',
} as const
const BODY = { fcm: { notification: { title: 'Hi', body: 'you' } } }
const BUSY = fcmError(503, 'UNAVAILABLE', { errorCode: 'UNAVAILABLE' })
const WRONG = fcmError(403, 'PERMISSION_DENIED', { errorCode: 'SENDER_ID_MISMATCH' })

interface Call {
  readonly headers: Headers
  readonly text: string
  readonly json: { readonly payload: Record<string, unknown>; readonly metadata: Record<string, unknown> }
}

/** An instance that reaches a fake FCM, and the calls that its webhook gets. */
async function hooked(more: object = {}) {
  const h = await createHarness({
    dialect: 'pusher-beams',
    env: { ALLOW_PRIVATE_TARGETS: 'on' },
    fetch: outsideFetch,
  })
  const url = `https://hooks.example/${crypto.randomUUID()}`
  const beams = await openBeams({ webhooks: [{ url, secret: SECRET, ...more }] }, {}, h)
  const fcm = await openFcm({ deps: laneDeps({ now: () => h.clock.now }) })
  await h.admin('PUT', `/apps/${beams.app.id}/providers/fcm`, fcm.document)
  // Earlier tests over the same database may have left messages.
  await settle(h.engine())
  const receiver = { status: 204 }
  const calls: Call[] = []
  const outbound = createOutbound({
    allowPrivate: false,
    fetch: async (to, init) => {
      if (to !== url) return new Response(null, { status: 204 })
      const text = String(init.body)
      calls.push({ headers: new Headers(init.headers), text, json: JSON.parse(text) })
      return new Response(null, { status: receiver.status })
    },
  })
  const deliver = createDelivery({ adapters, outbound })
  return {
    ...beams,
    url,
    receiver,
    fcm,
    async phone(user: string, ...verdicts: Parameters<typeof fcm.fake.verdicts.set>[1][]) {
      const token = crypto.randomUUID()
      const { id, path } = await beams.register('fcm', { token })
      expectVoid(await beams.setUser(path, await beams.userToken(user)))
      fcm.fake.verdicts.set(token, ...verdicts)
      return id
    },
    async publish(users: readonly string[], body: object = BODY) {
      const answer = await publish(beams, 'publishes/users', { users, ...body })
      return (answer.json as { publishId: string }).publishId
    },
    run: () => settle(h.engine()),
    report: (deviceId: string, publishId: string, event: string) =>
      beams.call('POST', `/reporting_api/v2/instances/${beams.instanceId}/events`, {
        body: { event, publishId, deviceId, timestampSecs: Math.floor(h.clock.now.getTime() / 1000) },
      }),
    async told() {
      while ((await deliver(h.gateway)) > 0);
      return calls.splice(0)
    },
  }
}

async function signed(text: string): Promise<string> {
  const bytes = new TextEncoder()
  const algorithm = { name: 'HMAC', hash: 'SHA-1' }
  const key = await crypto.subtle.importKey('raw', bytes.encode(SECRET), algorithm, false, ['sign'])
  const mac = new Uint8Array(await crypto.subtle.sign('HMAC', key, bytes.encode(text)))
  return [...mac].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

describe('a webhook of an instance', () => {
  test('is told of a publish to users once all is sent: each user in one list, signed as the vendor does', async () => {
    const t = await hooked({ customData: { shop: 1 } })
    await t.phone('reached')
    await t.phone('reached', WRONG)
    await t.phone('failed', WRONG)
    const publishId = await t.publish(['reached', 'failed', 'nobody', 'constructor'])
    expect(await t.told()).toEqual([])
    await t.run()
    const [call, ...more] = await t.told()
    expect(more).toEqual([])
    expect(call?.json).toEqual({
      payload: {
        instance_id: t.instanceId,
        publish_id: publishId,
        users_delivered_to_gateway: ['reached'],
        users_no_devices: ['nobody', 'constructor'],
        users_gateway_failed: ['failed'],
      },
      metadata: {
        created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+0000$/),
        event_type: EVENTS.attempt,
        event_id: expect.stringMatching(UUID),
        product: 'beams',
      },
      custom_data: { shop: 1 },
    })
    const headers = Object.fromEntries(call?.headers ?? [])
    expect(headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'pusher-webhooks',
      'webhook-event-type': EVENTS.attempt,
      'webhook-id-uuid': expect.stringMatching(UUID),
      'webhook-request-id-uuid': expect.stringMatching(UUID),
      'webhook-signature': await signed(call?.text ?? ''),
    })
  })

  test('is told after a minute at the latest, with those that still wait as failed', async () => {
    const t = await hooked()
    await t.phone('waiting', BUSY, BUSY, BUSY, BUSY)
    await t.phone('reached')
    await t.publish(['waiting', 'reached'])
    await t.run()
    t.h.clock.advance(59_000)
    expect(await t.told()).toEqual([])
    t.h.clock.advance(1000)
    expect((await t.told()).map(({ json }) => json.payload)).toMatchObject([
      { users_delivered_to_gateway: ['reached'], users_gateway_failed: ['waiting'], users_no_devices: [] },
    ])
  })

  test('is told at once where no user has a device on a platform of the body', async () => {
    const t = await hooked()
    await t.phone('android')
    await t.publish(['android'], { apns: { aps: { alert: 'Hi' } } })
    await t.run()
    expect((await t.told()).map(({ json }) => json.payload)).toMatchObject([
      { users_delivered_to_gateway: [], users_gateway_failed: [], users_no_devices: ['android'] },
    ])
  })

  test('counts a user whose push service is not set up as failed', async () => {
    const t = await hooked()
    await t.phone('alice')
    await t.h.admin('DELETE', `/apps/${t.app.id}/providers/fcm`)
    await t.publish(['alice'])
    await t.run()
    expect((await t.told()).map(({ json }) => json.payload)).toMatchObject([
      { users_gateway_failed: ['alice'], users_no_devices: [] },
    ])
  })

  test('is told of the first report of each kind, of a device that has a user', async () => {
    const t = await hooked()
    const mine = await t.phone('alice')
    const { id: nobodys } = await t.register('fcm')
    const publishId = await t.publish(['alice'])
    await t.run()
    await t.told()
    for (const event of ['Delivery', 'Open', 'Open'])
      for (const device of [mine, nobodys])
        expect((await t.report(device, publishId, event)).status).toBe(200)
    const calls = await t.told()
    const payload = { instance_id: t.instanceId, publish_id: publishId, user_id: 'alice' }
    expect(calls.map(({ json }) => [json.metadata.event_type, json.payload]).sort()).toEqual([
      [EVENTS.seen, payload],
      [EVENTS.opened, payload],
    ])
  })

  test('is told of no publish to interests, and of no event that it did not choose', async () => {
    const t = await hooked({ events: [EVENTS.opened] })
    const device = await t.phone('alice')
    await publish(t, 'publishes/interests', { interests: ['news'], ...BODY })
    const publishId = await t.publish(['alice'])
    await t.run()
    for (const event of ['Delivery', 'Open']) await t.report(device, publishId, event)
    expect((await t.told()).map(({ json }) => json.metadata.event_type)).toEqual([EVENTS.opened])
  })

  test('that does not answer is called again after 10, 30, 120 and 300 seconds, with the same id, and then no more', async () => {
    const t = await hooked()
    await t.publish(['nobody'])
    await t.run()
    t.receiver.status = 500
    const [first] = await t.told()
    const id = first?.headers.get('webhook-request-id-uuid')
    for (const seconds of [10, 30, 120, 300]) {
      t.h.clock.advance((seconds - 1) * 1000)
      expect(await t.told()).toEqual([])
      t.h.clock.advance(1000)
      const [again, ...more] = await t.told()
      expect([again?.headers.get('webhook-request-id-uuid'), more]).toEqual([id, []])
      expect(again?.text).toBe(first?.text)
    }
    t.h.clock.advance(86_400_000)
    expect(await t.told()).toEqual([])
  })

  test('is told nothing of a user who was erased meanwhile', async () => {
    const t = await hooked()
    await t.phone('alice')
    await t.phone('bob')
    await t.publish(['alice', 'bob'])
    await t.run()
    await t.h.admin('DELETE', `/apps/${t.app.id}/users/alice`)
    await t.h.gateway.maintenance.run({ milliseconds: 10_000, steps: 1000 })
    expect((await t.told()).map(({ text }) => [text.includes('alice'), text.includes('bob')])).toEqual([
      [false, true],
    ])
  })
})

describe('the webhooks of an instance', () => {
  const change = (t: Awaited<ReturnType<typeof hooked>>, webhooks: unknown) =>
    t.h.admin('PATCH', `/apps/${t.app.id}`, { dialects: { 'pusher-beams': { webhooks } } })
  const shown = async (answer: Response) =>
    (await answer.json<{ dialects: Record<string, { webhooks?: unknown }> }>()).dialects['pusher-beams']
      ?.webhooks

  test('are shown without their secrets, and stay where a change does not name them', async () => {
    const t = await hooked({ customData: { a: 1 } })
    const document = await t.h.admin('GET', `/apps/${t.app.id}`)
    expect(await shown(document)).toEqual([{ url: t.url, customData: { a: 1 } }])
    const other = await t.h.admin('PATCH', `/apps/${t.app.id}`, {
      dialects: { 'pusher-beams': { checkTokens: true } },
    })
    expect(await shown(other)).toEqual([{ url: t.url, customData: { a: 1 } }])
    const { webhooks } = await (await t.h.admin('GET', `/apps/${t.app.id}/webhooks`)).json<{
      webhooks: readonly { id: string; url: string }[]
    }>()
    expect(webhooks).toMatchObject([{ url: t.url }])
    const one = await t.h.admin('GET', `/apps/${t.app.id}/webhooks/${webhooks[0]?.id}`)
    expect(await one.json()).toMatchObject({ secret: null })
    for (const path of ['', '/webhooks', '/credentials'])
      expect(await (await t.h.admin('GET', `/apps/${t.app.id}${path}`)).text()).not.toContain(SECRET)
    expect(await (await t.h.admin('GET', '/audit')).text()).not.toContain(SECRET)
  })

  test('that are set again keep what waits; an empty list takes them away', async () => {
    const t = await hooked()
    await t.publish(['nobody'])
    await t.run()
    const again = [{ url: t.url, secret: SECRET, customData: { b: 2 } }]
    expect((await change(t, again)).status).toBe(200)
    expect((await t.told()).map(({ json }) => json)).toMatchObject([{ custom_data: { b: 2 } }])
    await t.publish(['nobody'])
    await t.run()
    const gone = await change(t, [])
    expect(await shown(gone)).toBeUndefined()
    expect(await t.told()).toEqual([])
  })

  test.each<[string, unknown]>([
    ['no address', [{ secret: 's' }]],
    ['an address that is none', [{ url: 'ftp://x.example', secret: 's' }]],
    ['no secret', [{ url: 'https://x.example' }]],
    ['an unknown event', [{ url: 'https://x.example', secret: 's', events: ['v1.Other'] }]],
    ['custom data that is no object', [{ url: 'https://x.example', secret: 's', customData: 1 }]],
    ['one address twice', [1, 2].map(() => ({ url: 'https://x.example', secret: 's' }))],
  ])('with %s are refused, and those before still stand', async (_, webhooks) => {
    const t = await hooked()
    expect((await change(t, webhooks)).status).toBe(400)
    expect(await shown(await t.h.admin('GET', `/apps/${t.app.id}`))).toEqual([{ url: t.url }])
  })
})
