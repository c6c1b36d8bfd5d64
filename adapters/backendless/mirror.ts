import type { Mirroring } from '../../src/adapter.ts'
import type { MirroredRoute } from '../../src/domain/mirroring.ts'
import { BASE } from './address.ts'
import { hostName } from './provisioning.ts'

const route = (method: string, path: string, more: Partial<MirroredRoute> = {}): MirroredRoute => ({
  name: `${method} /${path}`,
  method,
  paths: [`${BASE}/${path}`],
  ...more,
})

const REGISTRATION = 'messaging/registrations/{deviceId}'

/**
 * Registrations, as JSON and as binary calls, which go byte for byte. Whatever else an app calls there, its data and its
 * users, is passed on and not looked into.
 */
export const backendlessMirror: Mirroring = {
  routes: [
    route('POST', 'messaging/registrations'),
    route('GET', REGISTRATION),
    route('DELETE', REGISTRATION, {
      paths: [`${BASE}/${REGISTRATION}`, `${BASE}/messaging/registration/{deviceId}`],
    }),
    route('GET', 'info'),
    route('POST', 'data/DeviceRegistration/find'),
    route('DELETE', 'data/DeviceRegistration/{row}'),
    route('POST', 'binary', { answers: 'any', bulk: true }),
  ],
  credentials: [['apiKey']],
  serverIds: true,
  nameOfHost: hostName,
}
