import { describe, expect, test } from 'vitest'
import { createTenant, form, RUNTIME, unique, V1 } from './kit.ts'
import { createPhone, hmacSigner, jws, registration, webSigner } from './phone.ts'

interface Page {
  readonly pageInfo: { readonly next: string; readonly previous: string }
  readonly devices: readonly { readonly href: string }[]
}

/** How the public address is determined: from a trusted proxy's headers, or from the operator's setting. */
const WAYS: readonly [
  name: string,
  headers: Record<string, string>,
  env: Record<string, string>,
  origin: string,
][] = [
  ['a proxy that ends TLS', { Host: 'gw.example', 'X-Forwarded-Proto': 'https' }, {}, 'https://gw.example'],
  [
    'a proxy that renames the host',
    {
      Host: '10.0.0.5',
      'X-Forwarded-Host': 'gw.example',
      'X-Forwarded-Proto': 'https',
      'X-Forwarded-Port': '8443',
    },
    {},
    'https://gw.example:8443',
  ],
  [
    'a proxy that speaks RFC 7239',
    { Host: '10.0.0.5', Forwarded: 'for=203.0.113.7;host=gw.example;proto=https' },
    {},
    'https://gw.example',
  ],
  ['PUBLIC_URL', {}, { PUBLIC_URL: 'https://gw.example' }, 'https://gw.example'],
  ['PUBLIC_URL with a folder', {}, { PUBLIC_URL: 'https://example.com/push/' }, 'https://example.com/push'],
]

describe.each(WAYS)('behind %s (B09a, B09b, M2, C2)', (_, headers, env, origin) => {
  test('every link of a list leads to the outer address', async () => {
    const t = await createTenant({ env })
    for (let n = 0; n < 3; n++) await t.device()
    const page = (await t.ok('GET', '/devices?offset=1&size=1', { headers })) as unknown as Page
    const mount = `${origin}${V1}/apps/${t.app}/devices`
    expect(page.pageInfo.next.startsWith(`${mount}?`)).toBe(true)
    expect(page.pageInfo.previous.startsWith(`${mount}?`)).toBe(true)
    const next = page.pageInfo.next.slice(origin.length)
    const { Authorization } = { Authorization: `Bearer ${await t.token('devices.read')}` }
    const following = await t.h.request('GET', next, { headers: { ...headers, Authorization } })
    expect(following.status).toBe(200)
    const [device] = ((await t.ok('GET', '/devices?expand=true', { headers })) as unknown as Page).devices
    if (device?.href) expect(device.href.startsWith(origin)).toBe(true)
    const made = await t.ok('POST', '/tags', { headers, body: { name: unique('tag'), description: '' } })
    const text = JSON.stringify([made, await t.ok('GET', '/tags', { headers })])
    for (const [, link = ''] of text.matchAll(/"(?:href|uri)":"(http[^"]*)"/g)) {
      expect(link.startsWith(origin)).toBe(true)
    }
  })

  test('a client that registered itself is sent back to its own redirect there', async () => {
    const t = await createTenant({ env })
    const signer = await webSigner()
    const made = await t.h.request('POST', `${RUNTIME}/registration/v1/self`, {
      headers,
      body: { signedRegistrationData: await jws(signer, registration(t.app, unique('phone'), signer)) },
    })
    expect(made.status).toBe(201)
    const location = made.headers.get('location') ?? ''
    expect(location.startsWith(`${origin}/mfp/api/registration/clients/`)).toBe(true)
    const client = location.split('/').at(-1) ?? ''
    const redirect = (to: string) =>
      t.h.request(
        'GET',
        `${RUNTIME}/az/v1/authorization?${form({ response_type: 'code', client_id: client, scope: 'push.mobileclient', redirect_uri: to })}`,
        { headers },
      )
    const own = `${RUNTIME}/az/v1/authorization/redirect/${client}`
    const answer = await redirect(`${origin}${own}`)
    expect(answer.status).toBe(302)
    expect(answer.headers.get('location')?.startsWith(`${origin}${own}?code=`)).toBe(true)
    expect((await redirect(own)).status).toBe(302)
    expect((await redirect(`https://evil.example${own}`)).status).toBe(400)
    expect((await redirect(`http://10.0.0.5${own}`)).status).toBe(400)
  })

  test('the admin API tells where a new app is', async () => {
    const t = await createTenant({ env })
    const answer = await t.h.request('POST', '/admin/v1/apps', {
      headers: { ...headers, Authorization: 'Bearer test-admin-token-0123456789' },
      body: { name: 'shop', dialects: {} },
    })
    const { id } = await answer.json<{ id: string }>()
    expect(answer.headers.get('location')).toBe(`${origin}/admin/v1/apps/${id}`)
  })
})

test('headers of somebody who is no believed proxy change no link', async () => {
  const t = await createTenant()
  for (let n = 0; n < 2; n++) await t.device()
  const headers = {
    'x-test-address': '198.51.100.1',
    'X-Forwarded-Proto': 'https',
    'X-Forwarded-Host': 'evil.example',
    Forwarded: 'host=evil.example',
  }
  const page = (await t.ok('GET', '/devices?offset=0&size=1', { headers })) as unknown as Page
  expect(page.pageInfo.next).toMatch(/^http:\/\/gateway\.test\//)
})

test('a token is had with an HMAC key behind a proxy too', async () => {
  const t = await createTenant({ env: { PUBLIC_URL: 'https://gw.example' } })
  expect(await (await createPhone(t.h, t.app, await hmacSigner())).token('push.mobileclient')).not.toBe('')
})
