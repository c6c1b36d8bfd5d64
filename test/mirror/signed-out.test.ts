import { describe, expect, test } from 'vitest'
import { setMirror } from './kit.ts'
import { countsOf, devicesOf, json, recorded } from './record-kit.ts'

/**
 * An app that signs out removes its device and registers the same token again before the vendor has received
 * the removal.
 */
describe('a token that registers again in shadow, behind the end of its device', () => {
  const pair = recorded('pusher-beams', {}, { mode: 'shadow' })
  const base = () => `/device_api/v1/instances/${pair().app.dialects['pusher-beams']?.instanceId}/devices/fcm`
  const call = (method: string, path: string, body?: unknown) =>
    pair().h.request(method, `${base()}${path}`, body === undefined ? {} : { body })
  const register = async (token: string) => {
    const answer = await json(await call('POST', '', { token }))
    expect(answer).toMatchObject({ id: expect.any(String) })
    return String(answer.id)
  }
  const copied = async () => {
    await pair().h.settled()
    await pair().h.copy()
  }
  /** The removal of a device has been sent: the next registration of its token must not get its id. */
  const signedOut = async () => {
    const id = await register('token-1')
    await copied()
    expect((await call('DELETE', `/${id}`)).status).toBe(200)
    return id
  }

  test('is told the id that the vendor gives once it has heard of that', async () => {
    const before = await signedOut()
    const again = register('token-1')
    await pair().h.copy()
    const id = await again
    expect(id).not.toBe(before)
    expect((await call('POST', `/${id}/interests/news`)).status).toBe(200)
    await copied()
    for (const one of [pair().app, pair().theirs])
      expect(await devicesOf(pair(), one)).toMatchObject([
        { externalId: id, token: 'token-1', topics: ['news'] },
      ])
    expect(await countsOf(pair())).not.toHaveProperty('diverged')
  })

  test('is told it, too, where the device was known by its id alone', async () => {
    const { h, app, theirs, vendor } = pair()
    const its = `/device_api/v1/instances/${theirs.dialects['pusher-beams']?.instanceId}/devices/fcm`
    const { id: before } = await json(await h.request('POST', its, { body: { token: 'token-1' } }))
    const mirror = { upstream: vendor.origin, learn: false }
    await setMirror(h, app, 'pusher-beams', { ...mirror, mode: 'record' })
    expect((await call('POST', `/${before}/interests/news`)).status).toBe(200)
    await setMirror(h, app, 'pusher-beams', { ...mirror, mode: 'shadow' })
    expect((await call('DELETE', `/${before}`)).status).toBe(200)
    const again = register('token-1')
    while (!vendor.asked.some(({ method, target }) => method === 'POST' && !target.includes('interests')))
      await new Promise((later) => setTimeout(later, 5))
    await h.copy()
    const id = await again
    expect(id).not.toBe(before)
    for (const one of [app, theirs])
      expect(await devicesOf(pair(), one)).toMatchObject([{ externalId: id, token: 'token-1' }])
  })

  test('is told an id of ours where the vendor does not hear of it in time, and both come in their order', async () => {
    const { vendor, played, h, theirs, app } = pair()
    const before = await signedOut()
    vendor.answer = () => Response.json({}, { status: 503 })
    await copied()
    const asked = vendor.asked.length
    const id = await register('token-1')
    expect(id).not.toBe(before)
    expect(vendor.asked.slice(asked), 'the vendor is not asked meanwhile').toEqual([])
    expect((await call('POST', `/${id}/interests/news`)).status).toBe(200)
    vendor.answer = played
    // The registration is due before the removal of the former device, which waits after a failure.
    await copied()
    expect(await devicesOf(pair(), theirs)).toMatchObject([{ externalId: before }])
    for (let tries = 0; tries < 3; tries++) {
      h.clock.advance(2000)
      await copied()
    }
    expect(await devicesOf(pair(), app)).toMatchObject([{ externalId: id, topics: ['news'] }])
    const [vendors, ...more] = await devicesOf(pair(), theirs)
    expect(more).toEqual([])
    expect(vendors).toMatchObject({ token: 'token-1', topics: ['news'] })
    expect(vendors?.externalId).not.toBe(before)
    expect(await countsOf(pair())).not.toHaveProperty('diverged')
  })

  test('waits for no token but its own', async () => {
    await signedOut()
    const { vendor } = pair()
    vendor.answer = ({ method }) =>
      method === 'DELETE' ? Response.json({}, { status: 503 }) : pair().played(vendor.asked.at(-1) as never)
    const id = await register('token-2')
    // It would have got an id of ours after waiting in vain.
    expect(await devicesOf(pair(), pair().theirs)).toContainEqual(expect.objectContaining({ externalId: id }))
  })

  test('and a new token of another device comes behind the end of the one that had it', async () => {
    const { vendor, played, h } = pair()
    const other = await register('token-2')
    await signedOut()
    vendor.answer = () => Response.json({}, { status: 503 })
    await copied()
    expect((await call('PUT', `/${other}/token`, { token: 'token-1' })).status).toBe(200)
    vendor.answer = played
    for (let tries = 0; tries < 4; tries++) {
      await copied()
      h.clock.advance(2000)
    }
    const asked = vendor.asked.map(({ method }) => method)
    expect(asked.lastIndexOf('DELETE')).toBeLessThan(asked.lastIndexOf('PUT'))
    for (const one of [pair().app, pair().theirs])
      expect(await devicesOf(pair(), one)).toMatchObject([{ externalId: other, token: 'token-1' }])
  })
})
