import { describe, expect, test } from 'vitest'
import { HOSTILE, setMirror, type VendorServer } from './kit.ts'
import { countsOf, devicesOf, json, recorded } from './record-kit.ts'

const pair = recorded('pusher-beams', {})
const base = () => `/device_api/v1/instances/${pair().app.dialects['pusher-beams']?.instanceId}/devices`
const call = (method: string, path: string, body?: unknown) =>
  pair().h.request(method, `${base()}${path}`, body === undefined ? {} : { body })
const register = async (token: string) => String((await json(await call('POST', '/fcm', { token }))).id)

describe('recorded Beams calls', () => {
  test('a device has the id that the vendor gave, on both sides', async () => {
    const id = await register('token-1')
    expect(await devicesOf(pair(), pair().app)).toMatchObject([{ externalId: id, token: 'token-1' }])
    expect(await devicesOf(pair(), pair().theirs)).toMatchObject([{ externalId: id }])
    expect(await register('token-1')).toBe(id)
    expect(await devicesOf(pair(), pair().app)).toHaveLength(1)
  })

  test('a device that was here under another id gets the vendor’s, with its interests and its history', async () => {
    const { h, app, vendor } = pair()
    await setMirror(h, app, 'pusher-beams', null)
    const before = await register('token-1')
    await call('POST', `/fcm/${before}/interests/news`)
    await setMirror(h, app, 'pusher-beams', { mode: 'record', upstream: vendor.origin, learn: false })
    const after = await register('token-1')
    expect(after).not.toBe(before)
    const [device, ...more] = await devicesOf(pair(), app)
    expect(more).toEqual([])
    expect(device).toMatchObject({ externalId: after, topics: ['news'] })
    const { events } = await json(await h.admin('GET', `/apps/${app.id}/devices/${device?.id}/events`))
    expect(events).toMatchObject([{ kind: 'renamed', detail: { from: before } }, {}, {}])
  })

  test('interests, metadata and the end of a device are stored once the vendor has taken them', async () => {
    const id = await register('token-1')
    expect((await call('PUT', `/fcm/${id}/interests`, { interests: ['a', 'b'] })).status).toBe(200)
    expect((await call('DELETE', `/fcm/${id}/interests/a`)).status).toBe(200)
    expect((await call('PUT', `/fcm/${id}/metadata`, { sdkVersion: '1.2' })).status).toBe(200)
    expect(await devicesOf(pair(), pair().app)).toMatchObject([{ topics: ['b'], sdkVersion: '1.2' }])
    expect(await devicesOf(pair(), pair().theirs)).toMatchObject([{ topics: ['b'], sdkVersion: '1.2' }])
    expect((await call('DELETE', `/fcm/${id}`)).status).toBe(200)
    expect(await devicesOf(pair(), pair().app)).toEqual([])
    expect(await countsOf(pair())).toEqual({ requests: 5, sent: 5, compared: 5, equal: 5 })
  })

  test('the vendor’s interests come with the registration, and a device known by its id alone is made', async () => {
    const { vendor, played } = pair()
    const id = await register('token-1')
    vendor.answer = () => Response.json({ id, initialInterestSet: ['from', 'vendor'] })
    await register('token-1')
    expect(await devicesOf(pair(), pair().app)).toMatchObject([{ topics: ['from', 'vendor'] }])
    const other = `fcm-${crypto.randomUUID()}`
    vendor.answer = () => Response.json({ interests: ['x'], responseMetadata: {} })
    expect(await json(await call('GET', `/fcm/${other}/interests`))).toMatchObject({ interests: ['x'] })
    expect(await devicesOf(pair(), pair().app)).toContainEqual(
      expect.objectContaining({ externalId: other, topics: ['x'], token: null }),
    )
    vendor.answer = played
    expect(await countsOf(pair())).toMatchObject({ notComparable: 1 })
  })

  test('a token given later finds the device that was known by its id alone', async () => {
    const { vendor } = pair()
    const id = `fcm-${crypto.randomUUID()}`
    vendor.answer = () => new Response(null, { status: 200 })
    await call('POST', `/fcm/${id}/interests/news`)
    vendor.answer = () => Response.json({ id, initialInterestSet: ['news'] })
    expect(await register('token-1')).toBe(id)
    expect(await devicesOf(pair(), pair().app)).toMatchObject([
      { externalId: id, topics: ['news'], token: 'token-1' },
    ])
  })

  test('what the vendor refuses is refused with its words, and nothing is stored', async () => {
    const { vendor } = pair()
    vendor.answer = () => Response.json({ error: 'No', description: 'theirs' }, { status: 404 })
    const id = `fcm-${crypto.randomUUID()}`
    const answer = await call('PUT', `/fcm/${id}/metadata`, {})
    expect([answer.status, await answer.json()]).toEqual([404, { error: 'No', description: 'theirs' }])
    expect(await devicesOf(pair(), pair().app)).toEqual([])
    expect(await countsOf(pair())).toEqual({ requests: 1, sent: 1, 'failed.refused': 1 })
  })

  test.each(Object.entries(HOSTILE))(
    'a vendor %s stores nothing and makes SDKs try again',
    async (name, answer) => {
      const { h, app, vendor } = pair()
      if (name.includes('never')) {
        await setMirror(h, app, 'pusher-beams', { mode: 'record', upstream: vendor.origin, timeoutMs: 300 })
      }
      vendor.answer = answer
      expect((await call('POST', '/fcm', { token: 'token-1' })).status).toBe(503)
      expect(await devicesOf(pair(), app)).toEqual([])
      const failed = name.includes('never') ? 'failed.timeout' : 'failed.unreachable'
      expect(await countsOf(pair())).toEqual({ requests: 1, [failed]: 1 })
    },
  )

  test('a device is asked about once: its user, and its interests', async () => {
    const { h, app, vendor, played } = pair()
    const id = await register('token-1')
    await setMirror(h, app, 'pusher-beams', { mode: 'record', upstream: vendor.origin })
    vendor.answer = (asked) => {
      if (asked.method === 'GET' && asked.target.endsWith('/interests')) {
        return Response.json({ interests: ['learnt'], responseMetadata: {} })
      }
      return asked.method === 'GET' ? Response.json({ id, userId: 'anna', metadata: {} }) : played(asked)
    }
    await register('token-1')
    await h.settled()
    await register('token-1')
    await h.settled()
    expect(vendor.asked.filter(({ method }) => method === 'GET')).toHaveLength(2)
    expect(await devicesOf(pair(), app)).toMatchObject([
      { topics: ['learnt'], userId: 'anna', userProved: true },
    ])
  })
})

/** A vendor that knows every device. */
const well: VendorServer['answer'] = ({ method }) =>
  method === 'GET' ? Response.json({}) : new Response(null, { status: 200 })

describe('coaxing', () => {
  const coax = async () => {
    const { h, app, vendor } = pair()
    await setMirror(h, app, 'pusher-beams', {
      mode: 'record',
      upstream: vendor.origin,
      learn: false,
      coax: true,
    })
  }

  test('a device without a token is unknown once, so that it registers again under the same id', async () => {
    await coax()
    const id = await register('token-1')
    const [known] = await devicesOf(pair(), pair().app)
    await pair().h.admin('DELETE', `/apps/${pair().app.id}/devices/${known?.id}`)
    const refused = await call('POST', `/fcm/${id}/interests/news`)
    expect(refused.status).toBe(404)
    expect(await json(refused)).toMatchObject({ error: 'Device not found' })
    // The call itself was not forwarded; the vendor was asked whether the device exists.
    expect(pair().vendor.asked.map(({ method }) => method)).toEqual(['POST', 'GET'])
    expect(await register('token-1')).toBe(id)
    expect((await call('POST', `/fcm/${id}/interests/news`)).status).toBe(200)
    expect(await devicesOf(pair(), pair().app)).toMatchObject([
      { externalId: id, topics: ['news'], token: 'token-1' },
    ])
  })

  test.each(Object.entries(HOSTILE))('is not spent on a vendor %s', async (name, answer) => {
    const { h, app, vendor } = pair()
    await coax()
    const slow = { mode: 'record', upstream: vendor.origin, learn: false, coax: true, timeoutMs: 300 }
    if (name.includes('never')) await setMirror(h, app, 'pusher-beams', slow)
    const path = `/fcm/fcm-${crypto.randomUUID()}/interests/news`
    vendor.answer = answer
    expect((await call('POST', path)).status).toBe(503)
    await coax()
    vendor.answer = well
    expect((await call('POST', path)).status).toBe(404)
    expect((await call('POST', path)).status).toBe(200)
  })

  test('happens once a device, and never to a browser, which would not heal', async () => {
    await coax()
    const { vendor } = pair()
    vendor.answer = well
    const [phone, browser] = [`fcm-${crypto.randomUUID()}`, `web-${crypto.randomUUID()}`]
    const statuses = []
    for (const path of [`/fcm/${phone}`, `/fcm/${phone}`, `/web/${browser}`]) {
      statuses.push((await call('POST', `${path}/interests/news`)).status)
    }
    expect(statuses).toEqual([404, 200, 200])
  })
})
