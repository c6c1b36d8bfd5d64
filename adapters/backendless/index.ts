import type { Adapter } from '../../src/adapter.ts'
import { BASE, claim, MESSAGES } from './address.ts'
import { CROSS_ORIGIN } from './cors.ts'
import { fail } from './errors.ts'
import { identify } from './identify.ts'
import { IMPORTS } from './imports.ts'
import { backendlessMirror } from './mirror.ts'
import { backendlessProvisioning, DIALECT } from './provisioning.ts'
import { backendlessRoutes } from './routes.ts'
import { sending } from './sending/render.ts'

/** Backendless. */
export const backendless: Adapter = {
  name: DIALECT,
  bases: [BASE, MESSAGES],
  provisioning: backendlessProvisioning,
  routes: backendlessRoutes,
  identify,
  fail,
  capabilities: {
    paths: { claim },
    crossOrigin: CROSS_ORIGIN,
    sending,
    mirror: backendlessMirror,
    imports: IMPORTS,
  },
  example: ({ applicationId, apiKeys }, origin, token) =>
    [
      `curl -s ${origin}/${applicationId}/${restKey(apiKeys)}/messaging/registrations`,
      `-H 'Content-Type: application/json'`,
      `-d '{"deviceToken":"${token}","deviceId":"example-device","os":"ANDROID","osVersion":"14"}'`,
    ].join(' '),
}

const restKey = (apiKeys: unknown): string =>
  typeof apiKeys === 'object' && apiKeys !== null && 'rest' in apiKeys ? String(apiKeys.rest) : 'API_KEY'
