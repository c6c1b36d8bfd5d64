import { describe, expect, test } from 'vitest'
import { setMirror } from './kit.ts'
import { json, recorded, summaryOf } from './record-kit.ts'

const SECRETS = {
  token: 'APA91bVerySecretPushToken0123456789',
  user: 'anna@example.com',
  jwt: `eyJhbGciOiJIUzI1NiJ9.${btoa('{"sub":"anna@example.com"}').replaceAll('=', '')}.c2lnbmF0dXJlLW9mLWFubmE`,
}
const TABLES = ['mirror_copies', 'mirror_diffs', 'mirror_signatures', 'mirror_counts', 'mirror_subjects']
const BEARER = { Authorization: `Bearer ${SECRETS.jwt}` }

type Part = Readonly<Record<string, unknown>>
type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Response>
interface Dialect {
  /** Names a device and its user, as far as the dialect can. */
  readonly calls: (call: Call, part: Part) => Promise<unknown>
  /** The app's own secrets, which calls contain. */
  readonly keys: (part: Part) => readonly string[]
}

const flameupKey = ({ apiKeys }: Part) => (apiKeys as readonly { readonly key: string }[])[0]?.key ?? ''
const restKey = ({ apiKeys }: Part) => (apiKeys as Readonly<Record<string, string>>).rest ?? ''
const DIALECTS: Readonly<Record<string, Dialect>> = {
  'pusher-beams': {
    async calls(call, { instanceId }) {
      const path = `/device_api/v1/instances/${instanceId}/devices/fcm`
      const { id } = await json(await call('POST', path, { token: SECRETS.token }))
      await call('PUT', `${path}/${id}/user`, undefined, BEARER)
      await call('PUT', `${path}/${id}/metadata`, { sdkVersion: '1.2' })
    },
    keys: () => [],
  },
  mobilefirst: {
    async calls(call, { applicationId, bearer }) {
      const headers = { Authorization: `Bearer ${bearer}`, Accept: 'application/json' }
      const device = { deviceId: 'd1', platform: 'G', token: SECRETS.token, userId: SECRETS.user }
      await call('POST', `/imfpush/v1/apps/${applicationId}/devices`, device, headers)
    },
    keys: ({ bearer }) => [String(bearer)],
  },
  flameup: {
    async calls(call, part) {
      const headers = { Authorization: `Bearer ${flameupKey(part)}` }
      const path = `/api/v1/people/${encodeURIComponent(SECRETS.user)}/devices`
      await call('POST', path, { token: SECRETS.token, platform: 'android' }, headers)
      await call('DELETE', `${path}/${SECRETS.token}`, undefined, headers)
    },
    keys: (part) => [flameupKey(part)],
  },
  backendless: {
    async calls(call, part) {
      const path = `/${part.applicationId}/${restKey(part)}/messaging/registrations`
      const headers = { 'user-token': SECRETS.jwt }
      await call('POST', path, { deviceId: 'd1', deviceToken: SECRETS.token, os: 'ANDROID' }, headers)
      await call('GET', `${path}/d1`, undefined, headers)
    },
    keys: (part) => [restKey(part)],
  },
}
const cases = ['forward', 'record', 'shadow'].flatMap((mode) =>
  Object.keys(DIALECTS).map((dialect) => ({ mode, dialect })),
)

describe.each(cases)('9.6 a mirror of $dialect in the mode $mode', ({ mode, dialect }) => {
  const { calls, keys } = DIALECTS[dialect] as Dialect
  const pair = recorded(dialect, {}, { mode: 'record' })
  const call: Call = (method, path, body, headers = {}) =>
    pair().h.request(method, path, { headers, ...(body !== undefined && { body }) })

  /** What a phone of MobileFirst gets from the side that answers it, with a part of our app's document. */
  async function partOf(): Promise<Part> {
    const { h, app, vendor } = pair()
    await setMirror(h, app, dialect, null)
    const part = app.dialects[dialect] ?? {}
    const [client] = (part.clients ?? []) as { readonly clientId: string; readonly clientSecret: string }[]
    const body = `grant_type=client_credentials&scope=${encodeURIComponent(`devices.write push.application.${part.applicationId}`)}`
    const answer =
      client &&
      (await call('POST', '/mfp/api/az/v1/token', body, {
        Authorization: `Basic ${btoa(`${client.clientId}:${client.clientSecret}`)}`,
        'Content-Type': 'application/x-www-form-urlencoded',
      }))
    const bearer = answer && (await json(answer)).access_token
    const { clientId, clientSecret } = client ?? {}
    const sealed = client && { credentials: { clientId, clientSecret } }
    const set = await setMirror(h, app, dialect, { mode, upstream: vendor.origin, learn: false, ...sealed })
    expect(set.status).toBe(200)
    return { ...part, bearer }
  }

  test('shows and keeps no token, key, JWT or address: in differences, summary, errors, log and tables', async () => {
    const part = await partOf()
    const { h, app, vendor } = pair()
    // A vendor that repeats its requests, in texts of its own.
    const said = ({ body, target }: { readonly body: string; readonly target: string }) => ({
      ...{ id: `fcm-${crypto.randomUUID()}`, said: body, path: `of ${target}`, strange: SECRETS.user },
      ...{ access_token: SECRETS.jwt, token_type: 'Bearer', expires_in: 3600 },
    })
    vendor.answer = (asked) => Response.json(said(asked))
    await calls(call, part)
    await h.settled()
    await h.copy()
    vendor.answer = () =>
      new Response(`<html>${SECRETS.token} ${SECRETS.user} ${SECRETS.jwt}`, { status: 500 })
    const errors: string[] = []
    await calls(async (...of) => {
      const answer = await call(...of)
      if (!answer.ok) errors.push(await answer.clone().text())
      return answer
    }, part)
    await h.settled()
    const rows = await h.db.read(
      TABLES.map((name) => ({ statement: { text: `SELECT * FROM ${name}`, binds: [] }, values: {} })),
    )
    h.clock.advance(2000)
    await h.copy()
    const summary = await summaryOf(pair(), dialect)
    expect(summary.requests).toBeGreaterThan(0)
    const diffs = await json(await h.admin('GET', `/apps/${app.id}/mirror/${dialect}/diffs`))
    const all = JSON.stringify([errors, rows, diffs, summary, h.log, h.logged])
    for (const secret of [...Object.values(SECRETS), ...keys(part)]) expect(all).not.toContain(secret)
    expect(all).not.toContain(encodeURIComponent(SECRETS.user))
  })
})
