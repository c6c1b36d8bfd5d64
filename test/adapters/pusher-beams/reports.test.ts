import { describe, expect, test } from 'vitest'
import { StoreUnavailable } from '../../../src/domain/error.ts'
import { type Beams, expectError, expectVoid, openBeams, PLATFORMS, unknownId } from './kit.ts'

const AT = 1_764_000_000

const reportTo = (beams: Beams, body: unknown, headers = {}) =>
  beams.call('POST', `/reporting_api/v2/instances/${beams.instanceId}/events`, { body, headers })

const receipts = async ({ h, app }: Beams) =>
  (await (await h.admin('GET', `/apps/${app.id}/receipts`)).json<{ receipts: unknown[] }>()).receipts

const event = (deviceId: string, more: Record<string, unknown> = {}) => ({
  event: 'delivery',
  publishId: 'pubid-1',
  deviceId,
  timestampSecs: AT,
  ...more,
})

describe.each(PLATFORMS)('a report of %s', (platform) => {
  test.each([
    ['delivery', 'delivered'],
    ['open', 'opened'],
    ['Delivery', 'delivered'],
    ['Open', 'opened'],
    ['OPEN', 'opened'],
  ])('%s is kept', async (name, kind) => {
    const beams = await openBeams()
    const { id } = await beams.register(platform)
    const [device] = await beams.admin()
    expectVoid(await reportTo(beams, event(id, { event: name })))
    const at = new Date(AT * 1000).toISOString()
    expect(await receipts(beams)).toEqual([
      { deviceId: device?.id, messageId: 'pubid-1', kind, count: 1, firstAt: at, lastAt: at, details: {} },
    ])
  })
})

test('a report keeps what else the SDKs say', async () => {
  const beams = await openBeams()
  const { id } = await beams.register()
  const details = { userId: 'alice', appInBackground: true, hasDisplayableContent: false, hasData: true }
  expectVoid(await reportTo(beams, event(id, { ...details, instanceId: beams.instanceId })))
  expect(await receipts(beams)).toMatchObject([{ details }])
})

test('a repeated report is a success and counts', async () => {
  const beams = await openBeams()
  const { id } = await beams.register()
  for (let n = 0; n < 3; n++) expectVoid(await reportTo(beams, event(id)))
  expect(await receipts(beams)).toMatchObject([{ count: 3 }])
})

describe('a well-formed report is always a success', () => {
  test.each<[string, Record<string, unknown>]>([
    ['about an unknown device', { deviceId: unknownId('fcm') }],
    ['about a device id that is none', { deviceId: 'nonsense' }],
    ['about a publish that nobody knows', { publishId: 'nonsense' }],
    ['with a fraction of a second, as the web SDK sent it before 1.0.1', { timestampSecs: AT + 0.75 }],
    ['from the first second', { timestampSecs: 0 }],
    ['without a user', { userId: null }],
    ['with members of odd types', { userId: 7, appInBackground: 'yes', hasData: null, unheardOf: [] }],
    ['with another instance in its body', { instanceId: 'nonsense' }],
    ['with odd text', { publishId: 'é😀\u0000\'"\\' }],
    ['with half of a character', { publishId: '\ud800', userId: '\udc00' }],
    ['with a long id', { publishId: 'x'.repeat(10_000) }],
  ])('%s', async (_, more) => {
    const beams = await openBeams()
    const { id } = await beams.register()
    expectVoid(await reportTo(beams, event(id, more)))
  })

  test('about a device that was deleted', async () => {
    const beams = await openBeams()
    const { id, path } = await beams.register()
    await beams.call('DELETE', path)
    expectVoid(await reportTo(beams, event(id)))
    expect(await receipts(beams)).toEqual([])
  })

  test('about another instance’s device, of which nothing is kept', async () => {
    const beams = await openBeams()
    const other = await openBeams({}, {}, beams.h)
    const { id } = await other.register()
    expectVoid(await reportTo(beams, event(id)))
    expect([await receipts(beams), await receipts(other)]).toEqual([[], []])
  })

  test('called JSON in whatever case, with a charset', async () => {
    const beams = await openBeams()
    const { id } = await beams.register()
    const headers = { 'Content-Type': 'Application/JSON; charset=utf-8' }
    expectVoid(await reportTo(beams, JSON.stringify(event(id)), headers))
  })
})

test('a fraction of a second is floored', async () => {
  const beams = await openBeams()
  const { id } = await beams.register()
  expectVoid(await reportTo(beams, event(id, { timestampSecs: AT + 0.999 })))
  expect(await receipts(beams)).toMatchObject([{ firstAt: new Date(AT * 1000).toISOString() }])
})

describe('a report is refused, naming the member,', () => {
  test.each<[string, string, unknown]>([
    ['without an event', 'event', undefined],
    ['with an event that nobody knows', 'event', 'dismiss'],
    ['with an event called constructor', 'event', 'constructor'],
    ['with an event called __proto__', 'event', '__proto__'],
    ['with an event that is a number', 'event', 1],
    ['without a publish id', 'publishId', undefined],
    ['with an empty publish id', 'publishId', ''],
    ['with a publish id that is a number', 'publishId', 1],
    ['without a device id', 'deviceId', undefined],
    ['with an empty device id', 'deviceId', ''],
    ['with a device id that is null', 'deviceId', null],
    ['without a time', 'timestampSecs', undefined],
    ['with a time as text', 'timestampSecs', '1764000000'],
    ['with a time that is null', 'timestampSecs', null],
    ['with a time before 1970', 'timestampSecs', -1],
    ['with a time beyond the year 9999', 'timestampSecs', 1e15],
  ])('%s', async (_, member, value) => {
    const beams = await openBeams()
    const { id } = await beams.register()
    expectError(
      await reportTo(beams, event(id, { [member]: value })),
      400,
      'Bad request',
      `\`${member}\` is missing or not valid.`,
    )
    expect(await receipts(beams)).toEqual([])
  })
})

describe('a report is refused with 400, after which every SDK drops it,', () => {
  test.each<[string, string, Record<string, string>, unknown, string]>([
    ['for an unknown instance', crypto.randomUUID(), {}, event('x'), 'Bad request'],
    ['for an instance that is none', 'nonsense', {}, event('x'), 'Bad Request'],
    ['for an empty instance', '', {}, event('x'), 'Incomplete Request'],
    ['called text', '{i}', { 'Content-Type': 'text/plain' }, '{}', 'Invalid content type'],
    ['that is a list', '{i}', {}, [], 'Bad request'],
    ['that is no JSON', '{i}', { 'Content-Type': 'application/json' }, 'x', 'Bad request'],
    ['of more than 1 MiB', '{i}', {}, event('x', { pad: 'x'.repeat(1024 * 1024) }), 'Bad request'],
    ['at a broken escape', '%zz', {}, event('x'), 'Bad request'],
  ])('%s', async (_, instance, headers, body, error) => {
    const beams = await openBeams()
    const path = `/reporting_api/v2/instances/${instance.replace('{i}', beams.instanceId)}/events`
    expectError(await beams.call('POST', path, { headers, body }), 400, error)
  })
})

test('a report that could not be kept is not acknowledged: a real fault, after which it is sent again', async () => {
  const beams = await openBeams()
  const { id } = await beams.register()
  beams.fault.fault = new StoreUnavailable('out of reach')
  const answer = await reportTo(beams, event(id))
  beams.fault.fault = null
  expectError(answer, 503, 'Service Unavailable')
  expect(answer.headers.get('Retry-After')).toBe('1')
  expectVoid(await reportTo(beams, event(id)))
  expect(await receipts(beams)).toMatchObject([{ count: 1 }])
})
