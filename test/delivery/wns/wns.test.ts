import { describe, expect, test } from 'vitest'
import { wns } from '../../../src/delivery/providers/wns/index.ts'
import type { Post } from '../../../src/delivery/transport/transport.ts'
import { providerContract } from '../../contract/provider.ts'
import { laneDeps, push } from '../../contract/provider-kit.ts'
import { clientTokenFake } from '../../fixtures/push-services/client-token.ts'
import type { Said, Seen } from '../../fixtures/push-services/verdicts.ts'
import { accessTokenContract } from '../access-token.ts'
import { openService, serviceFake } from '../kit.ts'

const SECRET = 'windows-client-secret'
const SID = 'ms-app://s-1-15-2-2972962901'
const TOAST = '<toast><visual/></toast>'
const says = (status: number, description = '', headers = {}): Said => ({
  ...{ status, body: '' },
  headers: { ...(description && { 'X-WNS-Error-Description': description }), ...headers },
})
const took = (status: string): Said => says(200, '', { 'X-WNS-Status': status, 'X-WNS-Msg-ID': 'm-1' })

/** WNS's checks. */
function fault({ url, headers, bytes }: Seen, bears: (headers: Headers) => boolean): Said | undefined {
  if (url.pathname !== '/channel' || !url.searchParams.get('token')) return says(404)
  if (!bears(headers)) return says(401, 'The authentication token has expired')
  const type = headers.get('x-wns-type')
  const wanted = type === 'wns/raw' ? 'application/octet-stream' : 'text/xml'
  if (!['wns/toast', 'wns/tile', 'wns/badge', 'wns/raw'].includes(type ?? '')) return says(400, 'bad type')
  if (headers.get('content-type') !== wanted) return says(400, 'bad content type')
  if (headers.has('transfer-encoding')) return says(400, 'chunked')
  const ttl = headers.get('x-wns-ttl')
  if (ttl !== null && !(Number(ttl) > 0)) return says(400, 'Ttl value conflicts with X-WNS-Cache-Policy')
  if (!['cache', 'no-cache', null].includes(headers.get('x-wns-cache-policy'))) return says(400, 'bad policy')
  if (!/^[A-Za-z0-9]{0,16}$/.test(headers.get('x-wns-tag') ?? '')) return says(400, 'bad tag')
  return bytes.length > 5000 ? says(413) : undefined
}

function open() {
  const form = { client_id: SID, client_secret: SECRET, scope: 'notify.windows.com' }
  const oauth = clientTokenFake(form, 86_400)
  return openService({
    provider: wns,
    oauth,
    path: '/accesstoken.srf',
    document: { kind: 'wns', packageSid: SID, clientSecret: SECRET },
    secrets: [SECRET],
    body: TOAST,
    tokenAt: (origin, count) => `${origin}/channel?token=${count}%2bx`,
    service: serviceFake({
      tokenOf: ({ url }) => url.href,
      fault: (request) => fault(request, oauth.bears),
      usual: () => took('received'),
    }),
  })
}

providerContract({
  provider: wns,
  open,
  shown: ({ endpoint }) => ({ kind: 'wns', packageSid: SID, endpoint }),
  bad: [
    ['no id', { packageSid: undefined }, 'packageSid'],
    ['an id of another kind', { packageSid: 'com.example' }, 'packageSid'],
    ['an empty secret', { clientSecret: '' }, 'clientSecret'],
  ],
  // Success is reported in a header: without it, the result is unknown.
  faults: {
    'broken body': { class: 'payload', reason: 'no-x-wns-status' },
    'endless body': { class: 'payload' },
    'slow body': { class: 'payload' },
    redirect: { class: 'payload', reason: 'moved' },
  },
  quoting: (texts) => says(400, texts.join(' ')),
  rows: [
    ['200 received: accepted', took('received'), { class: 'accepted', messageId: 'm-1' }],
    [
      '200 dropped: refused by the client, not dead',
      took('dropped'),
      { class: 'mismatch', reason: 'dropped' },
    ],
    [
      '200 channelthrottled: this phone waits',
      took('channelthrottled'),
      { class: 'throttled', scope: 'device' },
    ],
    ['400: the message', says(400, 'Bad header'), { class: 'payload', reason: 'Bad header' }],
    ['405: the message', says(405), { class: 'payload', reason: 'HTTP 405' }],
    ['413: the message', says(413), { class: 'payload' }],
    ['401, twice: the credential', says(401), { class: 'credential', scope: 'lane' }],
    [
      '403: the channel of another app',
      says(403, 'Channel URL incompatible with caller app'),
      { class: 'mismatch', reason: 'Channel URL incompatible with caller app' },
    ],
    ['404: dead', says(404), { class: 'dead', certain: true }],
    ['410: dead', says(410, 'The channel expired'), { class: 'dead', certain: true }],
    [
      '410 of a blocked domain: the credential, no dead token',
      says(410, 'The domain is blocked'),
      { class: 'credential', scope: 'lane' },
    ],
    [
      '406: this phone waits',
      says(406, '', { 'Retry-After': '60' }),
      { class: 'throttled', scope: 'device', retryAfter: 60_000 },
    ],
    ['500: temporary', says(500), { class: 'temporary' }],
    ['503 with Retry-After', says(503, '', { 'Retry-After': '5' }), { class: 'temporary', retryAfter: 5000 }],
    ['an unknown 4xx: the message', says(418), { class: 'payload' }],
  ],
})

accessTokenContract({ open, renewedAfter: 86_400 - 300, refused: says(401) })

test.each([
  ['another host', 'https://evil.example/channel?token=1'],
  ['a host that ends alike', 'https://evilnotify.windows.com/?token=1'],
  ['a host that goes on', 'https://db5.notify.windows.com.evil.example/?token=1'],
  ['no TLS', 'http://db5.notify.windows.com/?token=1'],
  ['another port', 'https://db5.notify.windows.com:8443/?token=1'],
  ['a user', 'https://a@db5.notify.windows.com/?token=1'],
  ['no URL', 'channel'],
])('an access token never goes to %s', async (_, token) => {
  const { lane, to, oauth, count } = await open()
  expect(await lane.send(to(token, TOAST))).toEqual({ class: 'mismatch', reason: 'foreign-channel' })
  expect([oauth.exchanges(), count()]).toEqual([0, 0])
})

test('a channel of Microsoft’s is called, whatever the endpoint', async () => {
  const { document, deps, to } = await open()
  const called: string[] = []
  const post: Post = async (url, call) => {
    if (url.pathname === '/accesstoken.srf') return deps.post(url, call)
    called.push(url.href)
    return { status: 200, headers: { 'x-wns-status': 'received' }, text: '', whole: true }
  }
  const credential = await wns.schema({ allows: () => true, certificates: true }).parseAsync(document)
  const lane = wns.open(credential, laneDeps({ post }))
  const channel = 'https://db5p.notify.windows.com/?token=AwYAAAB%2bx'
  expect(await lane.send(to(channel, TOAST))).toMatchObject({ class: 'accepted' })
  expect(called).toEqual([channel])
})

describe('a message of WNS', () => {
  async function sent(body: string, more = {}) {
    const { lane, to, service, origin } = await open()
    const outcome = await lane.send(to(`${origin}/channel?token=1`, body, more))
    const [request] = service.requests
    return { outcome, headers: request?.headers ?? new Headers(), text: request?.text }
  }

  test.each([
    ['wns/toast', 'text/xml', TOAST, {}],
    ['wns/tile', 'text/xml', '<?xml version="1.0"?>\n<tile/>', {}],
    ['wns/badge', 'text/xml', '<badge value="1"/>', {}],
    ['wns/raw', 'application/octet-stream', '{"a":1}', {}],
    ['wns/raw', 'application/octet-stream', TOAST, { headers: { 'x-wns-type': 'wns/raw' } }],
  ])('is of type %s, as %s', async (type, content, body, more) => {
    const { outcome, headers, text } = await sent(body, more)
    expect([outcome.class, headers.get('x-wns-type'), headers.get('content-type'), text]).toEqual([
      ...['accepted', type, content, body],
    ])
  })

  test.each([
    [60, 'cache', '60'],
    [0, 'no-cache', null],
  ])('with a TTL of %d has the policy %s', async (ttl, policy, expected) => {
    const { outcome, headers } = await sent(TOAST, { ttl })
    expect([outcome.class, headers.get('x-wns-cache-policy'), headers.get('x-wns-ttl')]).toEqual([
      ...['accepted', policy, expected],
    ])
  })

  test.each([
    ['that fits, as it is', 'news1', 'news1'],
    ['that does not, as its hash', 'news-1', expect.stringMatching(/^[0-9a-f]{16}$/)],
  ])('has a tag by a key to collapse by %s', async (_, collapse, expected) => {
    const { outcome, headers } = await sent(TOAST, { collapse })
    expect([outcome.class, headers.get('x-wns-tag')]).toEqual(['accepted', expected])
  })

  test.each([
    ['of 5,000 bytes', 'x'.repeat(5000), {}, undefined],
    ['of 5,001 bytes', 'x'.repeat(5001), {}, 'too-large'],
    ['of no such type', TOAST, { headers: { 'x-wns-type': 'wns/none' } }, 'no-such-type'],
  ])('%s: what is known to be wrong', (_, body, more, expected) => {
    expect(wns.fault(push(body, more))).toBe(expected)
  })
})
