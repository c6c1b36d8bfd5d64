import type { Adapter } from '../../src/adapter.ts'
import { fail } from './errors.ts'
import { identify } from './identify.ts'
import { IMPORTS } from './imports.ts'
import { pushwooshMirror } from './mirror.ts'
import { DIALECT, pushwooshProvisioning } from './provisioning.ts'
import { BASES, CROSS_ORIGIN, pushwooshRoutes } from './routes.ts'
import { sending } from './sending/render.ts'

/** Pushwoosh. */
export const pushwoosh: Adapter = {
  name: DIALECT,
  bases: BASES,
  provisioning: pushwooshProvisioning,
  routes: pushwooshRoutes,
  identify,
  fail,
  capabilities: { crossOrigin: CROSS_ORIGIN, sending, mirror: pushwooshMirror, imports: IMPORTS },
  example: ({ applicationCode }, origin, token) =>
    [
      `curl -s ${origin}/json/1.3/registerDevice`,
      `-H 'Content-Type: application/json'`,
      `-d '{"request":{"application":"${applicationCode}","hwid":"example-hwid","device_type":3,"push_token":"${token}"}}'`,
    ].join(' '),
}
