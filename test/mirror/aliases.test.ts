import { beforeEach, describe, expect, test } from 'vitest'
import { openOwnDb } from '#runtime'
import { setMirror } from './kit.ts'
import { countsOf, devicesOf, flameupHeaders, json, recorded } from './record-kit.ts'

/**
 * A token with an id here and another one at the vendor, whose id the device gets as soon as the vendor
 * returns it.
 */
describe('a Beams device that a mirror gave the vendor’s id', () => {
  const pair = recorded('pusher-beams', {}, { mode: 'record' })
  const base = () => `/device_api/v1/instances/${pair().app.dialects['pusher-beams']?.instanceId}/devices/fcm`
  const call = (method: string, path: string, body?: unknown) =>
    pair().h.request(method, `${base()}${path}`, body === undefined ? {} : { body })
  const mode = (to: string) =>
    setMirror(pair().h, pair().app, 'pusher-beams', {
      ...{ mode: to, upstream: pair().vendor.origin, learn: false },
    })
  const register = async () => String((await json(await call('POST', '', { token: 'token-1' }))).id)
  let [former, present] = ['', '']

  beforeEach(async () => {
    await mode('local')
    former = await register()
    expect((await call('POST', `/${former}/interests/before`)).status).toBe(200)
    await mode('record')
    present = await register()
  })

  test('is one device, under the vendor’s id', async () => {
    expect(present).not.toBe(former)
    expect(await devicesOf(pair(), pair().app)).toMatchObject([{ externalId: present, topics: ['before'] }])
  })

  test.each([
    ['GET', '', undefined, {}],
    ['PUT', '/metadata', { sdkVersion: '2.0' }, { sdkVersion: '2.0' }],
    ['PUT', '/token', { token: 'token-2' }, { token: 'token-2' }],
    ['GET', '/interests', undefined, {}],
    ['PUT', '/interests', { interests: ['a', 'b'] }, { topics: ['a', 'b'] }],
    ['POST', '/interests/more', undefined, { topics: ['before', 'more'] }],
    ['DELETE', '/interests/before', undefined, { topics: [] }],
  ])('answers by the former id, too: %s %s', async (method, rest, body, then) => {
    await mode('local')
    expect((await call(method, `/${former}${rest}`, body)).status).toBe(200)
    expect(await devicesOf(pair(), pair().app)).toMatchObject([{ externalId: present, ...then }])
    expect((await call('GET', `/fcm-${crypto.randomUUID()}`)).status).toBe(404)
  })

  test('ends by the former id, too, and nobody answers by either then', async () => {
    await mode('local')
    expect((await call('DELETE', `/${former}`)).status).toBe(200)
    expect(await devicesOf(pair(), pair().app)).toEqual([])
    for (const id of [former, present]) expect((await call('GET', `/${id}`)).status).toBe(404)
  })

  test('is called at the vendor by the present id, while that answers', async () => {
    expect((await call('POST', `/${former}/interests/news`)).status).toBe(200)
    expect(await devicesOf(pair(), pair().theirs)).toMatchObject([{ externalId: present, topics: ['news'] }])
    expect(await devicesOf(pair(), pair().app)).toMatchObject([{ topics: ['before', 'news'] }])
    expect(await countsOf(pair())).not.toHaveProperty('diverged')
  })

  test('is copied by the present id in shadow', async () => {
    await mode('shadow')
    expect((await call('POST', `/${former}/interests/news`)).status).toBe(200)
    await pair().h.settled()
    await pair().h.copy()
    expect(await devicesOf(pair(), pair().theirs)).toMatchObject([{ externalId: present, topics: ['news'] }])
    expect(await countsOf(pair())).not.toHaveProperty('diverged')
  })

  test('loses its alias with the user who is erased', async () => {
    const { h, app, theirs } = pair()
    await mode('local')
    const [device] = await devicesOf(pair(), app)
    const { gateway } = h
    const found = await gateway.apps.findById('pusher-beams', app.id)
    if (!found) throw new Error('no app')
    const user = { id: 'anna', proved: true }
    await gateway.devices.update({ app: found, externalId: present, patch: { user }, superseded: false })
    expect(device).toMatchObject({ externalId: present })
    expect((await h.admin('DELETE', `/apps/${app.id}/users/anna`)).status).toBe(204)
    const [rows] = await h.db.read([
      { statement: { text: 'SELECT * FROM mirror_ids', binds: [] }, values: {} },
    ])
    const own = (rows as readonly { app_id: string }[]).filter(({ app_id }) =>
      [app.id, theirs.id].includes(app_id),
    )
    expect(own).toEqual([])
  })
})

describe('a former id', () => {
  const DAY = 86_400_000
  test('answers until 90 days after its last call', async () => {
    const { createHarness } = await import('../harness/harness.ts')
    const own = await openOwnDb()
    const h = await createHarness({ dialect: 'pusher-beams', db: () => own })
    const app = await h.createApp({ 'pusher-beams': {} })
    const base = `/device_api/v1/instances/${app.dialects['pusher-beams']?.instanceId}/devices/fcm`
    const { id } = await json(await h.request('POST', base, { body: { token: 'token-1' } }))
    const former = String(id)
    const found = await h.gateway.apps.findById('pusher-beams', app.id)
    if (!found) throw new Error('no app')
    const renamed = `fcm-${crypto.randomUUID()}`
    await h.gateway.mirrors.adopt(found, { externalId: former, renamed }, 'another call')
    const swept = async (days: number) => {
      // A clock that jumps is not believed at once, so the days pass one by one.
      for (let n = 0; n < days; n++) {
        h.clock.advance(DAY)
        await h.gateway.maintenance.run({ milliseconds: 60_000, steps: 1000 })
      }
      return (await h.request('GET', `${base}/${former}`)).status
    }
    expect(await swept(80)).toBe(200)
    // That counted as a call.
    expect(await swept(80)).toBe(200)
    expect(await swept(91)).toBe(404)
    expect((await h.request('GET', `${base}/${renamed}`)).status).toBe(200)
  })
})

describe('devices of Flameup', () => {
  const pair = recorded('flameup', {}, { mode: 'record' })
  test('are called by their tokens, whose id they have', async () => {
    const { h, app, vendor } = pair()
    const call = (method: string, rest = '', body?: unknown) =>
      h.request(method, `/api/v1/people/anna/devices${rest}`, {
        headers: flameupHeaders(app),
        ...(body !== undefined && { body }),
      })
    const register = async () =>
      (await json(await call('POST', '', { token: 'token-1', platform: 'android' }))).id
    await setMirror(h, app, 'flameup', { mode: 'local' })
    const former = await register()
    await setMirror(h, app, 'flameup', { mode: 'record', upstream: vendor.origin, learn: false })
    const present = await register()
    expect(present).not.toBe(former)
    await setMirror(h, app, 'flameup', { mode: 'local' })
    expect(await register()).toBe(present)
    expect((await call('DELETE', '/token-1')).status).toBeLessThan(300)
    expect(await devicesOf(pair(), app)).toEqual([])
  })
})
