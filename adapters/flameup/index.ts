import * as z from 'zod'
import type { Adapter } from '../../src/adapter.ts'
import { fail } from './errors.ts'
import { identify } from './identify.ts'
import { IMPORTS } from './imports.ts'
import { flameupMirror } from './mirror.ts'
import { DIALECT, flameupProvisioning } from './provisioning.ts'
import { BASE } from './request.ts'
import { CROSS_ORIGIN, flameupRoutes } from './routes.ts'
import { flameupSending } from './sending/render.ts'

const WithKey = z.object({ apiKeys: z.array(z.object({ key: z.string() })).min(1) })

/** The Devices API of Flameup, and its push calls. */
export const flameup: Adapter = {
  name: DIALECT,
  bases: [BASE],
  provisioning: flameupProvisioning,
  routes: flameupRoutes,
  identify,
  fail,
  capabilities: {
    crossOrigin: CROSS_ORIGIN,
    sending: flameupSending,
    mirror: flameupMirror,
    imports: IMPORTS,
  },
  example: (document, origin, token) => {
    const key = WithKey.safeParse(document).data?.apiKeys[0]?.key ?? 'API_KEY'
    return [
      `curl -s ${origin}${BASE}/people/jane/devices`,
      `-H 'Authorization: Bearer ${key}' -H 'Content-Type: application/json'`,
      `-d '{"token":"${token}","platform":"android","device_name":"Pixel 8","app_version":"1.0.0"}'`,
    ].join(' ')
  },
}
