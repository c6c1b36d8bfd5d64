import { describe, expect, test } from 'vitest'
import { setMirror, type VendorServer } from './kit.ts'
import { devicesOf, json, recorded } from './record-kit.ts'

/** Delays a vendor's answer; resolves once the vendor was called. */
function held(vendor: VendorServer, played: VendorServer['answer'], is: (target: string) => boolean) {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const asked = new Promise<void>((resolve) => {
    vendor.answer = async (one) => {
      const answer = await played(one)
      if (one.method === 'GET' || one.target.endsWith('getTags')) {
        if (is(one.target)) {
          resolve()
          await released
        }
      }
      return answer
    }
  })
  return { asked, release }
}

const later = () => new Promise((resolve) => setTimeout(resolve, 100))

describe('what is counted at Pushwoosh', () => {
  const pair = recorded('pushwoosh', {})
  const request = (members: object) => ({
    body: {
      request: { application: pair().app.dialects.pushwoosh?.applicationCode, hwid: 'h1', ...members },
    },
  })
  const setTags = (tags: object) => pair().h.request('POST', '/json/1.3/setTags', request({ tags }))
  const learning = () =>
    setMirror(pair().h, pair().app, 'pushwoosh', { mode: 'record', upstream: pair().vendor.origin })
  const up = { Launches: { operation: 'increment', value: 1 } }
  const both = [{ externalId: 'h1' }]

  /** The vendor knows of launches that this gateway has not seen. */
  async function launched(launches: number, likes: string[] = []) {
    const { h, app, vendor } = pair()
    await setMirror(h, app, 'pushwoosh', { mode: 'forward', upstream: vendor.origin })
    await setTags({ Launches: launches, Likes: likes })
  }

  const tagsOf = async () => {
    await pair().h.settled()
    const sides = await Promise.all([pair().app, pair().theirs].map((app) => devicesOf(pair(), app)))
    expect(sides).toMatchObject([both, both])
    return sides.map(([device]) => device?.tags)
  }

  test.each([
    ['at the first call', 0],
    ['once', 1],
    ['three times', 3],
  ])('goes on from the vendor’s value: %s', async (name, more) => {
    await launched(7)
    await learning()
    for (let n = 0; n < 1 + more; n++) expect((await setTags(up)).status).toBe(200)
    const tags = { Launches: 8 + more, Likes: [] }
    expect(await tagsOf(), name).toMatchObject([tags, tags])
  })

  test('while the vendor is asked waits until it has answered', async () => {
    const { h, vendor, played } = pair()
    await launched(7, ['ski'])
    await learning()
    const { asked, release } = held(vendor, played, (target) => target.endsWith('getTags'))
    await h.request('POST', '/json/1.3/registerDevice', request({ device_type: 3, push_token: 'token-1' }))
    await asked
    const begun = vendor.asked.length
    const calls = [setTags(up), setTags({ Likes: { operation: 'append', value: ['jazz'] } })]
    await later()
    expect(vendor.asked).toHaveLength(begun)
    release()
    expect((await Promise.all(calls)).map(({ status }) => status)).toEqual([200, 200])
    const tags = { Launches: 8, Likes: ['ski', 'jazz'] }
    expect(await tagsOf()).toMatchObject([tags, tags])
  })

  test('by calls that come together is counted once each', async () => {
    await launched(7)
    await learning()
    await Promise.all(Array.from({ length: 6 }, () => setTags(up)))
    const tags = { Launches: 13 }
    expect(await tagsOf()).toMatchObject([tags, tags])
  })

  test('before there was time to ask goes on from the vendor’s value once it is asked', async () => {
    const { h, app, vendor } = pair()
    await launched(7)
    await setMirror(h, app, 'pushwoosh', { mode: 'record', upstream: vendor.origin, maxPerSecond: 1 })
    // The only request of this second is about another device.
    await h.request('POST', '/json/1.3/setTags', request({ hwid: 'h0', tags: { Level: 1 } }))
    await setTags(up)
    h.clock.advance(2000)
    await h.request('POST', '/json/1.3/registerDevice', request({ device_type: 3, push_token: 'token-1' }))
    await h.settled()
    expect((await devicesOf(pair(), app)).find(({ externalId }) => externalId === 'h1')).toMatchObject({
      tags: { Launches: 8 },
    })
  })
})

describe('what a device drops while the vendor is asked', () => {
  const pair = recorded('pusher-beams', {})
  test('does not come back: an interest', async () => {
    const { h, app, theirs, vendor, played } = pair()
    const base = `/device_api/v1/instances/${app.dialects['pusher-beams']?.instanceId}/devices/fcm`
    const { id } = await json(await h.request('POST', base, { body: { token: 'token-1' } }))
    await h.request('POST', `${base}/${id}/interests/old`)
    await setMirror(h, app, 'pusher-beams', { mode: 'record', upstream: vendor.origin })
    const { asked, release } = held(vendor, played, (target) => target.endsWith('/interests'))
    await h.request('POST', `${base}/${id}/interests/new`)
    await asked
    const dropped = h.request('DELETE', `${base}/${id}/interests/old`)
    await later()
    release()
    expect((await dropped).status).toBe(200)
    await h.settled()
    for (const one of [app, theirs]) expect(await devicesOf(pair(), one)).toMatchObject([{ topics: ['new'] }])
  })
})

describe('a device whose first call drops something', () => {
  const pair = recorded('pusher-beams', {})
  test('is asked about: an interest', async () => {
    const { h, app, theirs, vendor } = pair()
    const base = `/device_api/v1/instances/${app.dialects['pusher-beams']?.instanceId}/devices/fcm`
    await setMirror(h, app, 'pusher-beams', { mode: 'forward', upstream: vendor.origin })
    const { id } = await json(await h.request('POST', base, { body: { token: 'token-1' } }))
    await h.request('PUT', `${base}/${id}/interests`, { body: { interests: ['a', 'b'] } })
    await setMirror(h, app, 'pusher-beams', { mode: 'record', upstream: vendor.origin })
    expect((await h.request('DELETE', `${base}/${id}/interests/a`)).status).toBe(200)
    await h.settled()
    for (const one of [app, theirs]) {
      expect(await devicesOf(pair(), one)).toMatchObject([{ externalId: id, topics: ['b'] }])
    }
  })

  test('is asked about again where the vendor was not there', async () => {
    const { h, app, vendor, played } = pair()
    const base = `/device_api/v1/instances/${app.dialects['pusher-beams']?.instanceId}/devices/fcm`
    await setMirror(h, app, 'pusher-beams', { mode: 'forward', upstream: vendor.origin })
    const { id } = await json(await h.request('POST', base, { body: { token: 'token-1' } }))
    await h.request('PUT', `${base}/${id}/interests`, { body: { interests: ['a', 'b'] } })
    await setMirror(h, app, 'pusher-beams', { mode: 'record', upstream: vendor.origin })
    vendor.answer = (one) => (one.method === 'GET' ? new Response('down', { status: 500 }) : played(one))
    await h.request('POST', `${base}/${id}/interests/c`)
    await h.settled()
    expect(await devicesOf(pair(), app)).toMatchObject([{ topics: ['c'] }])
    vendor.answer = played
    await h.request('POST', `${base}/${id}/interests/d`)
    await h.settled()
    expect(await devicesOf(pair(), app)).toMatchObject([{ topics: ['a', 'b', 'c', 'd'] }])
  })
})
