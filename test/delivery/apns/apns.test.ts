import { expect, test } from 'vitest'
import { apns } from '../../../src/delivery/providers/apns/index.ts'
import { providerContract } from '../../contract/provider.ts'
import { apnsError } from '../../fixtures/push-services/apns.ts'
import { BUNDLE, KEY_ID, newToken, openApns, TEAM_ID, toToken } from './kit.ts'

type Row = Parameters<typeof providerContract>[0]['rows'][number]

const rows = (status: number, reasons: readonly string[], says: string, outcome: Row[2]): readonly Row[] =>
  reasons.map((reason) => [`${status} ${reason}: ${says}`, apnsError(status, reason), { reason, ...outcome }])

providerContract({
  provider: apns,
  open: openApns,
  shown: ({ endpoint }) => ({
    ...{ kind: 'apns', keyId: KEY_ID, teamId: TEAM_ID, topic: BUNDLE, environment: 'production' },
    endpoint,
  }),
  bad: [
    ['no key', { key: undefined }, 'key'],
    [
      'a key that does not open',
      { key: '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----' },
      'key',
    ],
    ['no id of the key', { keyId: undefined }, 'keyId'],
    ['an id of a key that is none', { keyId: 'abc' }, 'keyId'],
    ['an id of a team that is none', { teamId: 'DEF123GHIJK' }, 'teamId'],
    ['no topic', { topic: undefined }, 'topic'],
    ['a topic that breaks a header', { topic: 'com.example\r\nx: y' }, 'topic'],
    ['an environment that is none', { environment: 'unknown' }, 'environment'],
    ['no environment', { environment: undefined }, 'environment'],
    [
      'an endpoint for one environment alone',
      { endpoint: { production: 'https://a.example' } },
      'endpoint.sandbox',
    ],
    [
      'an endpoint that is no URL, of one environment',
      { endpoint: { production: 'https://a.example', sandbox: 'here' } },
      'endpoint.sandbox',
    ],
  ],
  quoting: (texts) => apnsError(400, texts.join(' ')),
  rows: [
    ...rows(400, ['BadDeviceToken'], 'by both environments, dead, but not for certain', {
      class: 'dead',
      certain: false,
    }),
    ...rows(
      400,
      ['DeviceTokenNotForTopic', 'TopicDisallowed', 'BadTopic', 'MissingTopic'],
      'another app’s, never dead',
      { class: 'mismatch' },
    ),
    ...rows(
      400,
      [
        ...['BadCollapseId', 'BadExpirationDate', 'BadMessageId', 'BadPriority', 'InvalidPushType'],
        ...['DuplicateHeaders', 'PayloadEmpty', 'MissingDeviceToken'],
      ],
      'the message',
      { class: 'payload' },
    ),
    ...rows(400, ['IdleTimeout'], 'another connection', { class: 'temporary' }),
    ...rows(403, ['ExpiredProviderToken'], 'twice, a wrong clock', { class: 'credential', scope: 'lane' }),
    ...rows(
      403,
      [
        ...['InvalidProviderToken', 'MissingProviderToken', 'UnrelatedKeyIdInToken', 'BadCertificate'],
        ...[
          'BadEnvironmentKeyIdInToken',
          'BadEnvironmentKeyInToken',
          'BadCertificateEnvironment',
          'Forbidden',
        ],
      ],
      'the credential, no phone',
      { class: 'credential', scope: 'lane' },
    ),
    ...rows(404, ['BadPath'], 'the message', { class: 'payload' }),
    ...rows(405, ['MethodNotAllowed'], 'the message', { class: 'payload' }),
    ...rows(410, ['Unregistered', 'ExpiredToken'], 'dead', { class: 'dead', certain: true }),
    [
      '410 with the time of it',
      apnsError(410, 'Unregistered', Date.parse('2026-03-01T10:00:00Z')),
      { class: 'dead', at: new Date('2026-03-01T10:00:00Z') },
    ],
    ...rows(413, ['PayloadTooLarge'], 'the message', { class: 'payload' }),
    ...rows(429, ['TooManyRequests'], 'this phone waits', { class: 'throttled', scope: 'device' }),
    ...rows(429, ['TooManyProviderTokenUpdates'], 'the lane waits for 20 minutes', {
      class: 'throttled',
      scope: 'lane',
      retryAfter: 20 * 60_000,
    }),
    ...rows(500, ['InternalServerError'], 'temporary', { class: 'temporary', floor: 5000 }),
    ...rows(503, ['ServiceUnavailable', 'Shutdown'], 'temporary', { class: 'temporary', floor: 5000 }),
    [
      '503 with Retry-After',
      { ...apnsError(503, 'ServiceUnavailable'), headers: { 'Retry-After': '30' } },
      { class: 'temporary', retryAfter: 30_000 },
    ],
    [
      'an unknown 4xx: the message',
      apnsError(400, 'SomethingNew'),
      { class: 'payload', reason: 'SomethingNew' },
    ],
    [
      'an unknown 5xx: temporary',
      { status: 599, body: '<html>' },
      { class: 'temporary', reason: 'HTTP 599' },
    ],
    [
      '403 without a reason: the credential',
      { status: 403, body: '' },
      { class: 'credential', reason: 'HTTP 403' },
    ],
  ],
})

test('a time of death in the future is now, or it would outlive a registration that follows', async () => {
  const { lane, delivery, deps } = await openApns()
  const future = deps.now().getTime() + 3_600_000
  expect(await lane.send(await delivery(apnsError(410, 'Unregistered', future)))).toMatchObject({
    class: 'dead',
    at: deps.now(),
  })
})

test.each(['not a token', '{length=32,bytes=0x1234...cdef}', '../../4/broadcasts', ''])(
  'a token that is not hexadecimal (%s) is another service’s, and not sent',
  async (token) => {
    const { lane, production } = await openApns()
    expect(await lane.send(toToken({ token }))).toEqual({ class: 'mismatch', reason: 'not-hexadecimal' })
    expect(production.requests).toEqual([])
  },
)

test('a token goes out as bare digits in lower case, whatever the notation that the phone sent', async () => {
  const { lane, production } = await openApns()
  const token = newToken()
  const written = `<${token.toUpperCase().replace(/(.{8})(?=.)/g, '$1 ')}>`
  expect(await lane.send(toToken({ token: written }))).toMatchObject({ class: 'accepted' })
  expect(production.requests[0]?.url.pathname).toBe(`/3/device/${token}`)
})
