import * as z from 'zod'
import { provisioning, type SecretPlan } from '../../src/adapter.ts'
import type { DialectSetup } from '../../src/domain/app.ts'
import { randomBase64Url } from '../../src/domain/encoding.ts'
import { TAG_LIMITS } from '../../src/domain/tag.ts'
import { isStorable } from '../../src/domain/text.ts'
import { invalidAt } from '../../src/wire/check.ts'
import { isObject } from '../../src/wire/json.ts'
import { provisioned } from '../../src/wire/provisioned.ts'
import { isSystemTag, systemType } from './system-tags.ts'
import { TAG_NAME } from './tags.ts'

export const DIALECT = 'pushwoosh'
/** The only kind of token, for the bulk call's `auth` and the Authorization header (section 3). */
export const API_TOKEN = 'apiToken'

/** The vendor's form is XXXXX-XXXXX, but apps may contain other codes. */
const APPLICATION_CODE = /^[A-Za-z0-9]{1,32}(-[A-Za-z0-9]{1,32})?$/
/** Codes of another form are rejected without a look-up. */
export const isApplicationCode = (code: unknown): code is string =>
  typeof code === 'string' && APPLICATION_CODE.test(code)

/** Characters of a token. */
export const LONGEST_TOKEN = 1000

/** Tag types of section 8, named as in the vendor's imports. */
const TAG_TYPES = ['string', 'integer', 'price', 'boolean', 'date', 'list', 'version'] as const
const TagTypes = z.record(
  z.string().min(1).max(TAG_NAME).refine(isStorable, 'cannot be stored'),
  z.enum(TAG_TYPES),
)

/** Types of the app's tags, declared by the operator (section 8). */
const DeclaredTypes = z
  .unknown()
  // JSON.parse creates `__proto__` as an own member, which would be lost in a copy.
  .refine((given) => !(isObject(given) && Object.hasOwn(given, '__proto__')), 'cannot declare __proto__')
  .pipe(TagTypes)
  .superRefine((types, context) => {
    const names = Object.keys(types)
    if (names.length > TAG_LIMITS.changes) context.addIssue(`has more than ${TAG_LIMITS.changes} names`)
    for (const name of names) {
      if (isSystemTag(name) && types[name] !== systemType(name)) {
        context.addIssue(`${name} is always of the type ${systemType(name)}`)
      }
    }
  })

const Document = z.strictObject({
  applicationCode: provisioned(65)
    .regex(APPLICATION_CODE, 'must be an application code such as ABCDE-12345')
    .optional()
    .describe('The application code that apps have baked in, such as ABCDE-12345.'),
  apiToken: provisioned(LONGEST_TOKEN)
    .optional()
    .describe('The token of server calls, up to 1,000 characters.'),
  /** Off by default, because the documented calls carry no token (section 3). */
  strict: z
    .boolean()
    .optional()
    .describe('Whether Device API calls without the token are refused. False unless set.'),
  tagTypes: DeclaredTypes.optional().describe(
    'The types of the app’s tags by name, up to 1,000 in one document.',
  ),
})

const tokenPlan = (given: string | undefined): SecretPlan => ({
  kind: API_TOKEN,
  secret: given ?? randomBase64Url(48),
  generated: given === undefined,
})

export const isStrict = (setup: Pick<DialectSetup, 'options'>): boolean => setup.options.strict === true

const declaredTypes = ({ options }: Pick<DialectSetup, 'options'>): Readonly<Record<string, unknown>> =>
  isObject(options.tagTypes) ? options.tagTypes : {}

export const pushwooshProvisioning = provisioning<z.infer<typeof Document>>({
  schema: Document,

  plan({ applicationCode, apiToken, strict, tagTypes }, known) {
    const identifier = applicationCode ?? (known ? undefined : randomCode())
    return {
      identifier,
      names: identifier === undefined ? undefined : [identifier],
      // Types are merged one by one: those from earlier documents stay.
      options: { ...(strict !== undefined && { strict }), ...(tagTypes !== undefined && { tagTypes }) },
      secrets: known && apiToken === undefined ? [] : [tokenPlan(apiToken)],
    }
  },

  secret({ kind = API_TOKEN, name, secret, scopes }) {
    if (kind !== API_TOKEN) throw invalidAt('kind', `must be ${API_TOKEN}`)
    if (name !== undefined) throw invalidAt('name', 'an API token has no name')
    if (scopes !== undefined) throw invalidAt('scopes', 'an API token has no scopes')
    return tokenPlan(secret)
  },

  show(setup, secrets) {
    const token = secrets.find((one) => one.kind === API_TOKEN)?.secret
    return {
      applicationCode: setup.identifier,
      ...(token !== undefined && { apiToken: token }),
      strict: isStrict(setup),
      tagTypes: declaredTypes(setup),
    }
  },
})

const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'

/** One of 36^10 codes: the identifier is public and only has to be unique. */
function randomCode(): string {
  const picked = Array.from(crypto.getRandomValues(new Uint32Array(10)), (n) => LETTERS[n % LETTERS.length])
  return `${picked.slice(0, 5).join('')}-${picked.slice(5).join('')}`
}
