import type { Mirroring } from '../../src/adapter.ts'
import type { MirroredRoute } from '../../src/domain/mirroring.ts'
import {
  adopted,
  coaxed,
  first,
  gives,
  handles,
  lesson,
  madeKnown,
  pairs,
  subject,
  unknown,
  users,
} from './mirrored.ts'

const INSTANCE = '/device_api/v1/instances/{i}'
const PLATFORMS = ['apns', 'fcm', 'web'] as const

/** A call of section 2; `{p}` is the platform, and the router gets one path for each. */
function route(
  method: string,
  path: string,
  answers: MirroredRoute['answers'] = 'nothing',
  more: Partial<MirroredRoute> = {},
): MirroredRoute {
  const paths = path.includes('{p}') ? PLATFORMS.map((one) => path.replace('{p}', one)) : [path]
  return { name: `${method} ${path}`, method, paths, answers, ...more }
}

const DEVICE = `${INSTANCE}/devices/{p}/{d}`

/**
 * Forwards all calls of SDKs and back ends. Devices, their interests, metadata, tokens and users can be
 * stored; publishes go to the vendor while it answers. Stored in `record`: what devices report, under the
 * vendor's ids, and the interests and user that the vendor returns. Compared: every answer to a device.
 * Copied in `shadow`: the same calls; those of a user with the app's own token, the deletion of a user with
 * the operator's key at the vendor, reports at most once. Not mirrored: tokens of devices that do not send
 * them again (see `coaxes`), and publishes, which the back end sends to one side only.
 */
export const beamsMirror: Mirroring = {
  routes: [
    route('POST', `${INSTANCE}/devices/{p}`, 'json'),
    route('GET', DEVICE, 'json'),
    route('DELETE', DEVICE, 'nothing', { ends: true }),
    route('PUT', `${DEVICE}/metadata`),
    route('PUT', `${DEVICE}/token`),
    route('GET', `${DEVICE}/interests`, 'json'),
    route('PUT', `${DEVICE}/interests`),
    route('POST', `${DEVICE}/interests/{name}`),
    route('DELETE', `${DEVICE}/interests/{name}`),
    route('PUT', `${DEVICE}/user`),
    route('GET', `${INSTANCE}/web-vapid-public-key`, 'json'),
    route('POST', '/reporting_api/v2/instances/{i}/events', 'nothing', { copied: 'once' }),
    // The back end's key is valid here, not at the vendor.
    route('DELETE', '/user_api/v1/instances/{i}/users/{user*}', 'nothing', { granted: true }),
    route('DELETE', '/customer_api/v1/instances/{i}/users/{user*}', 'nothing', { granted: true }),
  ],
  credentials: [['secretKey']],
  coaxes: true,
  renames: true,
  comparison: {
    sets: [
      { path: 'interests', reason: 'a set (section 4)' },
      { path: 'initialInterestSet', reason: 'a set (section 1, #1)' },
    ],
    texts: [{ path: 'description', reason: 'generated; SDKs show it to developers alone' }],
    ignored: [
      { path: 'responseMetadata.nextCursor', reason: 'each side makes its own cursors' },
      { path: 'publishId', reason: 'each side makes its own' },
    ],
    loose: [{ path: 'initialInterestSet', reason: 'SDKs take null and absent as none (section 1, #2)' }],
  },
  masked: { tokens: ['token', 'bundleIdentifier'], users: ['userId', 'id', 'deviceId'] },
  unknown,
  prepare: madeKnown,
  adopt: adopted,
  lesson,
  coaxed,
  subject,
  users,
  first,
  gives,
  handles,
  pairs,
  grant: ({ secretKey }) => `Bearer ${secretKey}`,
}
