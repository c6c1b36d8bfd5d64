import * as z from 'zod'
import { provisioning, type SecretPlan } from '../../src/adapter.ts'
import type { DialectSetup } from '../../src/domain/app.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { randomBase64Url } from '../../src/wire/encoding.ts'
import { provisioned } from '../../src/wire/provisioned.ts'

export const DIALECT = 'pushwoosh'
/** The one kind of token: for the bulk call's `auth` and for the Authorization header (section 3). */
export const API_TOKEN = 'apiToken'

/** The vendor's form is XXXXX-XXXXX; an app brings along whatever it has baked in. */
const APPLICATION_CODE = /^[A-Za-z0-9]{1,32}(-[A-Za-z0-9]{1,32})?$/

const Document = z.strictObject({
  applicationCode: provisioned(65)
    .regex(APPLICATION_CODE, 'must be an application code such as ABCDE-12345')
    .optional(),
  apiToken: provisioned(1000).optional(),
  /** Refuses Device API calls without the token; off, because the documented calls carry none (section 3). */
  strict: z.boolean().optional(),
})

const tokenPlan = (given: string | undefined): SecretPlan => ({
  kind: API_TOKEN,
  secret: given ?? randomBase64Url(48),
  generated: given === undefined,
})

export const isStrict = (setup: Pick<DialectSetup, 'options'>): boolean => setup.options.strict === true

export const pushwooshProvisioning = provisioning<z.infer<typeof Document>>({
  schema: Document,

  plan({ applicationCode, apiToken, strict }, known) {
    const identifier = applicationCode ?? (known ? undefined : randomCode())
    return {
      identifier,
      names: identifier === undefined ? undefined : [identifier],
      options: strict === undefined ? {} : { strict },
      secrets: known && apiToken === undefined ? [] : [tokenPlan(apiToken)],
    }
  },

  secret({ kind = API_TOKEN, name, secret, scopes }) {
    if (kind !== API_TOKEN) throw refused('kind', `must be ${API_TOKEN}`)
    if (name !== undefined) throw refused('name', 'an API token has no name')
    if (scopes !== undefined) throw refused('scopes', 'an API token has no scopes')
    return tokenPlan(secret)
  },

  show(setup, secrets) {
    const token = secrets.find((one) => one.kind === API_TOKEN)?.secret
    return {
      applicationCode: setup.identifier,
      ...(token !== undefined && { apiToken: token }),
      strict: isStrict(setup),
    }
  },
})

const refused = (path: string, message: string) =>
  new GatewayError('invalid', `${path}: ${message}`, { issues: [{ path, message }] })

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** 36^10 codes: the identifier is public, it only has to be new. */
function randomCode(): string {
  const picked = Array.from(crypto.getRandomValues(new Uint32Array(10)), (n) => LETTERS[n % LETTERS.length])
  return `${picked.slice(0, 5).join('')}-${picked.slice(5).join('')}`
}
