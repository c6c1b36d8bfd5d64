import * as z from 'zod'
import { provisioning, type SecretPlan } from '../../src/adapter.ts'
import { randomHex } from '../../src/domain/encoding.ts'
import { invalidAt } from '../../src/wire/check.ts'
import { provisioned } from '../../src/wire/provisioned.ts'

export const DIALECT = 'flameup'
const API_KEY = 'apiKey'

/** Required by every call for devices, the list included (section 2). */
const DEVICES_WRITE = 'devices:write'
/** The scopes that grant each permission, besides those that grant all (contracts/sending.md 7). */
const COVERING = {
  [DEVICES_WRITE]: [DEVICES_WRITE],
  'campaigns:trigger': ['campaigns:trigger', 'push:send', 'messages:send'],
} as const
export type Permission = keyof typeof COVERING
export const covers = (scopes: readonly string[], permission: Permission): boolean =>
  scopes.some((one) => ['admin', '*', ...COVERING[permission]].includes(one))

// A key with white space could not be sent in a header.
const key = provisioned(1000).regex(/^\S+$/, 'must not contain white space')
const Document = z.strictObject({
  workspaceId: provisioned(255).optional().describe('The workspace id, up to 255 characters.'),
  apiKeys: z
    .array(
      z.strictObject({
        key: key.optional().describe('The key, whole: up to 1,000 characters without white space.'),
        scopes: z
          .array(z.string().min(1).max(200))
          .max(100)
          .optional()
          .describe('What it allows; `devices:write` where left out.'),
      }),
    )
    .max(100)
    .optional()
    .describe('API keys, up to 100, each of which names its workspace.'),
})

/** Keys are opaque and identify their workspace (section 2); generated ones look like the vendor's. */
const keyPlan = (given: string | undefined, scopes: readonly string[] = [DEVICES_WRITE]): SecretPlan => ({
  kind: API_KEY,
  secret: given ?? `ws_live_${randomHex(4)}_${randomHex(8)}.${randomHex(32)}`,
  scopes,
  findsApp: true,
  generated: given === undefined,
})

export const flameupProvisioning = provisioning<z.infer<typeof Document>>({
  schema: Document,

  plan({ workspaceId, apiKeys }, known) {
    const identifier = workspaceId ?? (known ? undefined : `ws_${randomHex(8)}`)
    const wanted = apiKeys ?? (known ? [] : [{}])
    return {
      identifier,
      names: identifier === undefined ? undefined : [identifier],
      options: {},
      secrets: wanted.map((one) => keyPlan(one.key, one.scopes)),
    }
  },

  secret({ kind = API_KEY, name, secret, scopes }) {
    if (kind !== API_KEY) throw invalidAt('kind', `must be ${API_KEY}`)
    if (name !== undefined) throw invalidAt('name', '`name` is not supported for API keys')
    if (secret !== undefined && !key.safeParse(secret).success) {
      throw invalidAt('secret', 'must not contain white space')
    }
    return keyPlan(secret, scopes)
  },

  show: ({ identifier }, secrets) => ({
    workspaceId: identifier,
    ...(secrets.length > 0 && { apiKeys: secrets.map(({ secret, scopes }) => ({ key: secret, scopes })) }),
  }),
})
