import { describe, expect, test } from 'vitest'
import { hms } from '../../../src/delivery/providers/hms/index.ts'
import { providerContract } from '../../contract/provider.ts'
import { push } from '../../contract/provider-kit.ts'
import { clientTokenFake } from '../../fixtures/push-services/client-token.ts'
import type { Said, Seen } from '../../fixtures/push-services/verdicts.ts'
import { accessTokenContract } from '../access-token.ts'
import { openService, serviceFake } from '../kit.ts'

const SECRET = 'huawei-client-secret'
/** An answer in Huawei's format, with HTTP 200 whatever the code. */
const code = (value: string, msg = 'words', status = 200): Said => ({
  status,
  body: { code: value, msg, requestId: 'r-1' },
})
const named = (...tokens: readonly string[]) =>
  JSON.stringify({ success: 1, failure: tokens.length, illegal_tokens: tokens })
const message = ({ text }: Seen) => JSON.parse(text).message
const tokenOf = (request: Seen): string => message(request).token.join()

/** Huawei's checks. */
function fault(request: Seen, bears: (headers: Headers) => boolean): Said | undefined {
  const { url, headers, text } = request
  if (url.pathname !== '/v1/1234567/messages:send') return { status: 404, body: '' }
  if (!bears(headers)) return code('80200003')
  if (!headers.get('content-type')?.startsWith('application/json')) return code('80100003')
  const { data, android, token, ...more } = message(request)
  if (!Array.isArray(token) || token.length < 1 || token.length > 1000) return code('80300010')
  if (data !== undefined && typeof data !== 'string') return code('80100003')
  if (JSON.parse(text).validate_only) return code('80300007')
  if (Object.keys(more).some((name) => name !== 'notification')) return code('80100003')
  if (!/^\d+s$/.test(android.ttl) || Number.parseInt(android.ttl, 10) > 1_296_000) return code('80100004')
  if (!(android.collapse_key >= -1 && android.collapse_key <= 100)) return code('80100013')
  if (!['HIGH', 'NORMAL'].includes(android.urgency)) return code('80100003')
  if (android.notification && ![1, 2, 3].includes(android.notification.click_action?.type))
    return code('80100003')
  return JSON.stringify({ ...message(request), token: undefined }).length > 4096 + 100
    ? code('80300008')
    : undefined
}

function open() {
  const oauth = clientTokenFake({ client_id: '1234567', client_secret: SECRET }, 3600)
  return openService({
    provider: hms,
    oauth,
    path: '/oauth2/v3/token',
    document: { kind: 'hms', appId: '1234567', clientSecret: SECRET },
    secrets: [SECRET],
    body: { data: { a: 1 } },
    tokenAt: (_, count) => `hms-token-${count}`,
    service: serviceFake({
      tokenOf,
      fault: (request) => fault(request, oauth.bears),
      usual: () => code('80000000', 'Success'),
    }),
  })
}

const rows = (codes: readonly string[], says: string, outcome: object) =>
  codes.map((one) => [`${one}: ${says}`, code(one), outcome] as const)

providerContract({
  provider: hms,
  open,
  shown: ({ endpoint }) => ({ kind: 'hms', appId: '1234567', endpoint }),
  bad: [
    ['no id', { appId: undefined }, 'appId'],
    ['an id that is a path', { appId: '../1' }, 'appId'],
    ['an empty secret', { clientSecret: '' }, 'clientSecret'],
  ],
  quoting: (texts) => code('80100003', texts.join(' ')),
  rows: [
    ['80000000: accepted', code('80000000', 'Success'), { class: 'accepted', messageId: 'r-1' }],
    ...rows(['80300007'], 'an invalid token, shown and never dead', {
      class: 'mismatch',
      reason: '80300007',
    }),
    ...rows(
      ['80300010', '80100016', '80100001', '80100003', '80100004', '80100013', '80300008'],
      'the message',
      { class: 'payload' },
    ),
    ...rows(['80200001', '80200003', '80300002', '80300011'], 'the credential', {
      ...{ class: 'credential', scope: 'lane' },
    }),
    ...rows(['80600003', '81000001'], 'temporary', { class: 'temporary' }),
    ['HTTP 500: temporary', { status: 500, body: '' }, { class: 'temporary', reason: 'HTTP 500' }],
    ['HTTP 502: temporary', { status: 502, body: '' }, { class: 'temporary' }],
    [
      'HTTP 503: the lane waits',
      { status: 503, body: '', headers: { 'Retry-After': '9' } },
      { class: 'throttled', scope: 'lane', retryAfter: 9000 },
    ],
    ['HTTP 401: the credential', { status: 401, body: '' }, { class: 'credential' }],
    ['HTTP 400 with a code: by the code', code('80200001', 'x', 400), { class: 'credential' }],
    ['an unknown code: the message', code('80999999'), { class: 'payload', reason: '80999999: words' }],
  ],
})

accessTokenContract({ open, renewedAfter: 3600 - 300, refused: code('80200003') })

describe('a list of tokens', () => {
  async function listed(...tokens: readonly string[]) {
    const opened = await open()
    const body = { data: 'x' }
    const shared = push(body)
    const deliveries = tokens.map((token) => ({ ...opened.to(token, body), push: shared }))
    const send = async () => (await opened.lane.list?.send(deliveries)) ?? []
    const requests = () => opened.service.requests.map(tokenOf)
    return { ...opened, send, requests }
  }

  test('is one request, of a hundred at most', async () => {
    const { lane, send, requests } = await listed('A', 'B', 'C')
    expect((await send()).map((one) => one.class)).toEqual(['accepted', 'accepted', 'accepted'])
    expect([requests(), lane.list?.most]).toEqual([['A,B,C'], 100])
  })

  test.each(['illegal_tokens', 'illegalTokens'])(
    'taken in part (%s): those that are named are invalid',
    async (name) => {
      const { service, send, requests } = await listed('A', 'B', 'C')
      service.verdicts.set(
        'A,B,C',
        code('80100000', JSON.stringify({ success: 2, failure: 1, [name]: ['B'] })),
      )
      expect((await send()).map((one) => one.class)).toEqual(['accepted', 'mismatch', 'accepted'])
      expect(requests()).toEqual(['A,B,C'])
    },
  )

  test('taken in part, in words that nobody can read: nothing is sent twice', async () => {
    const { service, send, requests } = await listed('A', 'B')
    service.verdicts.set('A,B', code('80100000', 'The token is partly invalid'))
    expect((await send()).map((one) => one.class)).toEqual(['accepted', 'accepted'])
    expect(requests()).toEqual(['A,B'])
  })

  test('refused for one token that is named: the rest is sent again without it', async () => {
    const { service, send, requests } = await listed('A', 'B', 'C')
    service.verdicts.set('A,B,C', code('80300007', named('B')))
    expect((await send()).map((one) => one.class)).toEqual(['accepted', 'mismatch', 'accepted'])
    expect(requests()).toEqual(['A,B,C', 'A,C'])
  })

  test('refused for all its tokens is not sent again', async () => {
    const { service, send, requests } = await listed('A', 'B')
    service.verdicts.set('A,B', code('80300007', 'All the tokens are invalid'))
    expect((await send()).map((one) => one.class)).toEqual(['mismatch', 'mismatch'])
    expect(requests()).toEqual(['A,B'])
  })

  test('refused again for others is not sent a third time', async () => {
    const { service, send, requests } = await listed('A', 'B', 'C')
    service.verdicts.set('A,B,C', code('80300007', named('B')))
    service.verdicts.set('A,C', code('80300007', named('C')))
    expect((await send()).map((one) => one.class)).toEqual(['mismatch', 'mismatch', 'mismatch'])
    expect(requests()).toEqual(['A,B,C', 'A,C'])
  })

  test('that is throttled waits as a whole', async () => {
    const { service, send } = await listed('A', 'B')
    service.verdicts.set('A,B', { status: 503, body: '' })
    expect((await send()).map((one) => one.class)).toEqual(['throttled', 'throttled'])
  })
})

describe('a message of Huawei', () => {
  async function sent(body: unknown, more = {}) {
    const { lane, service, to } = await open()
    const outcome = await lane.send(to('T', body, more))
    const [request] = service.requests
    return { outcome, message: request && message(request) }
  }

  test('goes to the list of tokens, with TTL, urgency and no key to collapse by', async () => {
    const { outcome, message: one } = await sent({ data: 'x', topic: 'all', token: ['other'] }, { ttl: 60 })
    expect(outcome.class).toBe('accepted')
    expect(one).toEqual({
      data: 'x',
      android: { collapse_key: -1, urgency: 'HIGH', ttl: '60s' },
      token: ['T'],
    })
  })

  test('has its data as one string', async () => {
    expect((await sent({ data: { a: 1, b: [true] } })).message.data).toBe('{"a":1,"b":[true]}')
  })

  test('keeps what the renderer says of Android, and opens the app where nothing is said of a tap', async () => {
    const android = { urgency: 'NORMAL', collapse_key: 7, notification: { title: 'x' } }
    const { outcome, message: one } = await sent({ android })
    expect(outcome.class).toBe('accepted')
    expect(one.android).toMatchObject({
      ...{ urgency: 'NORMAL', collapse_key: 7 },
      notification: { title: 'x', click_action: { type: 3 } },
    })
    const own = await sent({
      android: { notification: { click_action: { type: 2, url: 'https://x.example' } } },
    })
    expect(own.message.android.notification.click_action).toEqual({ type: 2, url: 'https://x.example' })
  })

  test('lives for fifteen days at most', async () => {
    const { outcome, message: one } = await sent({ data: 'x' }, { ttl: 2_419_200, priority: 'normal' })
    expect([outcome.class, one.android.ttl, one.android.urgency]).toEqual(['accepted', '1296000s', 'NORMAL'])
  })

  test.each([
    ['of 4,096 bytes', { data: 'x'.repeat(4096 - 11) }, undefined],
    ['of 4,097 bytes', { data: 'x'.repeat(4097 - 11) }, 'too-large'],
    ['that is no object', '[]', 'not-an-object'],
  ])('%s: what is known to be wrong', (_, body, expected) => {
    expect(hms.fault(push(body))).toBe(expected)
  })
})
