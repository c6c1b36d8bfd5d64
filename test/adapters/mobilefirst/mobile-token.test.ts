import { describe, expect, test } from 'vitest'
import { createTenant, type Tenant, V1 } from './kit.ts'
import { androidSigner, createPhone, type Phone, type Signer } from './phone.ts'

const MOBILE = 'push.mobileclient'

async function setUp(signer: Signer = androidSigner()): Promise<{ t: Tenant; phone: Phone }> {
  const t = await createTenant()
  return { t, phone: await createPhone(t.h, t.app, signer) }
}

describe('a mobile token', () => {
  const OWN: readonly (readonly [string, string, unknown])[] = [
    ['POST', '/devices', { deviceId: '{me}', platform: 'G', token: 'fcm-{me}' }],
    ['GET', '/devices/{me}', undefined],
    ['PUT', '/devices/{me}', { userId: 'alice' }],
    ['GET', '/tags', undefined],
    ['POST', '/subscriptions', { deviceId: '{me}', tagName: 'news' }],
    ['POST', '/subscriptions', { deviceId: '{me}', tagNames: ['sport'] }],
    ['GET', '/subscriptions?deviceId={me}', undefined],
    ['POST', '/subscriptions?action=delete', { deviceId: '{me}', tagNames: ['sport'] }],
    ['DELETE', '/subscriptions?deviceId={me}&tagName=news', undefined],
    ['GET', '/settings/gcmConfPublic', undefined],
    ['DELETE', '/devices/{me}', undefined],
  ]
  const put = (value: unknown, id: string) => JSON.parse(JSON.stringify(value ?? null).replaceAll('{me}', id))

  test('opens its own device’s business and nothing of another’s', async () => {
    const { t, phone } = await setUp()
    await t.tags('news', 'sport')
    await t.ok('PUT', '/settings/gcmConf', { body: { apiKey: 'k', senderId: '123' } })
    const victim = await t.device()
    const token = await phone.token(MOBILE)
    const challenge = `Bearer error="insufficient_scope", scope="RegisteredClient ${MOBILE}"`
    for (const [method, path, body] of OWN) {
      const send = (id: string) =>
        t.send(method, path.replace('{me}', id), {
          token,
          ...(body !== undefined && { body: put(body, id) }),
        })
      if (JSON.stringify([path, body]).includes('{me}')) {
        const refused = await send(victim.deviceId ?? '')
        expect([method, path, refused.status]).toEqual([method, path, 403])
        expect(refused.headers.get('www-authenticate')).toBe(challenge)
      }
      const own = await send(phone.deviceId)
      expect([method, path, own.status < 300], await own.text()).toEqual([method, path, true])
    }
    expect(await t.ok('GET', `/devices/${victim.deviceId}`)).toMatchObject({ token: victim.token })
  })

  test.each([
    ['GET', '/devices'],
    ['GET', '/subscriptions'],
    ['GET', '/subscriptions?filter=deviceId==x'],
    ['GET', '/subscriptions/x'],
    ['DELETE', '/subscriptions/x'],
    ['POST', '/tags'],
    ['GET', '/tags/news'],
    ['DELETE', '/tags/news'],
    ['GET', ''],
    ['DELETE', ''],
    ['PUT', '/status'],
    ['GET', '/settings'],
    ['GET', '/settings/gcmConf'],
    ['PUT', '/settings/gcmConf'],
    ['GET', '/webhooks'],
    ['POST', '/webhooks'],
  ])('does not open %s %s, whatever names it holds', async (method, path) => {
    const { t, phone } = await setUp()
    const token = await phone.token(`${MOBILE} devices.read devices.write subscriptions.write`)
    const answer = await t.send(method, path, { token })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('www-authenticate')).toContain(`scope="RegisteredClient ${MOBILE}"`)
  })

  test('without the scope is told which one to ask for, as the SDKs’ first contact needs', async () => {
    const { t, phone } = await setUp()
    const token = await phone.token('RegisteredClient')
    const answer = await t.send('GET', `/devices/${phone.deviceId}`, { token })
    expect(answer.status).toBe(403)
    expect(answer.headers.get('www-authenticate')).toBe(
      `Bearer error="insufficient_scope", scope="RegisteredClient ${MOBILE}"`,
    )
  })

  test('opens no other application and no list of applications', async () => {
    const { t, phone } = await setUp()
    const other = await createTenant({ h: t.h })
    const headers = { Authorization: `Bearer ${await phone.token(MOBILE)}` }
    const body = { deviceId: phone.deviceId, platform: 'G', token: 'x' }
    const path = `${V1}/apps/${other.app}/devices`
    expect((await t.h.request('POST', path, { headers, body })).status).toBe(403)
    expect((await t.h.request('GET', `${V1}/apps`, { headers })).status).toBe(403)
  })
})
