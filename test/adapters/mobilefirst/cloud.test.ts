import { describe, expect, test } from 'vitest'
import { type Answer, createTenant, type Tenant } from './kit.ts'

/** The IBM Cloud variant (contract, section 9): plain secrets in their own headers. */
async function secretOf(t: Tenant, kind: 'appSecret' | 'clientSecret'): Promise<string> {
  const added = await t.h.admin('POST', `/apps/${t.id}/credentials`, { dialect: 'mobilefirst', kind })
  expect(added.status).toBe(201)
  return (await added.json<{ secret: string }>()).secret
}

describe('the secrets of the IBM Cloud variant', () => {
  test.each(['clientSecret', 'appSecret'])(
    'are refused with 401 where they are made up: %s',
    async (name) => {
      const t = await createTenant()
      await secretOf(t, 'clientSecret')
      const answer = await t.send('GET', '/tags', { token: null, headers: { [name]: 'made-up' } })
      expect(answer.status).toBe(401)
      expect(answer.headers.get('www-authenticate')).toBe('Bearer')
      expect(await answer.json<Answer>()).toMatchObject({ message: expect.any(String) })
    },
  )

  test('open what an app on a device does, with arrays in a 207 for whatever is asked in bulk', async () => {
    const t = await createTenant()
    await t.tags('a', 'b')
    const headers = { clientSecret: await secretOf(t, 'clientSecret'), 'X-REWRITE-DOMAIN': 'x' }
    const send = (method: string, path: string, body?: unknown) =>
      t.send(method, path, { token: null, headers, ...(body !== undefined && { body }) })
    const device = { deviceId: 'd', platform: 'A', token: `t-${t.app}`, userId: 'u', variables: {} }
    expect((await send('GET', '/devices/d')).status).toBe(404)
    expect((await send('POST', '/devices', device)).status).toBe(201)
    expect((await send('PUT', '/devices/d', device)).status).toBe(200)
    const whole = await send('POST', '/subscriptions', { deviceId: 'd', tagNames: ['a'] })
    expect([whole.status, await whole.json<Answer>()]).toMatchObject([
      207,
      { subscribed: [{ tagName: 'a' }] },
    ])
    const partly = await send('POST', '/subscriptions', { deviceId: 'd', tagNames: ['a', 'b', 'x'] })
    expect([partly.status, await partly.json<Answer>()]).toMatchObject([
      207,
      { subscribed: [{ tagName: 'b' }], subscriptionExists: { tags: ['a'] }, tagsNotFound: { tags: ['x'] } },
    ])
    expect((await send('POST', '/subscriptions', { deviceId: 'd', tagName: 'b' })).status).toBe(200)
    expect((await send('GET', '/subscriptions?deviceId=d')).status).toBe(200)
    expect((await send('DELETE', '/subscriptions?deviceId=d&tagName=a')).status).toBe(204)
    for (const [method, path] of [
      ['GET', '/devices'],
      ['GET', '/subscriptions'],
      ['DELETE', '/tags/a'],
      ['GET', '/settings'],
    ] as const) {
      expect([path, (await send(method, path)).status]).toEqual([path, 403])
    }
    expect((await send('DELETE', '/devices/d')).status).toBe(204)
  })

  test('of a back end open every operation of their own application, and nothing of another', async () => {
    const t = await createTenant()
    const other = await createTenant({ h: t.h })
    const headers = { appSecret: await secretOf(t, 'appSecret') }
    for (const path of ['/devices', '/tags', '/settings', '/webhooks', '']) {
      expect([path, (await t.send('GET', path, { token: null, headers })).status]).toEqual([path, 200])
    }
    expect((await other.send('GET', '/devices', { token: null, headers })).status).toBe(401)
    const swapped = { clientSecret: headers.appSecret }
    expect((await t.send('GET', '/tags', { token: null, headers: swapped })).status).toBe(401)
  })

  test('are looked at only where there is no token', async () => {
    const t = await createTenant()
    const headers = { appSecret: await secretOf(t, 'appSecret') }
    expect((await t.send('GET', '/tags', { token: 'x.y.z', headers })).status).toBe(401)
  })
})
