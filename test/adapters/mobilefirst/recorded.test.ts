import { expect, test } from 'vitest'
import { playedBy } from '../../harness/played.ts'
import { createTenant, type Tenant, unique, V1 } from './kit.ts'
import { androidSigner, createPhone, webSigner } from './phone.ts'

/**
 * What the native SDKs send, in their order and with their headers (contract, sections 6 and 8; read in
 * cordova-plugin-mfp-push 8.0.2024082808, which is Android's archive and iOS's framework under a Cordova bridge).
 */
interface Exchange {
  readonly method: string
  /** Below the application; `{device}` is the client's own id. */
  readonly path: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
  readonly status: number
  /** At least these members. */
  readonly answer?: unknown
}

const ANDROID = {
  Accept: '*/*',
  'Content-Type': 'application/json; charset=utf-8',
  'User-Agent': 'WLNativeAPI(generic_x86; sdk_gphone; Android 13)',
  'x-wl-analytics-tracking-id': 'd5b1a1f4',
}
const IOS = {
  Accept: '*/*',
  'Content-Type': 'application/json; charset=UTF-8',
  'User-Agent': 'shop/1.0 CFNetwork/1474 Darwin/23.0.0',
  'Accept-Language': 'de-DE,de;q=0.9',
}
const strings = (members: readonly string[]) =>
  Object.fromEntries(members.map((name) => [name, expect.any(String)]))
/** Android reads each with `getString`: a missing one throws. */
const device = {
  deviceId: '{device}',
  userId: 'anonymous',
  ...strings(['token', 'platform', 'createdMode', 'createdTime', 'lastUpdatedTime']),
}

const ANDROID_RUN: readonly Exchange[] = [
  { method: 'GET', path: '/settings/gcmConfPublic', status: 200, answer: { senderId: '4711' } },
  { method: 'GET', path: '/devices/{device}', status: 404, answer: strings(['message', 'code']) },
  {
    method: 'POST',
    path: '/devices',
    body: { deviceId: '{device}', token: 'fcm-1-{device}', platform: 'G', phoneNumber: '' },
    status: 201,
    answer: { ...device, token: 'fcm-1-{device}', platform: 'G' },
  },
  { method: 'GET', path: '/tags', status: 200, answer: { tags: [{ name: 'a' }, { name: 'b' }] } },
  {
    method: 'POST',
    path: '/subscriptions',
    body: { deviceId: '{device}', tagNames: ['a', 'b'] },
    status: 201,
    answer: { subscribed: [{ tagName: 'a' }, { tagName: 'b' }] },
  },
  {
    method: 'GET',
    path: '/subscriptions?deviceId={device}',
    status: 200,
    answer: { subscriptions: [{ tagName: 'Push.ALL' }, { tagName: 'a' }, { tagName: 'b' }] },
  },
  {
    method: 'POST',
    path: '/subscriptions?action=delete',
    body: { deviceId: '{device}', tagNames: ['a'] },
    status: 200,
    answer: { unsubscribed: [{ tagName: 'a' }] },
  },
  // The next start: a new token.
  { method: 'GET', path: '/devices/{device}', status: 200, answer: { token: 'fcm-1-{device}' } },
  {
    method: 'PUT',
    path: '/devices/{device}',
    body: { deviceId: '{device}', token: 'fcm-2-{device}', platform: 'G' },
    status: 200,
    answer: { ...device, token: 'fcm-2-{device}' },
  },
  { method: 'DELETE', path: '/devices/{device}', status: 204 },
]

const IOS_RUN: readonly Exchange[] = [
  {
    method: 'GET',
    path: '/devices/{device}',
    status: 404,
    answer: { message: expect.stringContaining('nicht gefunden') },
  },
  {
    method: 'POST',
    path: '/devices',
    body: { deviceId: '{device}', token: 'ABCDEF{device}', platform: 'A' },
    status: 201,
    answer: { ...device, token: 'ABCDEF{device}', platform: 'A' },
  },
  {
    method: 'POST',
    path: '/subscriptions',
    body: { deviceId: '{device}', tagNames: ['a', 'none'] },
    status: 207,
    answer: {
      subscribed: [{ tagName: 'a' }],
      tagsNotFound: { tags: '[none]', message: expect.any(String), code: 'FPWSE0001E' },
    },
  },
  {
    method: 'POST',
    path: '/subscriptions?action=delete',
    body: { deviceId: '{device}', tagNames: ['a', 'b'] },
    status: 207,
    answer: {
      unsubscribed: [{ tagName: 'a' }],
      subscriptionNotExists: { tags: '[b]', message: expect.any(String), code: 'FPWSE0012E' },
    },
  },
  {
    method: 'PUT',
    path: '/devices/{device}',
    body: { deviceId: '{device}', token: 'abcdef{device}', platform: 'A' },
    status: 200,
    answer: { ...device, token: 'abcdef{device}' },
  },
  { method: 'DELETE', path: '/devices/{device}', status: 204 },
]

const put = (value: unknown, id: string) =>
  value === undefined ? undefined : JSON.parse(JSON.stringify(value).replaceAll('{device}', id))
/** Like `put`, keeping the matchers. */
function expected(value: unknown, id: string): unknown {
  if (typeof value === 'string') return value.replaceAll('{device}', id)
  if (Array.isArray(value)) return value.map((one) => expected(one, id))
  if (typeof value !== 'object' || value === null || 'asymmetricMatch' in value) return value
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, expected(one, id)]))
}

async function replay(t: Tenant, run: readonly Exchange[], of: { id: string; token: string; sdk: object }) {
  for (const { method, path, body, status, answer } of run) {
    const response = await t.h.request(method, `${V1}/apps/${t.app}${path.replaceAll('{device}', of.id)}`, {
      headers: { ...of.sdk, Authorization: `Bearer ${of.token}` },
      ...(body !== undefined && { body: JSON.stringify(put(body, of.id)) }),
    })
    const text = await response.text()
    expect(`${method} ${path} ${response.status}`, text).toBe(`${method} ${path} ${status}`)
    if (answer !== undefined) expect(JSON.parse(text)).toMatchObject(expected(answer, of.id) as object)
    else expect(text).toBe('')
  }
}

playedBy({ name: 'cordova-plugin-mfp-push', version: '8.0.2024082808', evidence: 'recorded' })

test.each([
  ['Android, and Cordova on it', ANDROID_RUN, ANDROID, androidSigner],
  ['iOS, and Cordova on it', IOS_RUN, IOS, webSigner],
])('the life of a device on %s, as its SDK sends it', async (_, run, sdk, signer) => {
  const t = await createTenant()
  await t.tags('a', 'b')
  await t.ok('PUT', '/settings/gcmConf', { body: { apiKey: unique('key'), senderId: '4711' } })
  const phone = await createPhone(t.h, t.app, await signer())
  const token = await phone.token('push.mobileclient')
  await replay(t, run, { id: phone.deviceId, token, sdk })
  // And again from the start: once unregistered, the SDK starts over.
  await replay(t, run, { id: phone.deviceId, token, sdk })
})
