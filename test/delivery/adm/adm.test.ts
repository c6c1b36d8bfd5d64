import { describe, expect, test } from 'vitest'
import { adm } from '../../../src/delivery/providers/adm/index.ts'
import { providerContract } from '../../contract/provider.ts'
import { push } from '../../contract/provider-kit.ts'
import { clientTokenFake } from '../../fixtures/push-services/client-token.ts'
import type { Said, Seen } from '../../fixtures/push-services/verdicts.ts'
import { accessTokenContract } from '../access-token.ts'
import { openService, serviceFake } from '../kit.ts'

const SECRET = 'amazon-client-secret'
const error = (status: number, reason: string, headers = {}): Said => ({ status, body: { reason }, headers })
const PATH = /^\/messaging\/registrations\/([^/]+)\/messages$/
const tokenOf = ({ url }: Seen) => decodeURIComponent(PATH.exec(url.pathname)?.[1] ?? '')

/** ADM's checks. */
function fault({ url, headers, text }: Seen, bears: (headers: Headers) => boolean): Said | undefined {
  if (!PATH.test(url.pathname)) return { status: 404, body: '' }
  if (!bears(headers)) return error(401, 'AccessTokenExpired')
  const wanted = {
    'content-type': 'application/json',
    accept: 'application/json',
    'x-amzn-type-version': 'com.amazon.device.messaging.ADMMessage@1.0',
    'x-amzn-accept-type': 'com.amazon.device.messaging.ADMSendResult@1.0',
  }
  for (const [name, value] of Object.entries(wanted))
    if (headers.get(name) !== value) return error(400, `Wrong${name}`)
  const { data, consolidationKey = '', expiresAfter, ...more } = JSON.parse(text)
  if (Object.keys(more).length > 0 || Object.values(data).some((value) => typeof value !== 'string'))
    return error(400, 'InvalidData')
  if (consolidationKey.length > 64) return error(400, 'InvalidConsolidationKey')
  if (!(expiresAfter >= 60 && expiresAfter <= 2_678_400)) return error(400, 'InvalidExpiration')
  return JSON.stringify(data).length > 6144 ? error(413, 'MessageTooLarge') : undefined
}

function open() {
  const form = { scope: 'messaging:push', client_id: 'amzn1.application', client_secret: SECRET }
  const oauth = clientTokenFake(form, 3600)
  return openService({
    provider: adm,
    oauth,
    path: '/auth/O2/token',
    document: { kind: 'adm', clientId: 'amzn1.application', clientSecret: SECRET },
    secrets: [SECRET],
    body: { message: 'x' },
    tokenAt: (_, count) => `amzn1.adm-registration.v3.${count}/+=`,
    service: serviceFake({
      tokenOf,
      fault: (request) => fault(request, oauth.bears),
      usual: (request) =>
        tokenOf(request) === 'probe'
          ? error(400, 'InvalidRegistrationId')
          : {
              status: 200,
              body: { registrationID: tokenOf(request) },
              headers: { 'x-amzn-RequestId': 'r-1' },
            },
    }),
  })
}

providerContract({
  provider: adm,
  open,
  shown: ({ endpoint }) => ({ kind: 'adm', clientId: 'amzn1.application', endpoint }),
  bad: [
    ['no id', { clientId: undefined }, 'clientId'],
    ['an empty secret', { clientSecret: '' }, 'clientSecret'],
  ],
  quoting: (texts) => error(400, texts.join(' ')),
  rows: [
    [
      '400 Unregistered: dead',
      error(400, 'Unregistered'),
      { class: 'dead', certain: true, reason: 'Unregistered' },
    ],
    [
      '400 InvalidRegistrationId: damaged or another app’s',
      error(400, 'InvalidRegistrationId'),
      { class: 'mismatch' },
    ],
    ...['InvalidData', 'InvalidConsolidationKey', 'InvalidExpiration', 'InvalidChecksum'].map(
      (reason) => [`400 ${reason}: the message`, error(400, reason), { class: 'payload', reason }] as const,
    ),
    ['413 MessageTooLarge: the message', error(413, 'MessageTooLarge'), { class: 'payload' }],
    [
      '401 AccessTokenExpired, twice',
      error(401, 'AccessTokenExpired'),
      { class: 'credential', scope: 'lane' },
    ],
    [
      '429 MaxRateExceeded: this phone waits a minute at least',
      error(429, 'MaxRateExceeded'),
      { class: 'throttled', scope: 'device', floor: 60_000 },
    ],
    ['500', { status: 500, body: '' }, { class: 'temporary', floor: 60_000, reason: 'HTTP 500' }],
    [
      '503 with Retry-After',
      { status: 503, body: '', headers: { 'Retry-After': '90' } },
      { class: 'temporary', retryAfter: 90_000 },
    ],
    ['an unknown 4xx: the message', error(418, 'New'), { class: 'payload' }],
    [
      '200 with another id: it replaces the one that was sent to',
      { status: 200, body: { registrationID: 'new-id' } },
      { class: 'accepted', replacedBy: 'new-id' },
    ],
  ],
})

accessTokenContract({ open, renewedAfter: 3600 - 300, refused: error(401, 'AccessTokenExpired') })

describe('a message of ADM', () => {
  async function sent(body: unknown, more = {}) {
    const { lane, service, to } = await open()
    const outcome = await lane.send(to('T/1', body, more))
    return { outcome, body: JSON.parse(service.requests[0]?.text ?? '{}') }
  }

  test('holds strings alone, and lives for its TTL', async () => {
    const { outcome, body } = await sent({ a: 'x', n: 1, o: { b: true }, none: null }, { ttl: 600 })
    expect(outcome).toEqual({ class: 'accepted', messageId: 'r-1' })
    expect(body).toEqual({ data: { a: 'x', n: '1', o: '{"b":true}' }, expiresAfter: 600 })
  })

  test.each([
    [0, 60],
    [59, 60],
    [5_000_000, 2_419_200],
  ])('with a TTL of %d lives for %d seconds', async (ttl, expected) => {
    expect((await sent({}, { ttl })).body.expiresAfter).toBe(expected)
  })

  test('is consolidated by its key, or by the hash of a long one', async () => {
    expect((await sent({}, { collapse: 'news' })).body.consolidationKey).toBe('news')
    expect((await sent({}, { collapse: 'k'.repeat(65) })).body.consolidationKey).toMatch(/^[0-9a-f]{64}$/)
  })

  test.each([
    ['of 6,144 bytes', { a: 'x'.repeat(6144 - 8) }, undefined],
    ['of 6,145 bytes', { a: 'x'.repeat(6145 - 8) }, 'too-large'],
    ['that is no object', '[]', 'not-an-object'],
    ['without anything', {}, undefined],
  ])('%s: what is known to be wrong', (_, body, expected) => {
    expect(adm.fault(push(body))).toBe(expected)
  })
})
