import { describe, expect, test } from 'vitest'
import type { AppDocument, RequestOptions } from '../harness/harness.ts'
import { HOSTILE, setMirror, type VendorServer } from './kit.ts'
import { countsOf, devicesOf, json, recorded } from './record-kit.ts'

/**
 * Line 5 of section 9 of the contract: each mode with each vendor, healthy, slow, down or wrong: who answers,
 * what is stored on both sides, and what is counted. In each dialect, a change of a device that both sides
 * have.
 */

type Part = Readonly<Record<string, unknown>>
interface Dialect {
  /** Creates the device. */
  readonly make: (
    of: Part,
    device: Record<string, unknown> | undefined,
  ) => readonly [string, string, RequestOptions]
  /** Changes it. */
  readonly change: Dialect['make']
  /** The property of the device that is changed. */
  readonly changed: Readonly<Record<string, unknown>>
}

const keyOf = (part: Part) => (part.apiKeys as readonly { readonly key: string }[] | undefined)?.[0]?.key
const beams = ({ instanceId }: Part) => `/device_api/v1/instances/${instanceId}/devices/fcm`
const pushwoosh = ({ applicationCode: application }: Part, request: object): RequestOptions => ({
  body: { request: { application, hwid: 'd1', ...request } },
})
const flameup = (part: Part, more: object): RequestOptions => ({
  body: { token: 'token-1', platform: 'android', ...more },
  headers: { Authorization: `Bearer ${keyOf(part)}` },
})
const backendless = ({ applicationId, apiKeys }: Part) =>
  `/${applicationId}/${(apiKeys as Record<string, string>).rest}/messaging/registrations`
const backendlessDevice = { deviceId: 'd1', deviceToken: 'token-1', os: 'ANDROID', osVersion: '1' }
const mobilefirst = ({ applicationId, token }: Part, path: string, pushToken: string) =>
  [
    `/imfpush/v1/apps/${applicationId}/devices${path}`,
    {
      body: { deviceId: 'd1', platform: 'G', token: pushToken },
      headers: { Authorization: `Bearer ${token}`, Accept: 'application/json' },
    },
  ] as const

const DIALECTS: Readonly<Record<string, Dialect>> = {
  'pusher-beams': {
    make: (of) => ['POST', beams(of), { body: { token: 'token-1' } }],
    change: (of, device) => [
      'PUT',
      `${beams(of)}/${device?.externalId}/metadata`,
      { body: { sdkVersion: '9.9' } },
    ],
    changed: { sdkVersion: '9.9' },
  },
  pushwoosh: {
    make: (of) => [
      'POST',
      '/json/1.3/registerDevice',
      pushwoosh(of, { device_type: 3, push_token: 'token-1' }),
    ],
    change: (of) => ['POST', '/json/1.3/setTags', pushwoosh(of, { tags: { Level: 7 } })],
    changed: { tags: { Level: 7 } },
  },
  flameup: {
    make: (of) => ['POST', '/api/v1/people/anna/devices', flameup(of, {})],
    change: (of) => ['POST', '/api/v1/people/anna/devices', flameup(of, { device_model: 'Pixel 9' })],
    changed: { model: 'Pixel 9' },
  },
  backendless: {
    make: (of) => ['POST', backendless(of), { body: backendlessDevice }],
    change: (of) => ['POST', backendless(of), { body: { ...backendlessDevice, osVersion: '9' } }],
    changed: { osVersion: '9' },
  },
  mobilefirst: {
    make: (of) => ['POST', ...mobilefirst(of, '', 'token-1')],
    change: (of) => ['PUT', ...mobilefirst(of, '/d1', 'token-2')],
    changed: { token: 'token-2' },
  },
}

const TOKEN = '/mfp/api/az/v1/token'
const answered = (status: number, body: object) => () => Response.json(body, { status })
const hostile = (name: string) => HOSTILE[name] as VendorServer['answer']
const UNREACHABLE = { counted: 'failed.unreachable' } as const

interface Vendor {
  readonly answer?: VendorServer['answer']
  /** The error for a call that the vendor did not answer. */
  readonly counted?: string
  /** How long the gateway waits for the vendor; the maximum by default. */
  readonly timeoutMs?: number
}

const VENDORS: Readonly<Record<string, Vendor>> = {
  'that is well': {},
  'that is slow': { answer: hostile('that never answers'), counted: 'failed.timeout', timeoutMs: 300 },
  'that is down': { answer: hostile('that answers 500'), ...UNREACHABLE },
  'that answers HTML': { answer: hostile('that answers HTML'), ...UNREACHABLE },
  'that redirects': { answer: hostile('that redirects'), ...UNREACHABLE },
  'that limits calls': { answer: hostile('that limits calls'), ...UNREACHABLE },
  'that dies in the middle of a body': {
    answer: hostile('that dies in the middle of a body'),
    ...UNREACHABLE,
  },
  'that refuses': { answer: answered(403, { status_code: 403, code: 4711, message: 'no' }) },
  'that lies': { answer: answered(200, { status_code: 200, strange: true }) },
}

/** Which sides have the change afterwards, the status of the answer, and the counts. */
interface Outcome {
  readonly status: 'good' | number
  readonly ours: boolean
  readonly theirs: boolean
  readonly counts: Readonly<Record<string, number>>
}

function outcomeOf(mode: string, name: string, counted: string | undefined): Outcome {
  const passed = { requests: 1, sent: 1 }
  const alike = name === 'that is well'
  if (mode === 'shadow') {
    const ours = { status: 'good', ours: true, theirs: alike } as const
    if (counted !== undefined) return { ...ours, counts: { requests: 1, waiting: 1, [counted]: 1 } }
    const compared = { ...passed, compared: 1, [alike ? 'equal' : 'differing']: 1 }
    if (name !== 'that refuses') return { ...ours, counts: compared }
    return { ...ours, counts: { ...compared, 'failed.refused': 1, diverged: 1 } }
  }
  if (counted !== undefined)
    return { status: 503, ours: false, theirs: false, counts: { requests: 1, [counted]: 1 } }
  if (name === 'that refuses')
    return { status: 403, ours: false, theirs: false, counts: { ...passed, 'failed.refused': 1 } }
  const recorded = mode === 'record'
  const compared = recorded ? { compared: 1, [alike ? 'equal' : 'differing']: 1 } : {}
  return { status: 'good', ours: recorded, theirs: alike, counts: { ...passed, ...compared } }
}

describe.each(Object.entries(DIALECTS))('9.5 %s', (dialect, { make, change, changed }) => {
  const pair = recorded(dialect, {})
  let token = ''
  const call = ([method, path, options]: readonly [string, string, RequestOptions]) =>
    pair().h.request(method, path, options)
  const part = (): Part => ({ ...pair().app.dialects[dialect], token })

  /** A token for calls of MobileFirst, for a client of one side. */
  async function authorized(app: AppDocument): Promise<Record<string, string>> {
    if (dialect !== 'mobilefirst') return {}
    const { h } = pair()
    const made = await h.admin('POST', `/apps/${app.id}/credentials`, {
      ...{ dialect, kind: 'client', name: `back-end-${crypto.randomUUID()}`, scopes: ['*'] },
    })
    const client = (await made.json()) as { readonly name: string; readonly secret: string }
    const scope = `devices.read devices.write push.application.${part().applicationId}`
    const answer = await h.request('POST', TOKEN, {
      headers: {
        Authorization: `Basic ${btoa(`${client.name}:${client.secret}`)}`,
        'Content-Type': 'application/x-www-form-urlencoded',
      },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }).toString(),
    })
    token = String((await json(answer)).access_token)
    return { clientId: client.name, clientSecret: client.secret }
  }

  /** The device is on both sides, and the mirror is new. */
  async function begin(mode: string, timeoutMs = 60_000): Promise<void> {
    const { h, app, theirs, vendor } = pair()
    const credentials = await authorized(theirs)
    expect((await call(make(part(), undefined))).status).toBeLessThan(300)
    await h.settled()
    await setMirror(h, app, dialect, null)
    h.clock.advance(61_000)
    if (mode === 'shadow') await authorized(app)
    const mirror = { mode, upstream: vendor.origin, learn: false, timeoutMs }
    const sealed = dialect === 'mobilefirst' && { credentials }
    expect((await setMirror(h, app, dialect, { ...mirror, ...sealed })).status).toBe(200)
    vendor.asked.length = 0
  }

  const cases = ['forward', 'record', 'shadow'].flatMap((mode) =>
    Object.entries(VENDORS).map(([name, of]) => ({ mode, name, ...of })),
  )
  test.each(cases)('in $mode, a vendor $name', async ({ mode, name, answer, counted, timeoutMs }) => {
    await begin(mode, timeoutMs)
    const { h, vendor, app, theirs, played } = pair()
    vendor.answer = (asked) => (asked.target === TOKEN ? played(asked) : (answer ?? played)(asked))
    const expected = outcomeOf(mode, name, counted)
    const got = await call(change(part(), (await devicesOf(pair(), app))[0]))
    await got.arrayBuffer()
    if (expected.status === 'good') expect(got.status).toBeLessThan(300)
    else expect(got.status).toBe(expected.status)
    expect(got.headers.get('location')).toBeNull()
    // On a busy machine, the time may run out before the call has reached a slow vendor; it is never made
    // twice.
    if (mode === 'shadow') expect(vendor.asked).toHaveLength(0)
    else if (timeoutMs !== undefined) expect(vendor.asked.length).toBeLessThanOrEqual(1)
    else expect(vendor.asked).toHaveLength(1)
    await h.settled()
    await h.copy()
    for (const [side, has] of [
      [app, expected.ours],
      [theirs, expected.theirs],
    ] as const) {
      const [device] = await devicesOf(pair(), side)
      if (has) expect(device).toMatchObject(changed)
      else expect(device).not.toMatchObject(changed)
    }
    expect(await countsOf(pair())).toEqual(expected.counts)
  })
})
