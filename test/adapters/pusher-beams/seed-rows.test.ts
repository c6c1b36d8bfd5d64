import { describe, expect, test } from 'vitest'
import type { Call } from '../../contract/adapter.ts'
import {
  type Beams,
  type BeamsPlatform,
  expectError,
  newToken,
  openBeams,
  PLATFORMS,
  registration,
  stateOf,
  unknownId,
} from './kit.ts'

// The tables of the seed, row by row: each error of each endpoint, with its own title and text.

type Spoil = (call: Call, of: { beams: Beams; id: string; platform: BeamsPlatform }) => Call | Promise<Call>
interface Row {
  readonly status: number
  readonly error: string
  readonly description: string
  readonly spoil: Spoil
  /** Set during the call. */
  readonly fault?: Error
}

const inPath =
  (part: 'instance' | 'device' | 'interest', to: string | ((platform: BeamsPlatform) => string)): Spoil =>
  (call, { beams, id, platform }) => {
    const from = part === 'instance' ? beams.instanceId : part === 'device' ? id : 'news'
    const put = typeof to === 'string' ? to : to(platform)
    return { ...call, path: call.path.replace(`/${from}`, `/${put}`) }
  }
const body =
  (text: string): Spoil =>
  (call) => ({ ...call, body: text, headers: JSON_TYPE })
const without =
  (member: string): Spoil =>
  (call) => ({ ...call, body: { ...(call.body as object), [member]: undefined } })
const query =
  (text: string): Spoil =>
  (call) => ({ ...call, path: `${call.path}?${text}` })
const claims =
  (more: Readonly<Record<string, unknown>>): Spoil =>
  async (call, { beams }) => ({
    ...call,
    headers: { Authorization: `Bearer ${await beams.userToken('alice', { claims: more })}` },
  })
const JSON_TYPE = { 'Content-Type': 'application/json' }

const row = (status: number, error: string, description: string, spoil: Spoil, fault?: Error): Row => ({
  status,
  error,
  description,
  spoil,
  ...(fault && { fault }),
})

const contentType = row(400, 'Invalid content type', 'Only `application/json` is supported.', (call) => ({
  ...call,
  headers: { ...call.headers, 'Content-Type': 'text/plain' },
}))
const instance = [
  row(400, 'Incomplete Request', '`instance-id` param is missing from path.', inPath('instance', '')),
  row(400, 'Bad Request', '`instance-id` given is not valid.', inPath('instance', 'not-a-uuid')),
  row(404, 'Instance not found', 'Could not find the instance.', inPath('instance', crypto.randomUUID())),
  row(500, 'Something went wrong', 'Internal server error.', (call) => call, new Error('hidden_detail')),
]
const deviceMissing = row(
  400,
  'Incomplete Request',
  '`device-id` param is missing from path.',
  inPath('device', ''),
)
const deviceInvalid = row(400, 'Bad Request', '`device-id` given is not valid.', inPath('device', 'nonsense'))
// The seed's own title of this one row (seed audit E5).
const removalDeviceInvalid = { ...deviceInvalid, error: 'Incomplete Request' }
const deviceUnknown = row(404, 'Device not found', 'Could not find the device.', inPath('device', unknownId))
const badBody = row(400, 'Bad request', 'Failed to read body as a JSON object.', body('[]'))
const interestMissing = row(
  400,
  'Incomplete Request',
  '`interest-name` param is missing from path.',
  inPath('interest', ''),
)
const interestInvalid = '`interest-name` given is not valid.'
const missing = (description: string, member: string) => row(400, 'Bad request', description, without(member))

const userRows = [
  contentType,
  ...instance,
  deviceMissing,
  deviceUnknown,
  row(400, 'Bad Request', 'Missing expiration (exp) field in JWT', claims({ exp: undefined })),
  row(400, 'Bad Request', 'Missing subject (sub) field in JWT', claims({ sub: undefined })),
  row(400, 'Bad Request', 'JWT subject (sub) must be between 1-164 characters long', claims({ sub: '' })),
  row(400, 'Bad Request', 'Missing issuer (iss) field in JWT', claims({ iss: undefined })),
  row(400, 'Bad Request', 'A User Id is already associated with this device.', async (call, { beams }) => {
    const bob = { Authorization: `Bearer ${await beams.userToken('bob')}` }
    expect((await beams.call('PUT', call.path, { headers: bob })).status).toBe(200)
    return call
  }),
  row(400, 'Bad Request', 'Invalid device id.', inPath('device', 'nonsense')),
  row(401, 'Unauthorized', '`Authorization` header token is missing.', (call) => ({ ...call, headers: {} })),
  row(401, 'Unauthorized', '`Authorization` header token is malformed.', (call) => ({
    ...call,
    headers: { Authorization: 'Bearer nonsense' },
  })),
  row(403, 'Forbidden', 'Invalid JWT issuer.', claims({ iss: 'https://example.com' })),
]

type Make = (
  device: { base: string; id: string; beams: Beams },
  platform: BeamsPlatform,
) => Call | Promise<Call>
const endpoints: readonly (readonly [string, Make, readonly BeamsPlatform[], readonly Row[]])[] = [
  ...(
    [
      ['APNs', 'apns', [missing('Missing App Bundle Identifier.', 'bundleIdentifier')]],
      ['FCM', 'fcm', []],
      ['web', 'web', []],
    ] as const
  ).map(([name, platform, more]): (typeof endpoints)[number] => [
    'register',
    ({ base }) => ({ method: 'POST', path: base, body: registration(platform) }),
    [platform],
    [contentType, ...instance, badBody, missing(`Missing ${name} token.`, 'token'), ...more],
  ]),
  [
    'get device',
    ({ base, id }) => ({ method: 'GET', path: `${base}/${id}` }),
    PLATFORMS,
    [contentType, ...instance, deviceMissing, deviceUnknown],
  ],
  [
    'delete device',
    ({ base, id }) => ({ method: 'DELETE', path: `${base}/${id}` }),
    PLATFORMS,
    [...instance, deviceMissing],
  ],
  [
    'update metadata',
    ({ base, id }) => ({ method: 'PUT', path: `${base}/${id}/metadata`, body: { sdkVersion: '5' } }),
    PLATFORMS,
    [contentType, ...instance, deviceMissing, badBody, deviceUnknown],
  ],
  [
    'update token',
    ({ base, id }) => ({ method: 'PUT', path: `${base}/${id}/token`, body: { token: newToken('fcm') } }),
    ['fcm'],
    [
      contentType,
      ...instance,
      deviceMissing,
      badBody,
      missing('Missing token field with the FCM Registration Id.', 'token'),
      deviceUnknown,
    ],
  ],
  [
    'set user',
    async ({ base, id, beams }) => ({
      method: 'PUT',
      path: `${base}/${id}/user`,
      headers: { Authorization: `Bearer ${await beams.userToken('alice')}` },
    }),
    PLATFORMS,
    userRows,
  ],
  [
    'get interests',
    ({ base, id }) => ({ method: 'GET', path: `${base}/${id}/interests` }),
    PLATFORMS,
    [
      ...instance,
      deviceMissing,
      row(400, 'Bad Request', '`limit` given is not valid.', query('limit=x')),
      row(400, 'Bad Request', '`cursor` given is not valid.', query('cursor=x')),
      deviceUnknown,
    ],
  ],
  [
    'set interests',
    ({ base, id }) => ({ method: 'PUT', path: `${base}/${id}/interests`, body: { interests: ['news'] } }),
    PLATFORMS,
    [
      ...instance,
      deviceMissing,
      badBody,
      row(400, 'Invalid interest name', interestInvalid, body('{"interests":["good","no good"]}')),
      row(
        400,
        'Interest set too large',
        'Too many interests are being set for this device. Only 5000 interests per device are allowed.',
        (call) => ({ ...call, body: { interests: Array.from({ length: 5001 }, (_, n) => `i${n}`) } }),
      ),
      deviceUnknown,
    ],
  ],
  [
    'add interest',
    ({ base, id }) => ({ method: 'POST', path: `${base}/${id}/interests/news` }),
    PLATFORMS,
    [
      ...instance,
      deviceMissing,
      deviceInvalid,
      row(400, 'Invalid interest name', interestInvalid, inPath('interest', 'no%20good')),
      interestMissing,
      deviceUnknown,
    ],
  ],
  [
    'remove interest',
    ({ base, id }) => ({ method: 'DELETE', path: `${base}/${id}/interests/news` }),
    PLATFORMS,
    [...instance, deviceMissing, removalDeviceInvalid, interestMissing, deviceUnknown],
  ],
]

for (const [endpoint, make, platforms, rows] of endpoints) {
  for (const platform of platforms) {
    describe(`${endpoint}, ${platform}`, () => {
      test.each(rows)(
        '$status $error: $description',
        async ({ status, error, description, spoil, fault }) => {
          const beams = await openBeams()
          const { id, path } = await beams.register(platform)
          await beams.setInterests(path, ['kept'])
          const base = `${beams.base}/devices/${platform}`
          const good = await make({ base, id, beams }, platform)
          const { method, path: spoilt, ...parts } = await spoil(good, { beams, id, platform })
          const before = await stateOf(beams)
          beams.fault.fault = fault ?? null
          const answer = await beams.call(method, spoilt, parts)
          beams.fault.fault = null
          expectError(answer, status, error, description)
          expect(await stateOf(beams)).toEqual(before)
        },
      )

      test('the same call unspoilt succeeds', async () => {
        const beams = await openBeams()
        const { id } = await beams.register(platform)
        const { method, path, ...parts } = await make(
          { base: `${beams.base}/devices/${platform}`, id, beams },
          platform,
        )
        const answer = await beams.call(method, path, parts)
        expect(answer.status, answer.text).toBe(200)
      })
    })
  }
}
