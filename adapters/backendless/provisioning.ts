import * as z from 'zod'
import { provisioning, type SecretPlan } from '../../src/adapter.ts'
import { invalidAt } from '../../src/wire/check.ts'
import { provisioned } from '../../src/wire/provisioned.ts'
import { APPLICATION_ID } from './address.ts'
import { Template } from './sending/templates.ts'

export const DIALECT = 'backendless'

/** One key per platform; all give access to the same devices (section 3). */
export const KEY_KINDS = ['rest', 'js', 'android', 'ios', 'dotnet', 'custom'] as const
export type KeyKind = (typeof KEY_KINDS)[number]
const GENERATED: readonly KeyKind[] = ['rest', 'js', 'android', 'ios']

const HOST = /^(?=.{1,253}$)[a-z0-9_-]+(\.[a-z0-9_-]+)*$/
const host = z.string().toLowerCase().regex(HOST, 'must be a host name without a port')
const key = provisioned(1000)
const upstream = z.url({ protocol: /^https?$/, error: 'must be an http: or https: URL' })

/** Options of section 14. */
const Options = z.strictObject({
  retrieve: z
    .enum(['auto', 'array', 'object'])
    .describe('The shape of a retrieved registration; `auto`: by the key.'),
  domains: z
    .array(
      z.strictObject({
        host: host.describe('A host name, without a port.'),
        key: z.enum(KEY_KINDS).optional().describe('The key that it stands for.'),
      }),
    )
    .max(100)
    .describe('Hosts that name the app by themselves, up to 100.'),
  upstream: upstream
    .nullable()
    .describe('Where everything but registrations and messages goes; null: nowhere.'),
  v3: z.boolean().describe('Whether the retired v3 form is taken, too.'),
  keyByToken: z.boolean().describe('Whether Android devices are told apart by their tokens.'),
  pushTemplates: z
    .record(z.string().min(1).max(100), Template)
    .refine((templates) => Object.keys(templates).length <= 100, 'must be at most 100 templates')
    .optional()
    .describe('Push templates by name, up to 100, in the form of the vendor’s console.'),
})
export type Options = z.infer<typeof Options>
const DEFAULTS: Options = { retrieve: 'auto', domains: [], upstream: null, v3: false, keyByToken: false }

const Document = Options.partial().extend({
  applicationId: z
    .string()
    .regex(APPLICATION_ID, 'must be a UUID')
    .optional()
    .describe('The application id: a UUID.'),
  apiKeys: z
    .partialRecord(z.enum(KEY_KINDS), key)
    .optional()
    .describe('Keys by kind, up to 1,000 characters each.'),
})

/** An app's options, completed with defaults. */
export function optionsOf({ pushTemplates, ...options }: Readonly<Record<string, unknown>>): Options {
  const templates = Array.isArray(pushTemplates) && { pushTemplates: Object.fromEntries(pushTemplates) }
  return { ...DEFAULTS, ...options, ...templates }
}

/** Merges options into the stored ones: objects are merged, a list of templates replaces the previous one. */
const keptOptions = ({
  pushTemplates,
  ...options
}: Omit<z.infer<typeof Document>, 'applicationId' | 'apiKeys'>) => ({
  ...options,
  ...(pushTemplates && { pushTemplates: Object.entries(pushTemplates) }),
})

/** The alias by which an app is found from a request's Host. */
export const hostName = (host: string): string => `host:${host}`

const uuid = () => crypto.randomUUID().toUpperCase()
const secretPlan = (kind: KeyKind, given: string | undefined): SecretPlan => ({
  kind,
  secret: given ?? uuid(),
  generated: given === undefined,
})

export const backendlessProvisioning = provisioning<z.infer<typeof Document>>({
  schema: Document,

  plan({ applicationId, apiKeys = {}, ...given }, known) {
    const identifier = applicationId ?? (known ? undefined : uuid())
    const kinds = KEY_KINDS.filter(
      (kind) => apiKeys[kind] !== undefined || (!known && GENERATED.includes(kind)),
    )
    return {
      identifier,
      // Ids are compared exactly (section 2).
      names: identifier === undefined ? undefined : [identifier],
      aliases: given.domains?.map((one) => hostName(one.host)),
      // Only the given options, so that concurrent changes of different options do not overwrite each other.
      options: keptOptions(known ? given : { ...DEFAULTS, ...given }),
      secrets: kinds.map((kind) => secretPlan(kind, apiKeys[kind])),
    }
  },

  secret({ kind, name, secret, scopes }) {
    const known = KEY_KINDS.find((one) => one === kind)
    if (!known) throw invalidAt('kind', `must be one of ${KEY_KINDS.join(', ')}`)
    if (name !== undefined) throw invalidAt('name', '`name` is not supported for API keys')
    if (scopes !== undefined) throw invalidAt('scopes', 'an API key has no scopes')
    return secretPlan(known, secret)
  },

  show({ identifier, options }, secrets) {
    const shown = secrets.flatMap(({ kind, secret }) => (secret === undefined ? [] : [[kind, secret]]))
    return {
      applicationId: identifier,
      ...(shown.length > 0 && { apiKeys: Object.fromEntries(shown) }),
      ...optionsOf(options),
    }
  },
})
