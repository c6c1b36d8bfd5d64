import { describe, expect, test } from 'vitest'
import { createHarness } from '../../harness/harness.ts'
import { type Answer, createTenant, type Tenant, unique } from './kit.ts'

/** The same phone in Pusher Beams: it registers with a token and sets its interests. */
async function beams(t: Tenant) {
  const shown = await (await t.h.admin('GET', `/apps/${t.id}`)).json<Answer>()
  const base = `/device_api/v1/instances/${shown.dialects['pusher-beams']?.instanceId}/devices/fcm`
  return {
    async register(token: string) {
      const answer = await t.h.request('POST', base, { body: { token } })
      return answer.json<{ id: string; initialInterestSet: string[] }>()
    },
    async interests(id: string, interests?: string[]) {
      const path = `${base}/${id}/interests`
      if (interests) await t.h.request('PUT', path, { body: { interests } })
      return (await (await t.h.request('GET', path)).json<{ interests: string[] }>()).interests
    },
    remove: (id: string) => t.h.request('DELETE', `${base}/${id}`),
  }
}

const both = () => createTenant({ dialects: { 'pusher-beams': {} } })
const topicsOf = async (t: Tenant, deviceId: unknown) => {
  const { subscriptions } = await t.ok('GET', `/subscriptions?deviceId=${deviceId}`)
  return (subscriptions as { tagName: string }[]).map(({ tagName }) => tagName).sort()
}

describe('a phone that is in two dialects', () => {
  test('brings along the topics that are tags here, and no others (R6)', async () => {
    const t = await both()
    const other = await beams(t)
    await t.tags('news', 'sport')
    const token = unique('fcm')
    const { id } = await other.register(token)
    await other.interests(id, ['news', 'no-tag'])
    const { deviceId } = await t.device({ token, platform: 'G' })
    expect(await topicsOf(t, deviceId)).toEqual(['Push.ALL', 'news'])
    const { subscriptions } = (await t.ok('GET', `/subscriptions?deviceId=${deviceId}`)) as {
      subscriptions: { subscriptionId: string }[]
    }
    for (const { subscriptionId } of subscriptions) {
      expect((await t.send('GET', `/subscriptions/${subscriptionId}`)).status).toBe(200)
    }
  })

  test('takes its tags along but not the automatic one (R6)', async () => {
    const t = await both()
    const other = await beams(t)
    await t.tags('news')
    const token = unique('fcm')
    const { deviceId } = await t.device({ token, platform: 'G' })
    await t.ok('POST', '/subscriptions', { body: { deviceId, tagName: 'news' } })
    const { initialInterestSet } = await other.register(token)
    expect(initialInterestSet).toEqual(['news'])
  })

  test('brings nothing along where the app does not want it (R6)', async () => {
    const h = await createHarness()
    const t = await createTenant({ h, dialects: { 'pusher-beams': {} } })
    await h.admin('PATCH', `/apps/${t.id}`, { settings: { carryOver: false } })
    const other = await beams(t)
    await t.tags('news')
    const token = unique('fcm')
    const { id } = await other.register(token)
    await other.interests(id, ['news'])
    const { deviceId } = await t.device({ token, platform: 'G' })
    expect(await topicsOf(t, deviceId)).toEqual(['Push.ALL'])
  })

  test('brings nothing along a second time after it was deleted (R6, R9)', async () => {
    const t = await both()
    const other = await beams(t)
    await t.tags('news')
    const token = unique('fcm')
    const { id } = await other.register(token)
    await other.interests(id, ['news'])
    const { deviceId } = await t.device({ token, platform: 'G' })
    await t.ok('DELETE', `/devices/${deviceId}`)
    await t.device({ deviceId, token, platform: 'G' })
    expect(await topicsOf(t, deviceId)).toEqual(['Push.ALL'])
  })

  test('has a user here without one there (R7)', async () => {
    const t = await both()
    const other = await beams(t)
    const token = unique('fcm')
    await other.register(token)
    const { deviceId } = await t.device({ token, platform: 'G', userId: 'alice' })
    await t.ok('PUT', `/devices/${deviceId}`, { body: { userId: 'bob' } })
    const { devices } = await (await t.h.admin('GET', `/apps/${t.id}/devices`)).json<Answer>()
    const users = Object.fromEntries(
      (devices as { dialect: string; userId: string | null }[]).map(({ dialect, userId }) => [
        dialect,
        userId,
      ]),
    )
    expect(users).toEqual({ mobilefirst: 'bob', 'pusher-beams': null })
  })

  test('goes on in the one when it leaves the other (R10)', async () => {
    const t = await both()
    const other = await beams(t)
    const token = unique('fcm')
    const { id } = await other.register(token)
    const { deviceId } = await t.device({ token, platform: 'G' })
    await t.ok('DELETE', `/devices/${deviceId}`)
    expect(await other.interests(id)).toEqual([])
    const { devices } = await (await t.h.admin('GET', `/apps/${t.id}/devices`)).json<Answer>()
    expect(devices).toMatchObject([{ dialect: 'pusher-beams', token, active: true }])
    const again = await t.device({ token, platform: 'G' })
    await other.remove(id)
    expect(await t.ok('GET', `/devices/${again.deviceId}`)).toMatchObject({ token })
  })

  test('is listed here by its own device alone', async () => {
    const t = await both()
    const other = await beams(t)
    await other.register(unique('fcm'))
    const { deviceId } = await t.device()
    expect(await t.ok('GET', '/devices')).toMatchObject({
      devices: [{ deviceId }],
      pageInfo: { totalCount: '1' },
    })
    expect(await t.ok('GET', '/subscriptions')).toMatchObject({ pageInfo: { totalCount: '1' } })
  })
})

test('the runtime context is where the operator puts it', async () => {
  const h = await createHarness({ env: { MFP_CONTEXT: '/shop/worklight' } })
  const app = unique('com.example.context')
  const scopes = ['tags.read', `push.application.${app}`]
  await h.createApp({
    mobilefirst: { applicationId: app, clients: [{ clientId: app, clientSecret: 's', scopes }] },
  })
  const ask = (context: string) =>
    h.request('POST', `${context}/api/az/v1/token`, {
      headers: {
        Authorization: `Basic ${btoa(`${app}:s`)}`,
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope: scopes.join(' ') }).toString(),
    })
  expect((await ask('/mfp')).status).toBe(404)
  const { access_token: token } = await (await ask('/shop/worklight')).json<Answer>()
  for (const mount of ['/imfpush/v1', '/shop/worklight/api/imfpush/v1']) {
    const headers = { Authorization: `Bearer ${token}` }
    expect((await h.request('GET', `${mount}/apps/${app}/tags`, { headers })).status).toBe(200)
  }
})
