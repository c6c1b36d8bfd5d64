import { SignJWT } from 'jose'
import { describe, expect, test } from 'vitest'
import type { AppDocument } from '../harness/harness.ts'
import { setMirror } from './kit.ts'
import { countsOf, devicesOf, json, type Recorded, recorded } from './record-kit.ts'

const FORM = { 'Content-Type': 'application/x-www-form-urlencoded' }
const TOKEN = '/mfp/api/az/v1/token'

async function copied({ h }: Recorded): Promise<void> {
  await h.settled()
  await h.copy()
}

describe('shadowed MobileFirst calls', () => {
  const pair = recorded('mobilefirst', {}, { mode: 'shadow' })
  const id = () => String(pair().app.dialects.mobilefirst?.applicationId)
  /** A confidential client of an app. */
  const client = async (app: AppDocument) => {
    const made = await pair().h.admin('POST', `/apps/${app.id}/credentials`, {
      ...{ dialect: 'mobilefirst', kind: 'client', name: `back-end-${crypto.randomUUID()}`, scopes: ['*'] },
    })
    return (await made.json()) as { readonly name: string; readonly secret: string }
  }
  /** The vendor's client is used for our copies; the phones' tokens belong to one of our clients. */
  const begin = async () => {
    const { h, app, theirs, vendor } = pair()
    const [{ name: clientId, secret: clientSecret }, own] = [await client(theirs), await client(app)]
    const mirror = { mode: 'shadow', upstream: vendor.origin, credentials: { clientId, clientSecret } }
    expect((await setMirror(h, app, 'mobilefirst', mirror)).status).toBe(200)
    const answer = await h.request('POST', TOKEN, {
      headers: { ...FORM, Authorization: `Basic ${btoa(`${own.name}:${own.secret}`)}` },
      body: `grant_type=client_credentials&scope=${encodeURIComponent(`devices.read devices.write subscriptions.write tags.write push.application.${id()}`)}`,
    })
    const { access_token: token } = await json(answer)
    return async (method: string, path: string, body?: unknown) => {
      const sent = await h.request(method, `/imfpush/v1/apps/${id()}${path}`, {
        headers: { Authorization: `Bearer ${token}`, Accept: 'application/json' },
        ...(body !== undefined && { body }),
      })
      const text = await sent.text()
      return { status: sent.status, body: text === '' ? null : JSON.parse(text) }
    }
  }
  const asked = (target: string) => pair().vendor.asked.filter((one) => one.target.startsWith(target))

  test('are answered here, and copied with a token that the vendor gives to the operator’s client', async () => {
    const call = await begin()
    const body = { deviceId: 'd1', platform: 'G', token: 'token-1', userId: 'anna' }
    expect(await call('POST', '/devices', body)).toMatchObject({ status: 201 })
    expect(await call('GET', '/devices/d1')).toMatchObject({ status: 200 })
    expect(pair().vendor.asked).toEqual([])
    await copied(pair())
    for (const app of [pair().app, pair().theirs])
      expect(await devicesOf(pair(), app)).toMatchObject([
        { externalId: 'd1', token: 'token-1', userId: 'anna' },
      ])
    expect(asked(TOKEN)).toHaveLength(1)
    expect(await countsOf(pair())).toMatchObject({ sent: 2, compared: 2, equal: 2 })
  })

  test('end a subscription by its id, which the vendor knows by device and tag', async () => {
    const call = await begin()
    const { h, app, theirs } = pair()
    for (const one of [app, theirs]) {
      const of = await h.gateway.apps.findById('mobilefirst', one.id)
      if (of) await h.gateway.catalogue.create({ app: of, name: 'news & more', description: '' })
    }
    await call('POST', '/devices', { deviceId: 'd1', platform: 'G', token: 'token-1' })
    const made = await call('POST', '/subscriptions', { deviceId: 'd1', tagName: 'news & more' })
    await copied(pair())
    expect(await devicesOf(pair(), theirs)).toMatchObject([{ topics: ['Push.ALL', 'news & more'] }])
    const { subscriptionId } = made.body as { subscriptionId: string }
    expect(await call('DELETE', `/subscriptions/${subscriptionId}`)).toMatchObject({ status: 204 })
    await copied(pair())
    for (const one of [app, theirs])
      expect(await devicesOf(pair(), one)).toMatchObject([{ topics: ['Push.ALL'] }])
    expect(await countsOf(pair())).toMatchObject({ sent: 3, compared: 3, equal: 3 })
  })

  test('are sent with another token once the vendor does not take the one it gave', async () => {
    const call = await begin()
    await call('POST', '/devices', { deviceId: 'd1', platform: 'G', token: 'token-1' })
    await copied(pair())
    const { vendor, played } = pair()
    let refused = 0
    vendor.answer = (one) =>
      one.target === TOKEN || refused++ > 0 ? played(one) : new Response(null, { status: 401 })
    await call('PUT', '/devices/d1', { deviceId: 'd1', platform: 'G', token: 'token-2' })
    await copied(pair())
    expect(asked(TOKEN)).toHaveLength(2)
    expect(await devicesOf(pair(), pair().theirs)).toMatchObject([{ token: 'token-2' }])
  })

  test('wait where the vendor refuses the operator’s client, and go once it is let in', async () => {
    const call = await begin()
    const { vendor, played, h } = pair()
    vendor.answer = () => Response.json({ errorCode: 'invalid_client' }, { status: 401 })
    await call('POST', '/devices', { deviceId: 'd1', platform: 'G', token: 'token-1' })
    await copied(pair())
    expect(await countsOf(pair())).toMatchObject({ waiting: 1, 'failed.unreachable': 1 })
    vendor.answer = played
    h.clock.advance(2000)
    await copied(pair())
    expect(await devicesOf(pair(), pair().theirs)).toMatchObject([{ externalId: 'd1' }])
  })

  test('keep the credentials where the mirror changes without them, and never show them', async () => {
    await begin()
    const { h, app, vendor } = pair()
    await setMirror(h, app, 'mobilefirst', { mode: 'shadow', upstream: vendor.origin, timeoutMs: 500 })
    const own = await h.gateway.apps.findById('mobilefirst', app.id)
    expect(own && (await h.gateway.mirrors.credentials(own))).toMatchObject({
      clientId: expect.any(String),
    })
    const shown = await (await h.admin('GET', `/apps/${app.id}`)).text()
    expect(shown).not.toContain('sealed')
  })
})

describe('a deletion of a user of Beams', () => {
  const pair = recorded('pusher-beams', {}, { mode: 'shadow' })
  const instance = () => pair().app.dialects['pusher-beams'] as Record<string, string>
  const remove = (user: string) =>
    pair().h.request('DELETE', `/customer_api/v1/instances/${instance().instanceId}/users/${user}`, {
      headers: { Authorization: `Bearer ${instance().secretKey}` },
    })
  const withKey = (key: unknown) => {
    const { h, app, vendor } = pair()
    const credentials = { secretKey: key }
    return setMirror(h, app, 'pusher-beams', { mode: 'shadow', upstream: vendor.origin, credentials })
  }

  test('stays here without the vendor’s own key', async () => {
    expect((await remove('anna')).status).toBe(200)
    await copied(pair())
    expect(pair().vendor.asked).toEqual([])
    expect(await countsOf(pair())).toEqual({ requests: 1, 'notSent.never': 1 })
  })

  test('goes to the vendor with its own key, and nothing that waited of the user goes after it', async () => {
    const { vendor, h } = pair()
    await withKey('the-vendors-own-secret-key')
    const base = `/device_api/v1/instances/${instance().instanceId}/devices/fcm`
    vendor.answer = () => Response.json({}, { status: 503 })
    const { id } = await json(await h.request('POST', base, { body: { token: 'token-1' } }))
    const app = await h.gateway.apps.findById('pusher-beams', pair().app.id)
    if (!app) throw new Error('no app')
    await h.gateway.users.bind({
      ...{ app, externalId: String(id), user: { id: 'anna', proved: true } },
      ...{ rules: { replace: false, limit: null }, cause: crypto.randomUUID() },
    })
    await h.request('POST', `${base}/${id}/interests/news`)
    await h.settled()
    vendor.answer = () => new Response(null, { status: 200 })
    vendor.asked.length = 0
    expect((await remove('anna')).status).toBe(200)
    h.clock.advance(5000)
    await copied(pair())
    expect(vendor.asked).toMatchObject([
      { method: 'DELETE', target: `/customer_api/v1/instances/${instance().instanceId}/users/anna` },
    ])
    expect(vendor.asked[0]?.headers.get('authorization')).toBe('Bearer the-vendors-own-secret-key')
  })

  test('is never overtaken by a sign-in of the same user that came after it, nor holds up those of others', async () => {
    const { vendor, h } = pair()
    await withKey('the-vendors-own-secret-key')
    const base = `/device_api/v1/instances/${instance().instanceId}/devices/fcm`
    const ids: Record<string, string> = {}
    for (const user of ['anna', 'bert']) {
      const id = `fcm-${crypto.randomUUID()}`
      vendor.answer = ({ method }) =>
        method === 'POST' ? Response.json({ id, initialInterestSet: [] }) : new Response(null)
      await h.request('POST', base, { body: { token: `token of ${user}` } })
      await copied(pair())
      ids[user] = id
    }
    let down = true
    vendor.answer = ({ target }) =>
      down && target.endsWith('/anna') ? Response.json({}, { status: 503 }) : new Response(null)
    expect((await remove('anna')).status).toBe(200)
    await copied(pair())
    vendor.asked.length = 0
    const signIn = async (user: string) => {
      const headers = { Authorization: `Bearer ${await tokenOf(user)}` }
      expect((await h.request('PUT', `${base}/${ids[user]}/user`, { headers })).status).toBe(200)
      await copied(pair())
    }
    await signIn('bert')
    expect(vendor.asked.map(({ method }) => method)).toEqual(['PUT'])
    await signIn('anna')
    h.clock.advance(1000)
    await copied(pair())
    expect(vendor.asked.filter(({ method }) => method === 'PUT')).toHaveLength(1)
    down = false
    vendor.asked.length = 0
    for (let second = 0; second < 8; second++) {
      h.clock.advance(1000)
      await copied(pair())
    }
    expect(vendor.asked.map(({ method }) => method)).toEqual(['DELETE', 'PUT'])
    expect(vendor.asked[1]?.target).toBe(`${base}/${ids.anna}/user`)
  })

  /** A token of the app's own back end. */
  const tokenOf = (sub: string) =>
    new SignJWT({
      ...{ sub, iss: `https://${instance().instanceId}.pushnotifications.pusher.com` },
      exp: Math.floor(pair().h.clock.now.getTime() / 1000) + 3600,
    })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .sign(new TextEncoder().encode(String(instance().secretKey)))
})
