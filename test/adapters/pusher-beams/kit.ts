import { SignJWT } from 'jose'
import { expect } from 'vitest'
import type { Answer } from '../../contract/adapter.ts'
import { breakable, send } from '../../contract/tenant.ts'
import { type AppDocument, createHarness, type Harness } from '../../harness/harness.ts'

export type BeamsPlatform = 'apns' | 'fcm' | 'web'
export const PLATFORMS: readonly BeamsPlatform[] = ['apns', 'fcm', 'web']
export const UUID = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/.source

export interface RequestParts {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** One instance, and the calls of its SDKs. */
export interface Beams {
  readonly h: Harness
  readonly app: AppDocument
  readonly instanceId: string
  readonly secretKey: string
  /** `/device_api/v1/instances/{instance}`. */
  readonly base: string
  /** Makes the database fail while an error is set. */
  readonly fault: { fault: Error | null }
  call(method: string, path: string, parts?: RequestParts): Promise<Answer>
  /** Registers a token (a new one by default), which must succeed. */
  register(platform?: BeamsPlatform, body?: Readonly<Record<string, unknown>>): Promise<Registered>
  interests(device: string): Promise<readonly string[]>
  setInterests(device: string, interests: readonly string[]): Promise<void>
  /** PUT user with a token; by default a valid one for `user`. */
  setUser(device: string, token: string): Promise<Answer>
  userToken(user: string, more?: TokenParts): Promise<string>
  admin(query?: string): Promise<Record<string, unknown>[]>
}

export interface Registered {
  readonly id: string
  readonly initialInterestSet: readonly string[]
  readonly path: string
}

export interface TokenParts {
  readonly claims?: Readonly<Record<string, unknown>>
  readonly header?: Readonly<Record<string, unknown>>
  readonly key?: string
}

export async function openBeams(
  setup: Readonly<Record<string, unknown>> = {},
  more: Readonly<Record<string, unknown>> = {},
  open?: Harness,
): Promise<Beams> {
  const { db, state } = breakable()
  const h = open ?? (await createHarness({ dialect: 'pusher-beams', db }))
  const app = await h.createApp({ 'pusher-beams': setup }, more)
  const document = app.dialects['pusher-beams']
  const instanceId = String(document?.instanceId)
  const secretKey = String(setup.secretKey ?? document?.secretKey)
  const base = `/device_api/v1/instances/${instanceId}`
  const tenant = { h, app, dialect: document ?? {}, headers: {} }
  const call: Beams['call'] = (method, path, parts) => send(tenant, { method, path, ...parts })

  return {
    h,
    app,
    instanceId,
    secretKey,
    base,
    fault: state,
    call,
    async register(platform = 'fcm', body = {}) {
      const path = `${base}/devices/${platform}`
      const answer = await call('POST', path, { body: { ...registration(platform), ...body } })
      expect(answer.status, answer.text).toBe(200)
      const { id, initialInterestSet } = answer.json as { id: string; initialInterestSet: string[] }
      return { id, initialInterestSet, path: `${path}/${id}` }
    },
    async interests(device) {
      const answer = await call('GET', `${device}/interests`)
      expect(answer.status, answer.text).toBe(200)
      return (answer.json as { interests: string[] }).interests
    },
    async setInterests(device, interests) {
      expectVoid(await call('PUT', `${device}/interests`, { body: { interests } }))
    },
    setUser: (device, token) =>
      call('PUT', `${device}/user`, { headers: { Authorization: `Bearer ${token}` } }),
    userToken(user, { claims = {}, header = {}, key = secretKey } = {}) {
      const all = {
        sub: user,
        exp: Math.floor(h.clock.now.getTime() / 1000) + 86_400,
        iss: `https://${instanceId}.pushnotifications.pusher.com`,
        ...claims,
      }
      return new SignJWT(defined(all))
        .setProtectedHeader({ alg: 'HS256', typ: 'JWT', ...header })
        .sign(new TextEncoder().encode(key))
    },
    async admin(query = '') {
      const response = await h.admin('GET', `/apps/${app.id}/devices?limit=100${query}`)
      return (await response.json<{ devices: Record<string, unknown>[] }>()).devices
    },
  }
}

/** Without undefined members: an omitted claim. */
const defined = (of: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(of).filter(([, value]) => value !== undefined))

/** A token that no other test has, in the form of its platform. */
export function newToken(platform: BeamsPlatform): string {
  const unique = crypto.randomUUID()
  if (platform === 'apns') return unique.replaceAll('-', '').repeat(2)
  return platform === 'fcm' ? `${unique}:APA91b` : webToken(`https://push.test/${unique}`)
}

/** A web token as the SDK creates it: base64 of the subscription's JSON. */
export const webToken = (endpoint: string, keys: unknown = { p256dh: 'BPublic', auth: 'secret' }): string =>
  btoa(JSON.stringify({ endpoint, expirationTime: null, keys }))

/** The registration of each SDK. */
export function registration(platform: BeamsPlatform): Record<string, unknown> {
  const token = newToken(platform)
  if (platform === 'apns') {
    const metadata = { sdkVersion: '4.0.0', iosVersion: '17.2' }
    return { token, bundleIdentifier: 'com.example.shop', metadata }
  }
  if (platform === 'fcm') {
    return { token, knownPreviousClientIds: [], metadata: { sdkVersion: '1.9.2', androidVersion: '14' } }
  }
  return { token, metadata: { sdkVersion: '2.1.0' } }
}

/** Every error: its status, its JSON with exactly two members, and CORS. */
export function expectError(answer: Answer, status: number, error: string, description?: string): void {
  expect(answer.status, answer.text).toBe(status)
  expect(answer.json).toEqual({ error, description: description ?? expect.stringMatching(/./) })
  expect(answer.headers.get('Content-Type')).toBe('application/json')
  expect(answer.headers.get('Access-Control-Allow-Origin')).toBe('*')
}

/** A success without content. */
export function expectVoid(answer: Answer): void {
  expect({ status: answer.status, text: answer.text }).toEqual({ status: 200, text: '' })
  // Stated explicitly, because an HTTP/1.0 proxy or a simple client waits for a length.
  expect(answer.headers.get('Content-Length')).toBe('0')
}

export const unknownId = (platform: BeamsPlatform): string => `${platform}-${crypto.randomUUID()}`

/**
 * Everything that the admin API shows of the app's devices: equal before and after a call that must change
 * nothing.
 */
export async function stateOf({ h, app }: Beams): Promise<unknown> {
  const read = async (path: string): Promise<unknown> =>
    (await h.admin('GET', `/apps/${app.id}/${path}`)).json()
  return [await read('devices?limit=100'), await read('topics'), await read('stats'), await read('receipts')]
}

/** The row of the seed for a header without a token signed by this instance. */
export const MALFORMED = [401, 'Unauthorized', '`Authorization` header token is malformed.'] as const

/** The time of the harness's clock, in seconds. */
export const now = (beams: Beams): number => Math.floor(beams.h.clock.now.getTime() / 1000)

export const userOf = async (beams: Beams, path: string): Promise<string> =>
  ((await beams.call('GET', path)).json as { userId: string }).userId

/** An instance with one device, and that device's path. */
export async function withDevice(platform: BeamsPlatform = 'fcm', setup: Record<string, unknown> = {}) {
  const beams = await openBeams(setup)
  return { beams, path: (await beams.register(platform)).path }
}

/** So many valid names, in byte order. */
export const numbered = (count: number, from = 0): string[] =>
  Array.from({ length: count }, (_, n) => `i${String(n + from).padStart(4, '0')}`)
