import type { Adapter } from '../../src/adapter.ts'
import { fail } from './errors.ts'
import { identify } from './identify.ts'
import { IMPORTS } from './imports.ts'
import { beamsMirror } from './mirror.ts'
import { beamsProvisioning, DIALECT } from './provisioning.ts'
import { BASES, beamsRoutes, CROSS_ORIGIN } from './routes.ts'
import { beamsSending } from './sending/render.ts'
import { beamsWebhooks } from './webhooks.ts'

/** Pusher Beams. */
export const pusherBeams: Adapter = {
  name: DIALECT,
  bases: BASES,
  provisioning: beamsProvisioning,
  routes: beamsRoutes,
  identify,
  fail,
  capabilities: {
    // An empty segment is an incomplete request with its own error (section 9).
    paths: { emptySegments: true },
    crossOrigin: CROSS_ORIGIN,
    sending: beamsSending,
    webhooks: beamsWebhooks,
    mirror: beamsMirror,
    imports: IMPORTS,
  },
  example: ({ instanceId }, origin, token) =>
    [
      `curl -s ${origin}/device_api/v1/instances/${instanceId}/devices/fcm`,
      `-H 'Content-Type: application/json'`,
      `-d '{"token":"${token}","metadata":{"sdkVersion":"1.9.2","androidVersion":"14"}}'`,
    ].join(' '),
}
