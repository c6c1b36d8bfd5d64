import type { Mirroring } from '../../src/adapter.ts'
import type { MirroredRoute } from '../../src/domain/mirroring.ts'
import { BASE } from './request.ts'

const PREFIXES = [BASE, `${BASE}/workspaces/{workspaceId}`]

const route = (method: string, path: string, answers: MirroredRoute['answers'] = 'json'): MirroredRoute => ({
  name: `${method} ${BASE}${path}`,
  method,
  paths: PREFIXES.map((prefix) => `${prefix}${path}`),
  answers,
})

/** Devices of people; what sends is passed on, too, but not looked into. */
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
  // 120 a minute and key (section 10), half of which is the phones'.
  maxPerSecond: 1,
}
