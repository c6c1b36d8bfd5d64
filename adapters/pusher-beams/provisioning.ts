import * as z from 'zod'
import { provisioning, type SecretPlan } from '../../src/adapter.ts'
import type { DialectSetup } from '../../src/domain/app.ts'
import { randomHex } from '../../src/domain/encoding.ts'
import { invalidAt } from '../../src/wire/check.ts'
import { provisioned } from '../../src/wire/provisioned.ts'
import { givenWebhook, Webhooks } from './webhooks.ts'

export const DIALECT = 'pusher-beams'
export const SECRET_KEY = 'secretKey'

/** UUIDs of any version and variant, which the SDKs' own tests use (section 3). */
export const INSTANCE_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

const secret = provisioned(1000)
const Document = z.strictObject({
  instanceId: z
    .string()
    .regex(INSTANCE_ID, 'must be a UUID')
    .optional()
    .describe('The instance id that apps have baked in: a UUID.'),
  secretKey: secret
    .optional()
    .describe('The key that signs user tokens and opens server calls, up to 1,000 characters.'),
  checkTokens: z
    .boolean()
    .optional()
    .describe('Whether a token that cannot be one is refused. False unless set.'),
  webhooks: Webhooks.optional().describe(
    'The addresses that are told of publishes to users; all of them. An empty list takes them away.',
  ),
})

/** Whether registrations are checked for the two 401 errors; only if the app enables it (section 4). */
export const checksTokens = ({ options }: Pick<DialectSetup, 'options'>): boolean =>
  options.checkTokens === true

/** The secret key must stay readable: its characters are the HMAC key of user tokens (section 5). */
const secretPlan = (given: string | undefined): SecretPlan => ({
  kind: SECRET_KEY,
  // 64 upper-case hexadecimal characters, like the vendor's keys.
  secret: given ?? randomHex(32).toUpperCase(),
  readable: true,
  generated: given === undefined,
})

export const beamsProvisioning = provisioning<z.infer<typeof Document>>({
  schema: Document,

  plan({ instanceId, secretKey, checkTokens, webhooks }, known) {
    const identifier = instanceId ?? (known ? undefined : crypto.randomUUID())
    return {
      identifier,
      names: identifier === undefined ? undefined : [identifier.toLowerCase()],
      options: {
        ...(checkTokens !== undefined && { checkTokens }),
        ...(webhooks && { webhooks: webhooks.map(({ secret, ...rest }) => rest) }),
      },
      webhooks: webhooks?.map(givenWebhook),
      secrets: known && secretKey === undefined ? [] : [secretPlan(secretKey)],
    }
  },

  secret({ kind = SECRET_KEY, name, secret, scopes }) {
    if (kind !== SECRET_KEY) throw invalidAt('kind', `must be ${SECRET_KEY}`)
    if (name !== undefined) throw invalidAt('name', 'a secret key has no name')
    if (scopes !== undefined) throw invalidAt('scopes', 'a secret key has no scopes')
    return secretPlan(secret)
  },

  show: (setup, secrets) => {
    const { webhooks } = setup.options
    const shown = secrets.find((one) => one.kind === SECRET_KEY)?.secret
    return {
      instanceId: setup.identifier,
      ...(shown !== undefined && { secretKey: shown }),
      ...(checksTokens(setup) && { checkTokens: true }),
      ...(Array.isArray(webhooks) && webhooks.length > 0 && { webhooks }),
    }
  },
})
