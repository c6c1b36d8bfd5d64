import type { Mirroring } from '../../src/adapter.ts'
import type { MirroredRoute } from '../../src/domain/mirroring.ts'
import { adopted, first, gives, lesson, madeKnown, subject, unknown, users } from './mirrored.ts'
import { BASE } from './request.ts'

const PREFIXES = [BASE, `${BASE}/workspaces/{workspaceId}`]

const route = (method: string, path: string, answers: MirroredRoute['answers'] = 'json'): MirroredRoute => ({
  name: `${method} ${BASE}${path}`,
  method,
  paths: PREFIXES.map((prefix) => `${prefix}${path}`),
  answers,
})

/**
 * Devices of people are mirrored; calls that send messages are forwarded and not inspected. Stored in
 * `record`: devices with the vendor's ids, and the person's other devices, which the vendor is asked for
 * once. Compared: every answer. Copied in `shadow`: registrations and removals; the first registration of a
 * token waits for the vendor's id. Not mirrored: campaigns.
 */
export const flameupMirror: Mirroring = {
  routes: [
    route('POST', '/people/{person}/devices'),
    route('GET', '/people/{person}/devices'),
    route('DELETE', '/people/{person}/devices/{token}', 'nothing'),
    {
      name: `GET ${BASE}/workspaces/{workspaceId}/devices`,
      method: 'GET',
      paths: [`${BASE}/workspaces/{workspaceId}/devices`],
    },
  ],
  credentials: [['apiKey']],
  fallsBack: true,
  // The vendor allows 120 calls a minute per key (section 10); half of them are left for phones.
  maxPerSecond: 1,
  comparison: {
    texts: [
      { path: 'message', reason: 'generated' },
      { path: 'error.message', reason: 'generated' },
    ],
    ignored: [{ path: 'request_id', reason: 'each side makes its own' }],
    ids: [{ path: 'id', reason: 'made by the server (section 3); SDKs address devices by their tokens' }],
    sets: [{ path: 'devices', reason: 'the order is nowhere documented (section 6)' }],
    loose: [
      { path: 'device_name', reason: 'SDKs take null and absent alike (section 3)' },
      { path: 'device_model', reason: 'SDKs take null and absent alike (section 3)' },
      { path: 'os_version', reason: 'SDKs take null and absent alike (section 3)' },
      { path: 'app_version', reason: 'SDKs take null and absent alike (section 3)' },
      { path: 'last_used_at', reason: 'SDKs take null and absent alike (section 3)' },
    ],
  },
  masked: { tokens: ['token', 'device_token'], users: ['person_id', 'id', 'device_name'] },
  unknown,
  prepare: madeKnown,
  adopt: adopted,
  lesson,
  subject,
  first,
  gives,
  users,
}
