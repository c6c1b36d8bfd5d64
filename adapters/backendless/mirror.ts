import type { Mirroring } from '../../src/adapter.ts'
import type { MirroredRoute } from '../../src/domain/mirroring.ts'
import { BASE } from './address.ts'
import { adopted, copying, lesson, madeKnown, read, refuses, shown, subject, unknown } from './mirrored.ts'
import { hostName } from './provisioning.ts'

const route = (method: string, path: string, more: Partial<MirroredRoute> = {}): MirroredRoute => ({
  name: `${method} /${path}`,
  method,
  paths: [`${BASE}/${path}`],
  ...more,
})

const REGISTRATION = 'messaging/registrations/{deviceId}'

/**
 * Registrations are mirrored, as JSON and as binary calls, which are sent byte for byte. All other calls of
 * an app, such as its data and users, are forwarded and not inspected. Stored in `record`: registrations with
 * the vendor's ids, channel by channel. Compared: the content of both answers, of binary answers the decoded
 * content. Copied in `shadow`: the same calls. Not mirrored: the Data API, whose rows have different ids on
 * each side, messages, and binary calls of other services.
 */
export const backendlessMirror: Mirroring = {
  routes: [
    route('POST', 'messaging/registrations'),
    route('GET', REGISTRATION),
    route('DELETE', REGISTRATION, {
      paths: [`${BASE}/${REGISTRATION}`, `${BASE}/messaging/registration/{deviceId}`],
    }),
    route('GET', 'info', { passes: true }),
    // Each side generates the ids of rows itself.
    route('POST', 'data/DeviceRegistration/find', { copied: 'never' }),
    route('DELETE', 'data/DeviceRegistration/{row}', { copied: 'never' }),
    route('POST', 'binary', { answers: 'any', bulk: true }),
  ],
  credentials: [['apiKey']],
  comparison: {
    texts: [
      { path: 'message', reason: 'generated' },
      { path: 'faultString', reason: 'generated' },
    ],
    ignored: [
      { path: 'errorData', reason: 'no SDK reads it (section 6)' },
      { path: 'deletionTime', reason: 'each side’s own clock' },
      { path: 'rtURL', reason: 'real-time messaging is the vendor’s' },
    ],
    ids: [
      { path: 'registrationId.*', reason: 'made by the server (section 7)' },
      { path: 'id', reason: 'made by the server (section 7)' },
      { path: 'objectId', reason: 'made by the server (section 7)' },
    ],
    sets: [
      { path: 'channels', reason: 'a set (section 4)' },
      { path: '[*].channels', reason: 'a set (section 4)' },
    ],
    maps: [{ path: 'registrationId', reason: 'by channel' }],
  },
  masked: {
    tokens: ['deviceToken', 'registrationId', 'secretKey', 'user-token'],
    users: ['deviceId', 'id', 'objectId', 'ownerId'],
  },
  read,
  shown,
  refuses,
  unknown,
  prepare: madeKnown,
  adopt: adopted,
  lesson,
  copying,
  subject,
  nameOfHost: hostName,
}
