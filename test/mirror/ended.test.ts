import { describe, expect, test } from 'vitest'
import { officeOf } from '../transfer/kit.ts'
import { countsOf, devicesOf, recorded, registerPhone, registrationsPath } from './record-kit.ts'

/** A call that removes a device, in the form that the vendor accepts. */
interface Ended {
  readonly dialect: string
  readonly externalId: string
  readonly method: string
  readonly path: (part: Readonly<Record<string, unknown>>) => string
  readonly body?: (part: Readonly<Record<string, unknown>>) => unknown
  readonly answer: () => Response
}

const BEAMS = `fcm-${crypto.randomUUID()}`
const key = ({ apiKeys }: Readonly<Record<string, unknown>>) =>
  (apiKeys as readonly { readonly key: string }[] | undefined)?.[0]?.key
const pushwoosh = (method: string): Ended => ({
  ...{ dialect: 'pushwoosh', externalId: 'd1', method: 'POST' },
  path: () => `/json/1.3/${method}`,
  body: ({ applicationCode }) => ({ request: { application: applicationCode, hwid: 'd1' } }),
  answer: () => Response.json({ status_code: 200, status_message: 'OK', response: null }),
})
const none = () => new Response(null, { status: 204 })

const CALLS: readonly Ended[] = [
  {
    ...{ dialect: 'backendless', externalId: 'd1', method: 'DELETE' },
    path: ({ applicationId, apiKeys }) =>
      `/${applicationId}/${(apiKeys as { rest: string }).rest}/messaging/registrations/d1`,
    answer: () => Response.json({ result: true }),
  },
  {
    ...{ dialect: 'flameup', externalId: 'token-1', method: 'DELETE' },
    path: () => '/api/v1/people/anna/devices/token-1',
    answer: none,
  },
  {
    ...{ dialect: 'mobilefirst', externalId: 'd1', method: 'DELETE' },
    path: ({ applicationId }) => `/imfpush/v1/apps/${applicationId}/devices/d1`,
    answer: none,
  },
  {
    ...{ dialect: 'pusher-beams', externalId: BEAMS, method: 'DELETE' },
    path: ({ instanceId }) => `/device_api/v1/instances/${instanceId}/devices/fcm/${BEAMS}`,
    answer: () => new Response(null, { status: 200 }),
  },
  pushwoosh('deleteDevice'),
]

describe.each(CALLS)('a $dialect device that only the vendor knew', (of) => {
  const pair = recorded(of.dialect, {})

  /** Imports a row about the device from a file of the vendor. */
  const imported = (exportedAt: Date, row: object) =>
    officeOf(pair().h, pair().app.id).import(
      `format=ndjson&dialect=${of.dialect}&exportedAt=${exportedAt.toISOString()}`,
      `${JSON.stringify({ externalId: of.externalId, platform: 'android', token: 'token-1', ...row })}\n`,
    )

  test('and that ends there does not come back with an older file, but with a newer one', async () => {
    const { h, app, vendor } = pair()
    vendor.answer = of.answer
    const part = app.dialects[of.dialect] ?? {}
    const exported = h.clock.now
    h.clock.advance(3_600_000)
    const answer = await h.request(of.method, of.path(part), {
      headers: { Authorization: `Bearer ${key(part)}` },
      ...(of.body && { body: of.body(part) }),
    })
    expect(answer.ok).toBe(true)
    expect(await devicesOf(pair(), app)).toEqual([])
    const counts = await countsOf(pair())
    expect(counts).toMatchObject({ requests: 1, notComparable: 1 })
    expect(counts).not.toHaveProperty('diverged')
    h.clock.advance(3_600_000)
    expect(await imported(exported, {})).toMatchObject({ reasons: { gone_since: 1 } })
    expect(await devicesOf(pair(), app)).toEqual([])
    await imported(h.clock.now, { model: 'Pixel' })
    expect(await devicesOf(pair(), app)).toMatchObject([{ externalId: of.externalId, token: 'token-1' }])
  })
})

describe('a Pushwoosh device that only the vendor knew', () => {
  const pair = recorded('pushwoosh', {})
  test('and that is unregistered there does not get its token back by an older file', async () => {
    const { h, app, vendor } = pair()
    const { method, path, body, answer } = pushwoosh('unregisterDevice')
    vendor.answer = answer
    const exported = h.clock.now
    h.clock.advance(3_600_000)
    const part = app.dialects.pushwoosh ?? {}
    expect((await h.request(method, path(part), { body: body?.(part) })).status).toBe(200)
    await officeOf(h, app.id).import(
      `format=ndjson&dialect=pushwoosh&exportedAt=${exported.toISOString()}`,
      `${JSON.stringify({ externalId: 'd1', platform: 'android', token: 'token-1' })}\n`,
    )
    expect(await devicesOf(pair(), app)).toMatchObject([{ externalId: 'd1', token: null }])
  })
})

describe('a Backendless phone that ends its registration and registers anew with fewer channels', () => {
  const pair = recorded('backendless', {})
  const row = { externalId: 'd1', platform: 'android', token: 'token-1', topics: ['news', 'sport'] }
  const file = (exportedAt: Date, more: object = {}) =>
    [
      `format=ndjson&dialect=backendless&exportedAt=${exportedAt.toISOString()}`,
      `${JSON.stringify({ ...row, ...more })}\n`,
    ] as const
  const again = async () => {
    const { h, app, vendor } = pair()
    vendor.answer = ({ method }) =>
      Response.json(method === 'DELETE' ? { result: true } : { registrationId: 'ID-1::news' })
    h.clock.advance(3_600_000)
    await h.request('DELETE', `${registrationsPath(app)}/d1`)
    expect((await registerPhone(pair())).status).toBe(200)
    h.clock.advance(3_600_000)
  }

  test.each([
    ['only the vendor knew before', false],
    ['was known here before', true],
  ])('gets none of the others back by an older file, but by a newer one, if it %s', async (_, known) => {
    const { h, app } = pair()
    const office = officeOf(h, app.id)
    const exported = h.clock.now
    if (known) await office.import(...file(exported))
    await again()
    const older = file(exported, { tags: { Level: 7 }, model: 'Pixel' })
    await office.import(...older)
    expect(await devicesOf(pair(), app)).toMatchObject([{ externalId: 'd1', topics: ['news'], tags: {} }])
    await office.import(...file(h.clock.now, { language: 'de' }))
    const [device] = await devicesOf(pair(), app)
    expect(new Set(device?.topics as string[])).toEqual(new Set(['news', 'sport']))
  })
})
