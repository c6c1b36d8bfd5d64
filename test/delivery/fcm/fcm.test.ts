import { describe, expect, test } from 'vitest'
import { fcm } from '../../../src/delivery/providers/fcm/index.ts'
import { providerContract } from '../../contract/provider.ts'
import { push } from '../../contract/provider-kit.ts'
import { fcmError, HTML_404, invalidToken } from '../../fixtures/push-services/fcm.ts'
import { openFcm, toToken } from './kit.ts'

providerContract({
  provider: fcm,
  open: openFcm,
  shown: ({ endpoint }) => ({
    kind: 'fcm',
    projectId: 'demo-project',
    clientEmail: 'sender@demo-project.iam.gserviceaccount.com',
    endpoint,
  }),
  bad: [
    ['no service account', { serviceAccount: undefined }, 'serviceAccount'],
    ['an empty service account', { serviceAccount: {} }, 'serviceAccount.private_key'],
    ['a key that does not open', { serviceAccount: { private_key: 'x' } }, 'serviceAccount.private_key'],
    ['a project that is a path', { serviceAccount: { project_id: '../x' } }, 'serviceAccount.project_id'],
    ['the key of a person', { serviceAccount: { type: 'authorized_user' } }, 'serviceAccount.type'],
  ],
  quoting: (texts) =>
    fcmError(403, 'SENDER_ID_MISMATCH', { errorCode: 'SENDER_ID_MISMATCH', message: texts.join(' ') }),
  rows: [
    [
      '404 UNREGISTERED: the token is dead',
      fcmError(404, 'NOT_FOUND', { errorCode: 'UNREGISTERED' }),
      { class: 'dead', certain: true, reason: expect.stringMatching(/^UNREGISTERED/) },
    ],
    [
      '404 NOT_FOUND without FCM’s own code: wrong project, no dead token',
      fcmError(404, 'NOT_FOUND'),
      { class: 'credential', scope: 'lane' },
    ],
    [
      '404 as HTML: wrong URL, no dead token',
      HTML_404,
      { class: 'credential', scope: 'lane', reason: 'HTTP 404' },
    ],
    [
      '400 with a field: the message is wrong, and the field is named',
      fcmError(400, 'INVALID_ARGUMENT', { errorCode: 'INVALID_ARGUMENT', field: 'message.android.ttl' }),
      { class: 'payload', reason: expect.stringContaining('message.android.ttl') },
    ],
    [
      '400 for a damaged token: shown, never dead',
      invalidToken,
      { class: 'payload', reason: 'invalid-token' },
    ],
    [
      '403 SENDER_ID_MISMATCH: a token of another project',
      fcmError(403, 'PERMISSION_DENIED', { errorCode: 'SENDER_ID_MISMATCH' }),
      { class: 'mismatch' },
    ],
    [
      '403 PERMISSION_DENIED: the API is off, or a role is missing',
      fcmError(403, 'PERMISSION_DENIED'),
      { class: 'credential', scope: 'lane' },
    ],
    ['401 UNAUTHENTICATED, twice', fcmError(401, 'UNAUTHENTICATED'), { class: 'credential', scope: 'lane' }],
    [
      '401 THIRD_PARTY_AUTH_ERROR: the circuit of one platform',
      fcmError(401, 'UNAUTHENTICATED', { errorCode: 'THIRD_PARTY_AUTH_ERROR' }),
      { class: 'credential', scope: 'part' },
    ],
    [
      '401 APNS_AUTH_ERROR: the circuit of one platform',
      fcmError(401, 'UNAUTHENTICATED', { errorCode: 'APNS_AUTH_ERROR' }),
      { class: 'credential', scope: 'part' },
    ],
    [
      '429 QUOTA_EXCEEDED: the lane waits a minute at least',
      fcmError(429, 'RESOURCE_EXHAUSTED', { errorCode: 'QUOTA_EXCEEDED' }),
      { class: 'throttled', scope: 'lane', floor: 60_000 },
    ],
    [
      '429 RESOURCE_EXHAUSTED with Retry-After',
      { ...fcmError(429, 'RESOURCE_EXHAUSTED'), headers: { 'Retry-After': '7' } },
      { class: 'throttled', scope: 'lane', retryAfter: 7000 },
    ],
    [
      '500 INTERNAL',
      fcmError(500, 'INTERNAL', { errorCode: 'INTERNAL' }),
      { class: 'temporary', floor: 10_000 },
    ],
    [
      '503 UNAVAILABLE',
      fcmError(503, 'UNAVAILABLE', { errorCode: 'UNAVAILABLE' }),
      { class: 'temporary', floor: 10_000 },
    ],
    ['501 UNIMPLEMENTED', fcmError(501, 'UNIMPLEMENTED'), { class: 'payload' }],
    ['an unknown 4xx: the message', fcmError(418, 'TEAPOT'), { class: 'payload' }],
    ['an unknown 5xx: temporary', { status: 599, body: 'x' }, { class: 'temporary' }],
  ],
})

describe('the access token', () => {
  test('is exchanged once for a hundred sends at once', async () => {
    const { lane, google, fake, delivery } = await openFcm()
    const all = await Promise.all(Array.from({ length: 100 }, () => delivery()))
    const outcomes = await Promise.all(all.map((one) => lane.send(one)))
    expect(new Set(outcomes.map((one) => one.class))).toEqual(new Set(['accepted']))
    expect([google.exchanges(), fake.messages.length]).toEqual([1, 100])
  })

  test('is kept, and shared with another process', async () => {
    const { lane, google, deps, delivery, document } = await openFcm()
    await lane.send(await delivery())
    const credential = await fcm.schema({ allows: () => true, certificates: true }).parseAsync(document)
    expect(await fcm.open(credential, deps).send(await delivery())).toMatchObject({ class: 'accepted' })
    expect(google.exchanges()).toBe(1)
  })

  test('is renewed five minutes before its end, and not sooner', async () => {
    const { lane, google, deps, delivery } = await openFcm()
    await lane.send(await delivery())
    deps.clock.pass(3599 - 301)
    await lane.send(await delivery())
    expect(google.exchanges()).toBe(1)
    deps.clock.pass(2)
    expect(await lane.send(await delivery())).toMatchObject({ class: 'accepted' })
    expect(google.exchanges()).toBe(2)
  })

  test('that Google takes no more is replaced once, and the message sent again', async () => {
    const { lane, google, fake, delivery } = await openFcm()
    await lane.send(await delivery())
    google.revoke()
    const all = await Promise.all(Array.from({ length: 50 }, () => delivery()))
    const outcomes = await Promise.all(all.map((one) => lane.send(one)))
    expect(new Set(outcomes.map((one) => one.class))).toEqual(new Set(['accepted']))
    expect([google.exchanges(), fake.messages.length]).toEqual([2, 51])
  })

  test('is not asked for at every request while new ones are refused too', async () => {
    const { lane, google, delivery } = await openFcm()
    const refused = fcmError(401, 'UNAUTHENTICATED')
    for (const _ of [1, 2, 3, 4]) {
      expect(await lane.send(await delivery(refused, refused))).toMatchObject({ class: 'credential' })
    }
    expect(google.exchanges()).toBe(2)
  })

  test.each([
    [
      '400 invalid_grant',
      { status: 400, body: { error: 'invalid_grant', error_description: 'Invalid JWT Signature.' } },
      { class: 'credential', scope: 'lane', reason: 'invalid_grant: Invalid JWT Signature.' },
    ],
    [
      '401 invalid_client',
      { status: 401, body: { error: 'invalid_client' } },
      { class: 'credential', reason: 'invalid_client' },
    ],
    [
      '503',
      { status: 503, body: 'x', headers: { 'Retry-After': '20' } },
      { class: 'temporary', reason: 'HTTP 503', retryAfter: 20_000 },
    ],
    ['429', { status: 429, body: 'x' }, { class: 'throttled', scope: 'lane' }],
    ['a page of HTML', { status: 200, body: '<html>' }, { class: 'temporary', reason: 'no-access-token' }],
    ['no answer', 'no answer', { class: 'temporary', reason: 'timeout' }],
  ] as const)(
    'that cannot be had (%s) is the outcome of the messages, which are not sent',
    async (_, verdict, expected) => {
      const { lane, google, fake, deps, delivery } = await openFcm()
      deps.hurry()
      google.verdicts.push(verdict)
      expect(await lane.send(await delivery())).toMatchObject(expected)
      expect(fake.requests).toEqual([])
    },
  )

  test('comes from Google alone, unless an endpoint is set', async () => {
    const { document } = await openFcm()
    const schema = fcm.schema({ allows: () => true, certificates: true })
    const at = (token_uri: string, endpoint: string | null) =>
      schema.safeParseAsync({
        ...document,
        endpoint,
        serviceAccount: { ...document.serviceAccount, token_uri },
      })
    for (const address of [
      'https://oauth2.googleapis.com/token',
      'https://accounts.google.com/o/oauth2/token',
    ])
      expect((await at(address, null)).success).toBe(true)
    for (const address of [
      'https://evil.example/token',
      'http://oauth2.googleapis.com/token',
      'https://evilgoogleapis.com/token',
    ])
      expect((await at(address, null)).error?.issues).toMatchObject([
        { path: ['serviceAccount', 'token_uri'] },
      ])
    expect((await at('https://proxy.example/token', 'https://proxy.example')).success).toBe(true)
  })
})

describe('the message', () => {
  const sent = async (body: unknown, more = {}, target = {}) => {
    const { lane, fake } = await openFcm()
    const delivery = { ...toToken({ token: 'T', ...target }), push: push(body, more), ttl: 60 }
    const outcome = await lane.send(delivery)
    return { outcome, message: fake.messages[0] }
  }

  test('goes to one token, with TTL and priority', async () => {
    const { message } = await sent({ data: { a: '1' } })
    expect(message).toEqual({ token: 'T', data: { a: '1' }, android: { priority: 'HIGH', ttl: '60s' } })
  })

  test('of normal priority, with a key to collapse by', async () => {
    const { message } = await sent({ data: {} }, { priority: 'normal', collapse: 'news' })
    expect(message).toMatchObject({ android: { priority: 'NORMAL', collapse_key: 'news' } })
  })

  test('keeps what the renderer says of Android', async () => {
    const android = { priority: 'NORMAL', collapse_key: 'own', notification: { channel_id: 'c' } }
    const { message } = await sent({ notification: { title: 'x' }, android }, { collapse: 'other' })
    expect(message).toMatchObject({ android: { ...android, ttl: '60s' } })
  })

  test('holds strings alone in its data', async () => {
    const data = { text: 'x', count: 1, yes: true, list: [1, 'a'], object: { a: null }, none: null }
    const { message } = await sent({ data, android: { data: { n: 2 } } })
    expect(message).toMatchObject({
      data: { text: 'x', count: '1', yes: 'true', list: '[1,"a"]', object: '{"a":null}' },
      android: { data: { n: '2' } },
    })
    expect(message?.data).not.toHaveProperty('none')
  })

  test('leaves out the keys that FCM refuses, and goes out', async () => {
    const data = {
      from: '1',
      message_type: '1',
      collapse_key: '1',
      'google.x': '1',
      googlefoo: '1',
      gcm: '1',
      'gcm.n.e': '1',
      ok: '1',
    }
    const { message } = await sent({ data })
    expect(message?.data).toEqual({ ok: '1' })
  })

  test('goes to nobody else, whatever the renderer says', async () => {
    const { message } = await sent({ data: {}, topic: 'all', condition: 'x', token: 'other', fid: 'f' })
    expect(message).toEqual({ token: 'T', data: {}, android: { priority: 'HIGH', ttl: '60s' } })
  })

  test('to iOS behind FCM has APNs headers; without anything to show, priority 5', async () => {
    const { message } = await sent({ data: { a: '1' } }, { collapse: 'c' }, { platform: 'ios' })
    const headers = {
      'apns-priority': '5',
      'apns-collapse-id': 'c',
      'apns-expiration': expect.stringMatching(/^\d{10}$/),
    }
    expect(message?.apns).toEqual({ headers })
    const shown = await sent({ notification: { title: 'x' } }, {}, { platform: 'ios' })
    expect(shown.message?.apns).toMatchObject({ headers: { 'apns-priority': '10' } })
  })

  test('to browsers behind FCM has headers of Web Push', async () => {
    const { message } = await sent({ data: {} }, {}, { platform: 'web' })
    expect(message?.webpush).toEqual({ headers: { TTL: '60', Urgency: 'high' } })
  })

  test('of one push goes out with each attempt’s own TTL', async () => {
    const { lane, fake } = await openFcm()
    const one = toToken({ token: 'T' })
    for (const ttl of [60, 60, 0, 4_000_000]) await lane.send({ ...one, ttl })
    expect(fake.messages.map(({ android }) => (android as { ttl: string }).ttl)).toEqual([
      '60s',
      '60s',
      '0s',
      '2419200s',
    ])
  })

  test.each([
    ['a message of 4,096 bytes', { data: { a: 'x'.repeat(4095) } }, undefined],
    ['a message of 4,097 bytes', { data: { a: 'x'.repeat(4096) } }, 'too-large'],
    ['a message that is long in bytes', { data: { a: 'ü'.repeat(2048) } }, 'too-large'],
    [
      'a message of data and notification',
      { data: { a: 'x'.repeat(3000) }, notification: { body: 'x'.repeat(2000) } },
      'too-large',
    ],
    ['no JSON', '{', 'not-an-object'],
    ['no object', '[]', 'not-an-object'],
  ])('%s: %s', (_, body, expected) => {
    expect(fcm.fault(push(body))).toBe(expected)
  })
})

describe('the probe', () => {
  test('validates, and sends nothing', async () => {
    const { lane, fake } = await openFcm()
    expect(await lane.probe()).toEqual({ state: 'ok', reason: null })
    expect(fake.requests.map(({ text }) => JSON.parse(text))).toMatchObject([{ validate_only: true }])
    expect(fake.messages).toEqual([])
  })

  test('tells of a credential that is refused', async () => {
    const { lane } = await openFcm({ project: 'other-project' })
    expect(await lane.probe()).toMatchObject({
      state: 'refused',
      reason: expect.stringContaining('PERMISSION_DENIED'),
    })
  })

  test('tells that nobody answers, which says nothing of the credential', async () => {
    const { lane, leave } = await openFcm()
    leave()
    expect(await lane.probe()).toMatchObject({ state: 'ok', reason: expect.stringMatching(/./) })
  })
})

test('platforms behind FCM are parts of the lane', async () => {
  const { lane } = await openFcm()
  expect(
    (['ios', 'android', 'web', undefined] as const).map((platform) =>
      lane.part({ token: 'T', ...(platform && { platform }) }),
    ),
  ).toEqual(['ios', 'android', 'web', 'android'])
})
