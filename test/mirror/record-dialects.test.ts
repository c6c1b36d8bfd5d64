import { describe, expect, test } from 'vitest'
import { setMirror } from './kit.ts'
import { countsOf, devicesOf, flameupHeaders, json, recorded } from './record-kit.ts'

describe('recorded Pushwoosh calls', () => {
  const pair = recorded('pushwoosh', {})
  const call = async (method: string, request: object) => {
    const application = pair().app.dialects.pushwoosh?.applicationCode
    return json(
      await pair().h.request('POST', `/json/1.3/${method}`, {
        body: { request: { application, ...request } },
      }),
    )
  }
  const register = () => call('registerDevice', { hwid: 'h1', device_type: 3, push_token: 'token-1' })

  test('are stored on both sides, and alike', async () => {
    await register()
    await call('setTags', { hwid: 'h1', tags: { Level: 7, Likes: ['ski'] } })
    await call('setTags', { hwid: 'h1', tags: { Level: { operation: 'increment', value: 1 } } })
    await call('registerUser', { hwid: 'h1', userId: 'anna' })
    for (const app of [pair().app, pair().theirs]) {
      expect(await devicesOf(pair(), app)).toMatchObject([
        { externalId: 'h1', token: 'token-1', userId: 'anna', tags: { Level: 8, Likes: ['ski'] } },
      ])
    }
    expect(await call('getTags', { hwid: 'h1' })).toMatchObject({ response: { result: { Level: 8 } } })
    expect(await countsOf(pair())).toEqual({ requests: 5, sent: 5, compared: 5, equal: 5 })
  })

  test('that the vendor refuses in an answer of 200 store nothing', async () => {
    pair().vendor.answer = () => Response.json({ status_code: 210, status_message: 'no', response: null })
    expect(await register()).toMatchObject({ status_code: 210 })
    expect(await devicesOf(pair(), pair().app)).toEqual([])
    expect(await countsOf(pair())).toEqual({ requests: 1, sent: 1, 'failed.refused': 1 })
  })

  test('of back ends go to the vendor and are not looked into', async () => {
    pair().vendor.answer = () => Response.json({ status_code: 200, response: { Messages: ['theirs'] } })
    const sent = await call('createMessage', { auth: 'x', notifications: [{ content: 'hi' }] })
    expect(sent).toMatchObject({ response: { Messages: ['theirs'] } })
    expect(await countsOf(pair())).toEqual({})
  })

  test('teach the tags that the vendor has, under those that the device set itself', async () => {
    const { h, app, vendor, played } = pair()
    await setMirror(h, app, 'pushwoosh', { mode: 'record', upstream: vendor.origin })
    vendor.answer = (asked) =>
      asked.target.endsWith('getTags')
        ? Response.json({
            status_code: 200,
            response: { result: { Level: 3, Likes: ['jazz'], Language: 'pt' } },
          })
        : played(asked)
    await call('setTags', { hwid: 'h1', tags: { Level: 7 } })
    await h.settled()
    expect(await devicesOf(pair(), app)).toMatchObject([{ tags: { Level: 7, Likes: ['jazz'] } }])
  })
})

describe('recorded Flameup calls', () => {
  const pair = recorded('flameup', {})
  const call = (method: string, path: string, body?: unknown) => {
    return pair().h.request(method, `/api/v1/people/anna/devices${path}`, {
      headers: flameupHeaders(pair().app),
      ...(body !== undefined && { body }),
    })
  }

  test('are stored with the vendor’s ids', async () => {
    const { id } = await json(await call('POST', '', { token: 'token-1', platform: 'android' }))
    const { h, app } = pair()
    await setMirror(h, app, 'flameup', null)
    const { devices } = (await json(await call('GET', ''))) as { devices: { id: string }[] }
    expect(devices).toMatchObject([{ id, device_token: 'token-1', person_id: 'anna' }])
  })

  test('end on both sides', async () => {
    await call('POST', '', { token: 'token-1', platform: 'android' })
    expect((await call('DELETE', '/token-1')).status).toBe(204)
    for (const app of [pair().app, pair().theirs]) expect(await devicesOf(pair(), app)).toEqual([])
    expect(await countsOf(pair())).toMatchObject({ compared: 2, equal: 2 })
  })

  test('teach the other devices of the person', async () => {
    const { h, app, vendor } = pair()
    await call('POST', '', { token: 'token-1', platform: 'android' })
    await call('POST', '', { token: 'token-2', platform: 'ios' })
    for (const { id } of await devicesOf(pair(), app))
      await h.admin('DELETE', `/apps/${app.id}/devices/${id}`)
    await setMirror(h, app, 'flameup', { mode: 'record', upstream: vendor.origin })
    await call('POST', '', { token: 'token-2', platform: 'ios' })
    await h.settled()
    expect((await devicesOf(pair(), app)).map(({ token }) => token).sort()).toEqual(['token-1', 'token-2'])
  })
})

describe('recorded MobileFirst calls', () => {
  const pair = recorded('mobilefirst', {})
  const id = () => String(pair().app.dialects.mobilefirst?.applicationId)
  let token = ''
  const call = async (method: string, path: string, body?: unknown) =>
    pair().h.request(method, `/imfpush/v1/apps/${id()}${path}`, {
      headers: { Authorization: `Bearer ${token}`, Accept: 'application/json' },
      ...(body !== undefined && { body }),
    })
  /** A token issued by the vendor, through the gateway. */
  const authorize = async () => {
    const { h, theirs } = pair()
    // A client that only the vendor knows.
    const made = await h.admin('POST', `/apps/${theirs.id}/credentials`, {
      ...{ dialect: 'mobilefirst', kind: 'client', name: `back-end-${crypto.randomUUID()}`, scopes: ['*'] },
    })
    const client = (await made.json()) as { readonly name: string; readonly secret: string }
    const answer = await pair().h.request('POST', '/mfp/api/az/v1/token', {
      headers: {
        Authorization: `Basic ${btoa(`${client.name}:${client.secret}`)}`,
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: `grant_type=client_credentials&scope=${encodeURIComponent(`devices.write subscriptions.write tags.write push.application.${id()}`)}`,
    })
    token = String((await json(answer)).access_token)
  }

  test('are let in by the vendor, whose token is no token of ours', async () => {
    await authorize()
    const body = { deviceId: 'd1', platform: 'G', token: 'token-1', userId: 'anna' }
    expect((await call('POST', '/devices', body)).status).toBe(201)
    expect(await devicesOf(pair(), pair().app)).toMatchObject([
      { externalId: 'd1', token: 'token-1', userId: 'anna' },
    ])
    token = 'wrong'
    expect((await call('POST', '/devices', { ...body, token: 'token-2' })).status).toBe(401)
    expect(await devicesOf(pair(), pair().app)).toMatchObject([{ token: 'token-1' }])
  })

  test('have the vendor’s ids of subscriptions, and its tags come into the catalogue', async () => {
    const { h, app, vendor } = pair()
    await authorize()
    await call('POST', '/devices', { deviceId: 'd1', platform: 'G', token: 'token-1' })
    const subscriptionId = Math.floor(Math.random() * 1e15)
    vendor.answer = () => Response.json({ deviceId: 'd1', tagName: 'news', subscriptionId }, { status: 201 })
    await call('POST', '/subscriptions', { deviceId: 'd1', tagName: 'news' })
    const own = await h.gateway.apps.findById('mobilefirst', app.id)
    const found = own && (await h.gateway.subscriptions.find(own, String(subscriptionId)))
    expect(found).toMatchObject({ topic: 'news', device: { externalId: 'd1' } })
  })

  test('make a device that only the vendor knew, with the token that the vendor tells', async () => {
    await authorize()
    const { h, app } = pair()
    await call('POST', '/devices', { deviceId: 'd1', platform: 'A', token: 'aa'.repeat(32), userId: 'anna' })
    const [device] = await devicesOf(pair(), app)
    await h.admin('DELETE', `/apps/${app.id}/devices/${device?.id}`)
    expect((await call('GET', '/devices/d1')).status).toBe(200)
    expect(await devicesOf(pair(), app)).toMatchObject([
      { externalId: 'd1', platform: 'ios', token: 'aa'.repeat(32), userId: 'anna' },
    ])
    expect(await countsOf(pair())).toMatchObject({ notComparable: 1 })
  })
})

describe('recorded Backendless calls', () => {
  const pair = recorded('backendless', {})
  const call = (method: string, path: string, body?: unknown) => {
    const { applicationId, apiKeys } = pair().app.dialects.backendless ?? {}
    return pair().h.request(
      method,
      `/${applicationId}/${(apiKeys as Record<string, string>).rest}/messaging${path}`,
      {
        ...(body !== undefined && { body }),
      },
    )
  }
  const DEVICE = { deviceId: 'd1', deviceToken: 'token-1', os: 'ANDROID', osVersion: '14' }

  test('have the vendor’s registration ids, channel by channel', async () => {
    const { h, app, vendor } = pair()
    const uuid = () => crypto.randomUUID().toUpperCase()
    const first = { registrationId: `${uuid()}::default,${uuid()}::news` }
    vendor.answer = () => Response.json(first)
    const sent = { ...DEVICE, channels: ['news', 'default'] }
    expect(await json(await call('POST', '/registrations', sent))).toEqual(first)
    expect(await devicesOf(pair(), app)).toMatchObject([{ externalId: 'd1', topics: ['default', 'news'] }])
    expect(await countsOf(pair())).toEqual({ requests: 1, sent: 1, compared: 1, equal: 1 })
    await setMirror(h, app, 'backendless', null)
    expect(await json(await call('POST', '/registrations', DEVICE))).toEqual(first)
  })

  test('end on both sides', async () => {
    await call('POST', '/registrations', DEVICE)
    expect((await call('DELETE', '/registrations/d1')).status).toBe(200)
    for (const app of [pair().app, pair().theirs]) expect(await devicesOf(pair(), app)).toEqual([])
  })

  test('teach the channels that the vendor has', async () => {
    const { h, app, theirs, vendor } = pair()
    await call('POST', '/registrations', { ...DEVICE, channels: ['old'] })
    const [device] = await devicesOf(pair(), app)
    await h.admin('DELETE', `/apps/${app.id}/devices/${device?.id}`)
    await setMirror(h, app, 'backendless', { mode: 'record', upstream: vendor.origin })
    await call('GET', '/registrations/d1')
    await call('POST', '/registrations', { ...DEVICE, channels: ['new'] })
    await h.settled()
    expect(await devicesOf(pair(), theirs)).toMatchObject([{ topics: ['new', 'old'] }])
    expect(await devicesOf(pair(), app)).toMatchObject([{ topics: ['new', 'old'] }])
  })
})
