import { describe, expect, test } from 'vitest'
import { HOSTILE, setMirror } from './kit.ts'
import { countsOf, devicesOf, json, type Recorded, recorded, summaryOf } from './record-kit.ts'

/** Sends all copies that are due; answers are compared and counted. */
async function copied({ h }: Recorded): Promise<void> {
  await h.settled()
  await h.copy()
}
const SHADOW = { mode: 'shadow' }

describe('shadowed Pushwoosh calls', () => {
  const pair = recorded('pushwoosh', {}, SHADOW)
  const call = async (method: string, request: object) => {
    const application = pair().app.dialects.pushwoosh?.applicationCode
    const body = { request: { application, ...request } }
    return json(await pair().h.request('POST', `/json/1.3/${method}`, { body }))
  }
  const register = (hwid = 'h1') =>
    call('registerDevice', { hwid, device_type: 3, push_token: `token of ${hwid}` })
  const setLevel = (value: unknown) => call('setTags', { hwid: 'h1', tags: { Level: value } })
  const asked = () => pair().vendor.asked.map(({ target }) => target.replace('/json/1.3/', ''))

  test('are answered here before anybody has asked the vendor, and copied afterwards', async () => {
    const { h, vendor, app, theirs } = pair()
    vendor.answer = () => new Promise<Response>(() => {})
    expect(await register()).toMatchObject({ status_code: 200 })
    expect(await setLevel(7)).toMatchObject({ status_code: 200 })
    expect(await call('getTags', { hwid: 'h1' })).toMatchObject({ response: { result: { Level: 7 } } })
    await h.settled()
    expect(vendor.asked).toEqual([])
    vendor.answer = pair().played
    await copied(pair())
    for (const one of [app, theirs])
      expect(await devicesOf(pair(), one)).toMatchObject([{ externalId: 'h1', tags: { Level: 7 } }])
    expect(asked()).toEqual(['registerDevice', 'setTags', 'getTags'])
    expect(await countsOf(pair())).toEqual({ requests: 3, sent: 3, compared: 3, equal: 3 })
  })

  test('reach the vendor byte for byte, with what authenticates them', async () => {
    const body = `{"request" : {"application":"${pair().app.dialects.pushwoosh?.applicationCode}","hwid":"h1","tags":{"Level":7}}}`
    await pair().h.request('POST', '/json/1.3/setTags?x=%20a', {
      body,
      headers: { Authorization: 'Token abc', Cookie: 'a=b', 'Content-Type': 'application/json' },
    })
    await copied(pair())
    const [copy] = pair().vendor.asked
    expect(copy).toMatchObject({ method: 'POST', target: '/json/1.3/setTags?x=%20a', body })
    expect(copy?.headers.get('authorization')).toBe('Token abc')
    expect(copy?.headers.get('cookie')).toBeNull()
    expect(copy?.headers.get('via')).toMatch(/^1\.1 pushport/)
  })

  test('that differ are compared, and counted as calls of a shadow', async () => {
    await register()
    pair().vendor.answer = () => Response.json({ status_code: 200, status_message: 'OK', response: 'x' })
    await copied(pair())
    expect(await countsOf(pair())).toMatchObject({ compared: 1, differing: 1 })
    const answer = await pair().h.admin('GET', `/apps/${pair().app.id}/mirror/pushwoosh/diffs`)
    expect(await answer.json()).toMatchObject({ diffs: [{ mode: 'shadow', severity: 'major' }] })
  })

  test('that are refused here are not copied', async () => {
    await call('setTags', { tags: {} })
    await copied(pair())
    expect(asked()).toEqual([])
    expect(await countsOf(pair())).toEqual({ requests: 1 })
  })

  test('that the vendor refuses leave both sides apart, and are not sent again', async () => {
    await register()
    pair().vendor.answer = () => Response.json({ status_code: 210, status_message: 'no', response: null })
    await copied(pair())
    pair().h.clock.advance(3_600_000)
    await copied(pair())
    expect(asked()).toHaveLength(1)
    expect(await countsOf(pair())).toMatchObject({ sent: 1, 'failed.refused': 1, diverged: 1 })
  })

  test('go one after the other for each device, and those of others do not wait', async () => {
    const { vendor, played, h } = pair()
    vendor.answer = (one) => (one.body.includes('h1') ? Response.json({}, { status: 500 }) : played(one))
    await register('h1')
    await setLevel(1)
    await register('h2')
    await copied(pair())
    expect(asked().filter((one) => one === 'setTags')).toEqual([])
    expect(asked()).toHaveLength(2)
    vendor.answer = played
    h.clock.advance(1000)
    await copied(pair())
    expect(asked().slice(2)).toEqual(['registerDevice', 'setTags'])
    expect(await devicesOf(pair(), pair().theirs)).toHaveLength(2)
  })

  test('are sent later and later to a vendor that is down, and one equal to another is sent once', async () => {
    const { vendor, h, played } = pair()
    vendor.answer = () => Response.json({}, { status: 503, headers: { 'retry-after': '20' } })
    await register()
    for (const level of [1, 2, 1, 1]) await setLevel(level)
    await copied(pair())
    h.clock.advance(19_000)
    await copied(pair())
    expect(asked()).toHaveLength(1)
    expect(await countsOf(pair())).toMatchObject({ waiting: 3, 'failed.unreachable': 1 })
    vendor.answer = played
    h.clock.advance(1000)
    await copied(pair())
    expect(asked()).toEqual(['registerDevice', 'registerDevice', 'setTags', 'setTags'])
    expect(await devicesOf(pair(), pair().theirs)).toMatchObject([{ tags: { Level: 1 } }])
    expect(await summaryOf(pair(), 'pushwoosh')).toMatchObject({ waiting: 0, diverged: 0, dropped: 0 })
  })

  test('that count are sent at most once, even where nobody knows whether they arrived', async () => {
    const { vendor, h, played } = pair()
    await register()
    await copied(pair())
    vendor.answer = () => Response.json({}, { status: 500 })
    await setLevel({ operation: 'increment', value: 1 })
    await copied(pair())
    vendor.answer = played
    h.clock.advance(3_600_000)
    await copied(pair())
    expect(asked().filter((one) => one === 'setTags')).toHaveLength(1)
    expect(await countsOf(pair())).toMatchObject({ diverged: 1, dropped: 1 })
  })

  test('are given up after a day', async () => {
    const { vendor, h } = pair()
    vendor.answer = () => Response.json({}, { status: 500 })
    await register()
    await copied(pair())
    h.clock.advance(24 * 3_600_000)
    await copied(pair())
    h.clock.advance(3_600_000)
    await copied(pair())
    expect(asked()).toHaveLength(2)
    expect(await countsOf(pair())).toMatchObject({ dropped: 1, diverged: 1 })
  })

  test('are as many a second as the operator allows', async () => {
    const { h, app, vendor } = pair()
    await setMirror(h, app, 'pushwoosh', { mode: 'shadow', upstream: vendor.origin, maxPerSecond: 2 })
    for (const hwid of ['h1', 'h2', 'h3']) await register(hwid)
    await copied(pair())
    expect(asked()).toHaveLength(2)
    h.clock.advance(1000)
    await copied(pair())
    expect(asked()).toHaveLength(3)
  })

  test('of back ends stay here', async () => {
    await call('createMessage', { auth: 'x', notifications: [{ content: 'hi' }] })
    await copied(pair())
    expect(asked()).toEqual([])
  })

  test.each(Object.entries(HOSTILE))(
    'a vendor %s is not noticed by anybody, and asked again',
    async (name, answer) => {
      const { h, app, vendor, played } = pair()
      if (name.includes('never'))
        await setMirror(h, app, 'pushwoosh', { mode: 'shadow', upstream: vendor.origin, timeoutMs: 200 })
      vendor.answer = answer
      expect(await register()).toMatchObject({ status_code: 200 })
      await copied(pair())
      const failed = name.includes('never') ? 'failed.timeout' : 'failed.unreachable'
      expect(await countsOf(pair())).toEqual({ requests: 1, waiting: 1, [failed]: 1 })
      vendor.answer = played
      await setMirror(h, app, 'pushwoosh', { mode: 'shadow', upstream: vendor.origin })
      h.clock.advance(60_000)
      await copied(pair())
      expect(await devicesOf(pair(), pair().theirs)).toMatchObject([{ externalId: 'h1' }])
      expect(await countsOf(pair())).toMatchObject({ sent: 1, compared: 1 })
    },
  )

  test('leave nothing readable where they wait', async () => {
    await register('a-very-own-hwid')
    await pair().h.settled()
    const [rows] = await pair().h.db.read([
      { statement: { text: 'SELECT * FROM mirror_copies', binds: [] }, values: {} },
    ])
    expect(rows.length).toBeGreaterThan(0)
    for (const secret of ['a-very-own-hwid', 'token of']) expect(JSON.stringify(rows)).not.toContain(secret)
    await copied(pair())
  })
})

describe('shadowed Beams calls', () => {
  const pair = recorded('pusher-beams', {}, SHADOW)
  const base = () => `/device_api/v1/instances/${pair().app.dialects['pusher-beams']?.instanceId}/devices`
  const call = (method: string, path: string, body?: unknown) =>
    pair().h.request(method, `${base()}${path}`, body === undefined ? {} : { body })
  const register = async (token: string) => json(await call('POST', '/fcm', { token }))

  test('have the vendor’s id from the first call on, and its interests; later ones wait for nobody', async () => {
    const { vendor } = pair()
    const id = `fcm-${crypto.randomUUID()}`
    vendor.answer = () => Response.json({ id, initialInterestSet: ['theirs'] })
    expect(await register('token-1')).toEqual({ id, initialInterestSet: ['theirs'] })
    expect(await devicesOf(pair(), pair().app)).toMatchObject([{ externalId: id, topics: ['theirs'] }])
    vendor.answer = () => new Promise<Response>(() => {})
    expect(await register('token-1')).toMatchObject({ id })
    expect((await call('POST', `/fcm/${id}/interests/news`)).status).toBe(200)
    await pair().h.settled()
    expect(vendor.asked).toHaveLength(1)
    vendor.answer = () => new Response(null)
  })

  test.each([[[]], [['a', 'b']]])(
    'join the device that was known by the vendor’s id alone and the one under ours: token, user, interests %j',
    async (own) => {
      const { h, app, vendor } = pair()
      const mirror = (mode: string | null) =>
        setMirror(h, app, 'pusher-beams', mode && { mode, upstream: vendor.origin, learn: false })
      const theirs = `fcm-${crypto.randomUUID()}`
      await mirror('record')
      vendor.answer = () => new Response(null, { status: 200 })
      await call('POST', `/fcm/${theirs}/interests/news`)
      await mirror(null)
      const { id: ours } = await register('token-1')
      for (const name of own) await call('POST', `/fcm/${ours}/interests/${name}`)
      const record = await h.gateway.directory.app(app.id)
      const [setup] = record.dialects
      if (!setup) throw new Error('no dialect')
      const ref = { app: { ...setup, app: record, credentials: [] }, externalId: String(ours) }
      await h.gateway.devices.update({
        ...{ ...ref, superseded: false },
        patch: { user: { id: 'anna', proved: true } },
      })
      expect(await devicesOf(pair(), app)).toHaveLength(2)
      await mirror('shadow')
      vendor.answer = () => Response.json({ id: theirs, initialInterestSet: ['vendor'] })
      expect(await register('token-1')).toMatchObject({ id: theirs })
      const [device, ...more] = await devicesOf(pair(), app)
      expect(more).toEqual([])
      expect(device).toMatchObject({
        ...{ externalId: theirs, token: 'token-1', userId: 'anna', userProved: true },
        topics: [...own, 'news', 'vendor'].sort(),
      })
      vendor.answer = () => new Response(null)
    },
  )

  test('have an id of ours where the vendor is down, which is the vendor’s own in every copy', async () => {
    const { vendor, played, h } = pair()
    vendor.answer = () => Response.json({}, { status: 500 })
    const { id } = await register('token-1')
    expect((await call('POST', `/fcm/${id}/interests/news`)).status).toBe(200)
    expect((await call('PUT', `/fcm/${id}/metadata`, { sdkVersion: '1.2' })).status).toBe(200)
    vendor.answer = played
    h.clock.advance(2000)
    await copied(pair())
    const [theirs] = await devicesOf(pair(), pair().theirs)
    expect(theirs).toMatchObject({ topics: ['news'], sdkVersion: '1.2' })
    expect(theirs?.externalId).not.toBe(id)
    expect(await devicesOf(pair(), pair().app)).toMatchObject([{ externalId: id }])
    expect((await call('DELETE', `/fcm/${id}`)).status).toBe(200)
    await copied(pair())
    expect(await devicesOf(pair(), pair().theirs)).toEqual([])
    expect(await countsOf(pair())).toMatchObject({ 'failed.unreachable': expect.any(Number), sent: 4 })
  })
})

describe('shadowed calls', () => {
  describe('of Flameup', () => {
    const pair = recorded('flameup', {}, SHADOW)
    test('are copied, and the end of a device, too', async () => {
      const keys = pair().app.dialects.flameup?.apiKeys as readonly { readonly key: string }[] | undefined
      const call = (method: string, path: string, body?: unknown) =>
        pair().h.request(method, `/api/v1/people/anna/devices${path}`, {
          headers: { Authorization: `Bearer ${keys?.[0]?.key}` },
          ...(body !== undefined && { body }),
        })
      await call('POST', '', { token: 'token-1', platform: 'android' })
      await copied(pair())
      expect(await devicesOf(pair(), pair().theirs)).toMatchObject([{ token: 'token-1', userId: 'anna' }])
      await call('DELETE', '/token-1')
      pair().h.clock.advance(1000)
      await copied(pair())
      expect(await devicesOf(pair(), pair().theirs)).toEqual([])
      expect(await countsOf(pair())).toMatchObject({ sent: 2, notComparable: 1, compared: 1, equal: 1 })
    })

    const register = async (token: string) => {
      const keys = pair().app.dialects.flameup?.apiKeys as readonly { readonly key: string }[] | undefined
      return json(
        await pair().h.request('POST', '/api/v1/people/anna/devices', {
          headers: { Authorization: `Bearer ${keys?.[0]?.key}` },
          body: { token, platform: 'android' },
        }),
      )
    }

    test('have the vendor’s id from the first call on, asked for once, and no more often than it allows', async () => {
      const { vendor } = pair()
      const id = crypto.randomUUID()
      vendor.answer = ({ body }) =>
        Response.json({ ...JSON.parse(body), id, device_token: JSON.parse(body).token })
      expect(await register('token-1')).toMatchObject({ id })
      expect(vendor.asked).toHaveLength(1)
      expect(await register('token-1')).toMatchObject({ id, device_token: 'token-1', person_id: 'anna' })
      expect((await register('token-2')).id).not.toBe(id)
      expect(vendor.asked).toHaveLength(1)
    })

    test('have an id of ours where the vendor answers with something else', async () => {
      pair().vendor.answer = () => Response.json({ strange: true })
      expect(await register('token-1')).toMatchObject({ device_token: 'token-1', id: expect.any(String) })
    })
  })

  describe('of Backendless', () => {
    const pair = recorded('backendless', {}, SHADOW)
    test('are copied, and ids that each side makes itself are no difference', async () => {
      const { applicationId, apiKeys } = pair().app.dialects.backendless ?? {}
      const path = `/${applicationId}/${(apiKeys as Record<string, string>).rest}/messaging/registrations`
      const body = { deviceId: 'd1', deviceToken: 'token-1', os: 'ANDROID', channels: ['news'] }
      await pair().h.request('POST', path, { body })
      await copied(pair())
      expect(await devicesOf(pair(), pair().theirs)).toMatchObject([{ externalId: 'd1', topics: ['news'] }])
      await pair().h.request('DELETE', `${path}/d1`)
      await copied(pair())
      expect(await devicesOf(pair(), pair().theirs)).toEqual([])
      expect(await countsOf(pair())).toMatchObject({ sent: 2, compared: 2, equal: 2 })
    })
  })

  describe('of MobileFirst', () => {
    const pair = recorded('mobilefirst', {}, SHADOW)
    test('stay here without credentials: a token of ours opens nothing at the vendor', async () => {
      const { h, app } = pair()
      const id = String(app.dialects.mobilefirst?.applicationId)
      await h.request('GET', `/imfpush/v1/apps/${id}/devices/d1`, { headers: { Authorization: 'Bearer x' } })
      await copied(pair())
      expect(pair().vendor.asked).toEqual([])
      expect(await countsOf(pair())).toEqual({ requests: 1, 'notSent.never': 1 })
    })
  })
})
