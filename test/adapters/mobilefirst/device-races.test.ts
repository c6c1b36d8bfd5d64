import { describe, expect, test } from 'vitest'
import { createTenant, type Tenant, unique } from './kit.ts'

const PAIRS = 20

interface Held {
  readonly token: string
  readonly platform: string
}

/** The device in its own API and in the admin API. */
async function heldBy(t: Tenant, deviceId: string) {
  const device = (await t.ok('GET', `/devices/${deviceId}`)) as unknown as Held
  const { devices } = await (await t.h.admin('GET', `/apps/${t.id}/devices`)).json<{
    devices: { externalId: string; token: string | null; provider: string | null; platform: string }[]
  }>()
  const ours = devices.find(({ externalId }) => externalId === deviceId)
  return { ...device, ours }
}

const PROVIDERS: Readonly<Record<string, string>> = { A: 'apns', G: 'fcm', W: 'wns', WEB_SAFARI: 'apns' }

/** Concurrent requests, in both orders. */
async function together(calls: readonly (() => Promise<Response>)[], turned: boolean): Promise<number[]> {
  const answers = await Promise.all((turned ? calls.toReversed() : calls).map((call) => call()))
  return answers.map(({ status }) => status)
}

describe('a PUT that names no token (review B1)', () => {
  test.each([
    ['the platform that it has', { platform: 'A' }],
    ['another platform', { platform: 'G' }],
    ['another platform of the same service', { platform: 'WEB_SAFARI' }],
    ['another platform and a user', { platform: 'W', userId: 'alice' }],
    ['a user alone', { userId: 'alice' }],
  ])('leaves the token that a POST beside it named: %s', async (_, body) => {
    const t = await createTenant()
    for (let pair = 0; pair < PAIRS; pair++) {
      const { deviceId = '' } = await t.device({ token: unique('old') })
      const token = unique('new')
      const post = { body: { deviceId, token, platform: 'A' } }
      const statuses = await together(
        [() => t.send('POST', '/devices', post), () => t.send('PUT', `/devices/${deviceId}`, { body })],
        pair % 2 === 1,
      )
      expect(statuses).toEqual([200, 200])
      const held = await heldBy(t, deviceId)
      expect(held.token).toBe(token)
      expect(held.ours).toMatchObject({ token, provider: PROVIDERS[held.platform] })
    }
  })

  test('leaves the one that a PUT beside it named, under the service of the platform that it named itself', async () => {
    const t = await createTenant()
    for (let pair = 0; pair < PAIRS; pair++) {
      const { deviceId = '' } = await t.device({ token: unique('old') })
      const token = unique('new')
      const put = (body: unknown) => () => t.send('PUT', `/devices/${deviceId}`, { body })
      expect(await together([put({ token }), put({ platform: 'G' })], pair % 2 === 1)).toEqual([200, 200])
      expect(await heldBy(t, deviceId)).toMatchObject({
        token,
        platform: 'G',
        ours: { token, provider: 'fcm', platform: 'android' },
      })
    }
  })

  test('of several at once all succeed, and the token is under the service of the last platform', async () => {
    const t = await createTenant()
    const { deviceId = '', token } = await t.device()
    const platforms = Array.from({ length: 20 }, (_, at) => ['A', 'G', 'W', 'WEB_SAFARI'][at % 4] ?? 'A')
    const calls = platforms.map(
      (platform) => () => t.send('PUT', `/devices/${deviceId}`, { body: { platform } }),
    )
    expect(new Set(await together(calls, false))).toEqual(new Set([200]))
    const held = await heldBy(t, deviceId)
    expect(held.token).toBe(token)
    expect(held.ours).toMatchObject({ token, provider: PROVIDERS[held.platform] })
  })

  test('changes the platform of a device whose token went to another one', async () => {
    const t = await createTenant()
    const first = await t.device()
    await t.device({ token: first.token })
    const changed = await t.ok('PUT', `/devices/${first.deviceId}`, { body: { platform: 'G' } })
    expect(changed).toMatchObject({ token: '', platform: 'G' })
    const { ours } = await heldBy(t, first.deviceId ?? '')
    expect(ours).toMatchObject({ token: null, platform: 'android' })
  })
})
