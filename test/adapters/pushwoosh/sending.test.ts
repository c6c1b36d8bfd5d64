import { beforeEach, describe, expect, test } from 'vitest'
import { type Json, openTenant, type Tenant, tenantOf, unique } from './kit.ts'
import { created, find, kept, sent } from './sending-kit.ts'

const CODE = /^[0-9A-F]{4}-[0-9A-F]{8}-[0-9A-F]{8}$/
const many = (length: number) => Array.from({ length }, (_, at) => `id-${at}`)

let t: Tenant
beforeEach(async () => {
  t = await openTenant()
})
const create = (notifications: unknown, more: Json = {}) =>
  t.send('createMessage', { auth: t.token, notifications, ...more })

describe('createMessage', () => {
  test('answers one code for each notification, whatever the number of devices', async () => {
    const { Messages: codes, ...more } = await created(
      t,
      { content: 'a' },
      { content: 'b', send_date: 'now' },
    )
    expect(more).toEqual({})
    expect(codes).toEqual([expect.stringMatching(CODE), expect.stringMatching(CODE)])
    expect((await kept(t, codes[1] ?? '')).body).toEqual({ content: 'b' })
  })

  test.each([
    ['bad auth', { auth: 'wrong' }, 210, 'Account not found'],
    ['no auth', { auth: undefined }, 210, 'Account not found'],
    ['an unknown application', { application: 'NONE0-00000' }, 210, 'Application not found'],
    ['no application', { application: undefined }, 210, 'Application not found'],
    [
      'a group of applications: there are none here',
      { application: undefined, applications_group: 'GROUP-00001' },
      210,
      'Application not found',
    ],
    ['no notifications', { notifications: undefined }, 210, 'No notifications'],
  ])('%s', async (_, more, code, text) => {
    const { status, body } = await create([{ content: 'a' }], more)
    expect({ status, ...body }).toEqual({
      status: 200,
      status_code: code,
      status_message: text,
      response: null,
    })
  })

  test('an application of another account is 403', async () => {
    const other = await tenantOf(t.h)
    const { status, body } = await create([{ content: 'a' }], { application: other.code })
    const text = 'Token restrictions forbid this operation'
    expect({ status, ...body }).toEqual({
      status: 200,
      status_code: 403,
      status_message: text,
      response: null,
    })
  })

  test('an application of the same account is taken', async () => {
    const other = await tenantOf(t.h, { apiToken: t.token })
    expect((await create([{ content: 'a' }], { application: other.code })).body.status_code).toBe(200)
  })

  test('an empty list of notifications is no fault', async () => {
    expect((await create([])).body).toMatchObject({ status_code: 200, response: { Messages: [] } })
  })

  test.each<[name: string, notification: unknown, text: string | RegExp]>([
    ['a date that cannot be read', { send_date: 'tomorrow' }, 'Cannot parse date'],
    ['a date that no calendar has', { send_date: '2026-02-30 10:00' }, 'Cannot parse date'],
    ['a zone that is unknown', { send_date: '2026-12-01 10:00', timezone: 'Mars/Base' }, /timezone/],
    ['devices as text', { devices: 'a' }, 'Invalid devices list. "devices" must be an array.'],
    ['users as text', { users: 'a' }, 'Invalid users list. "users" must be an array.'],
    ['root parameters as text', { android_root_params: 'a' }, 'android_root_params must be key-value object'],
    ['root parameters of iOS as text', { ios_root_params: 'a' }, 'ios_root_params must be key-value object'],
    ['more than 1000 devices', { devices: many(1001) }, /1000/],
    ['more than 1000 users', { users: many(1001) }, /1000/],
    ['an unknown operator', { conditions: [['a', 'LIKE', 'b']] }, /LIKE/],
    ['conditions that are none', { conditions: 'a' }, /conditions/],
    [
      'an unknown way to join conditions',
      { conditions: [], conditions_operator: 'XOR' },
      /conditions_operator/,
    ],
    ['a stored segment', { filter: 'buyers' }, 'Filter not found'],
    ['a preset without content', { preset: 'AAAAA-BBBBB' }, 'Preset not found'],
    ['a zone alone', { geozone: { lat: 1, lng: 2, range: 3 } }, /Geozones/],
    ['data that is no JSON', { data: '{' }, /data/],
    ['an unknown platform', { platforms: [99] }, /platform/],
    ['a text that is none', { content: ['a'] }, /content/],
    ['a lone surrogate', { content: '\ud800' }, /stored/],
    ['a notification that is none', 'a', /notification/],
  ])('%s is refused, and nothing of the call is accepted', async (_, notification, text) => {
    const given =
      typeof notification === 'string' ? notification : { content: 'b', ...(notification as Json) }
    const faulty = given === notification || !('preset' in Object(notification)) ? given : notification
    const transactionId = unique('transaction')
    const { status, body } = await create([{ content: 'a', transactionId }, faulty])
    expect([status, body.status_code, body.response]).toEqual([200, 210, null])
    expect(body.status_message).toEqual(typeof text === 'string' ? text : expect.stringMatching(text))
    // The key is free: its first use is a new message.
    const [code = ''] = (await created(t, { content: 'c', transactionId })).Messages
    expect((await kept(t, code)).body.content).toBe('c')
  })

  test('one transaction is one message for a day, whatever it says', async () => {
    const [first] = (await created(t, { content: 'a', transactionId: 'T' })).Messages
    t.h.clock.advance(86_000_000)
    expect((await created(t, { content: 'b', transactionId: 'T' })).Messages).toEqual([first])
    t.h.clock.advance(1_000_000)
    expect((await created(t, { content: 'b', transactionId: 'T' })).Messages).not.toEqual([first])
  })

  test('names the devices that nobody has, by id and by token', async () => {
    const [hwid, token] = [unique('h'), unique('t')]
    await t.ok('registerDevice', { hwid, device_type: 3, push_token: token })
    const [none, other] = [unique('none'), unique('none')]
    const { UnknownDevices: unknown } = await created(
      t,
      { devices: [hwid, token, none] },
      { devices: [other] },
    )
    expect(unknown).toEqual({ [t.code]: [none, other] })
    expect(await created(t, { devices: [hwid] })).not.toHaveProperty('UnknownDevices')
  })

  test('an address that keeps presenting wrong tokens is 429 in the body, with Retry-After', async () => {
    const limited = await openTenant({}, { env: { RATE_LIMIT: 'on' } })
    const wrong = () => {
      const request = { auth: 'wrong', notifications: [{ content: 'a' }] }
      return limited.send('createMessage', request, { 'X-Test-Address': '192.0.2.78' })
    }
    for (let n = 0; n < 100; n++) expect((await wrong()).body.status_code).toBe(210)
    const { status, headers, body } = await wrong()
    expect([status, body.status_code, body.response]).toEqual([200, 429, null])
    expect(Number(headers.get('Retry-After'))).toBeGreaterThan(0)
  })

  test('works under the path of old clients, and only by POST', async () => {
    const body = { request: { application: t.code, auth: t.token, notifications: [] } }
    expect((await t.h.request('POST', '/json/1.2/createMessage', { body })).status).toBe(200)
    expect((await t.h.request('GET', '/json/1.3/createMessage')).status).toBe(405)
    const malformed = await t.h.request('POST', '/json/1.3/createMessage', { body: '{}' })
    expect([malformed.status, await malformed.json()]).toMatchObject([400, { status_code: 400 }])
  })
})

describe('whom a notification is for', () => {
  const push = ['ios', 'android', 'macos', 'windows', 'web', 'amazon', 'huawei']
  test.each<[name: string, notification: Json, audience: unknown]>([
    ['everybody', {}, { to: { all: true }, platforms: push }],
    ['everybody, if platforms is empty', { platforms: [] }, { to: { all: true }, platforms: push }],
    ['everybody, if platforms is null', { platforms: null }, { to: { all: true }, platforms: push }],
    ['some platforms', { platforms: [1, 3, '3'] }, { to: { all: true }, platforms: ['ios', 'android'] }],
    ['one browser', { platforms: [11] }, { to: { all: true }, platforms: ['web'], platformNames: ['11'] }],
    [
      'devices, by id or token',
      { devices: ['a', 5] },
      { to: { devicesOrTokens: ['a', '5'] }, platforms: push },
    ],
    [
      'devices, whatever else is said',
      { devices: ['a'], users: ['u'], filter: 'f', conditions: [['t', 'ANY']] },
      { to: { devicesOrTokens: ['a'] }, platforms: push },
    ],
    [
      'nobody, if the list of devices is empty',
      { devices: [] },
      { to: { devicesOrTokens: [] }, platforms: push },
    ],
    ['users', { users: ['u'] }, { to: { users: ['u'] }, platforms: push }],
    [
      'those with a tag',
      { conditions: [['t', 'any']] },
      { to: { all: true }, platforms: push, filter: { all: [{ tag: 't', set: true }] } },
    ],
  ])('%s', async (_, notification, audience) => {
    expect((await sent(t, { content: 'a', ...notification })).audience).toEqual(audience)
  })

  test('members without effect are listed for operators', async () => {
    const { ignored } = await sent(t, {
      content: { en: 'a', '!': 'b' },
      rich_page_id: 5,
      send_rate: 100,
      preset: 'AAAAA-BBBBB',
      campaign: null,
      android_root_params: { from: 'x', collapse_key: 'k' },
      chrome_root_params: { data: 1 },
      somethingElse: true,
    })
    expect(ignored?.toSorted()).toEqual(
      [
        ...['android_root_params.from', 'chrome_root_params.data', 'content.!', 'preset', 'rich_page_id'],
        ...['send_rate', 'somethingElse'],
      ].toSorted(),
    )
  })
})

describe('when a notification is sent', () => {
  test.each<[name: string, notification: Json, schedule: unknown]>([
    ['now', { send_date: 'now' }, {}],
    ['at a time in UTC', { send_date: '2026-12-01 10:30' }, { at: new Date('2026-12-01T10:30:00Z') }],
    ['with seconds', { send_date: '2026-12-01 10:30:15' }, { at: new Date('2026-12-01T10:30:15Z') }],
    [
      'in a zone',
      { send_date: '2026-12-01 10:30', timezone: 'America/New_York' },
      { at: new Date('2026-12-01T15:30:00Z') },
    ],
    [
      'on the morning of a change of clocks',
      { send_date: '2027-03-14 03:30', timezone: 'America/New_York' },
      { at: new Date('2027-03-14T07:30:00Z') },
    ],
    [
      'in the zone of each device',
      { send_date: '2026-12-01 10:30', ignore_user_timezone: false },
      { at: new Date('2026-12-01T10:30:00Z'), local: true },
    ],
    [
      'in one instant if zones are ignored',
      { send_date: '2026-12-01 10:30', ignore_user_timezone: true },
      { at: new Date('2026-12-01T10:30:00Z') },
    ],
  ])('%s', async (_, notification, schedule) => {
    const message = await sent(t, { content: 'a', ...notification })
    expect(message.schedule ?? {}).toEqual(schedule)
    expect(message.state).toBe('at' in Object(schedule) ? 'scheduled' : 'planning')
  })

  test('at once if the time has passed', async () => {
    expect((await sent(t, { content: 'a', send_date: '2020-01-01 00:00' })).state).toBe('planning')
  })
})

describe('a message that was accepted', () => {
  const about = (method: string, message: string, auth = t.token) =>
    t.send(method, { auth, message, application: undefined })

  test('is forgotten by deleteMessage', async () => {
    const { externalId } = await sent(t, { content: 'a', send_date: '2026-12-01 10:30' })
    expect((await about('deleteMessage', externalId)).body).toMatchObject({
      status_code: 200,
      response: null,
    })
    expect(await find(t, externalId)).toBeNull()
    expect((await about('deleteMessage', externalId)).body).toMatchObject({ status_code: 210 })
  })

  test('is cancelled by cancelMessage while it waits', async () => {
    const { externalId } = await sent(t, { content: 'a', send_date: '2026-12-01 10:30' })
    expect((await about('cancelMessage', externalId)).body).toMatchObject({
      status_code: 200,
      response: null,
    })
    expect((await find(t, externalId))?.state).toBe('cancelled')
  })

  test('is described by getMessageDetails', async () => {
    const { externalId } = await sent(t, {
      content: { en: 'a' },
      send_date: '2026-12-01 10:30',
      platforms: [3],
    })
    const { response } = (await about('getMessageDetails', externalId)).body
    expect(response).toEqual({
      message: {
        code: externalId,
        status: 'waiting',
        created: '2026-11-25 12:00:00',
        send_date: '2026-12-01 10:30:00',
        application: t.code,
        platforms: ['android'],
        content: { en: 'a' },
        devices: null,
      },
    })
  })

  test.each(['deleteMessage', 'cancelMessage', 'getMessageDetails', 'getMsgStats'])(
    '%s refuses strangers and unknown codes',
    async (method) => {
      const { externalId } = await sent(t, { content: 'a' })
      const other = await tenantOf(t.h)
      const text = async (code: string, auth?: string) =>
        (await about(method, code, auth)).body.status_message
      expect([await text(externalId, 'wrong'), await text(externalId, other.token)]).toEqual([
        'Account not found',
        'Message not found',
      ])
      expect(await text('0000-00000000-00000000')).toBe('Message not found')
      expect(await find(t, externalId)).not.toBeNull()
    },
  )

  test('has statistics of what phones report by its hash, once a phone', async () => {
    const { externalId } = await sent(t, { content: 'a' })
    const hwid = unique('h')
    await t.ok('registerDevice', { hwid, device_type: 3, push_token: unique('t') })
    const { hashOf } = await import('../../../adapters/pushwoosh/sending/hash.ts')
    const hash = hashOf(externalId)
    for (const method of ['messageDeliveryEvent', 'pushStat', 'pushStat']) await t.ok(method, { hwid, hash })
    const { response } = (await about('getMsgStats', externalId)).body
    expect(response).toEqual({ request_id: externalId })
    const results = await t.send('getResults', {
      auth: t.token,
      request_id: externalId,
      application: undefined,
    })
    expect(results.body.response).toEqual({
      formatter: 'hourly',
      rows: [{ datetime: expect.stringMatching(/^2026-11-25 12:/), action: 'open', count: 1 }],
    })
  })

  test('getPushHistory is not offered', async () => {
    expect(await t.refused('getPushHistory', { auth: t.token })).toMatch(/not available/)
  })
})
