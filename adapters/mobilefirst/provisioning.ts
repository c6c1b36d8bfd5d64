import * as z from 'zod'
import { provisioning, type SecretPlan, type ShownSecret } from '../../src/adapter.ts'
import { randomBase64Url, randomHex } from '../../src/domain/encoding.ts'
import { invalidAt } from '../../src/wire/check.ts'
import { provisioned } from '../../src/wire/provisioned.ts'

export const DIALECT = 'mobilefirst'
/** A confidential client: `name` is its client id. */
export const CLIENT = 'client'
/** The IBM Cloud variant's secrets (section 9), without a name. */
export const APP_SECRET = 'appSecret'
export const CLIENT_SECRET = 'clientSecret'

/** The scopes of all operations (section 3). */
const OPERATOR_SCOPES = [
  'apps.read',
  'apps.write',
  'devices.read',
  'devices.write',
  'messages.read',
  'messages.write',
  'settings.read',
  'settings.write',
  'subscriptions.read',
  'subscriptions.write',
  'tags.read',
  'tags.write',
  'webhooks.read',
  'webhooks.write',
] as const

/** Most characters of an application id, which is a package or bundle name. */
export const MOST_APPLICATION_ID = 300

export const applicationScope = (applicationId: string): string => `push.application.${applicationId}`

/** RFC 6749, section 3.3; `*` is the vendor's wildcard. */
const scope = z.string().regex(/^[\x21\x23-\x5b\x5d-\x7e]{1,300}$/, 'must be a scope: no blanks or quotes')
const Client = z.strictObject({
  clientId: provisioned(200)
    .regex(/^[^:]*$/, 'must not hold a colon')
    .optional()
    .describe('The OAuth client id: up to 200 characters, no colon.'),
  clientSecret: provisioned(1000).optional().describe('Its secret, up to 1,000 characters.'),
  scopes: z.array(scope).max(200).optional().describe('What it may ask for; all operations where left out.'),
})
const Document = z.strictObject({
  applicationId: provisioned(MOST_APPLICATION_ID)
    .optional()
    .describe('The package name or bundle id, up to 300 characters.'),
  clients: z.array(Client).max(50).optional().describe('Confidential clients of back ends, up to 50.'),
})

interface ClientRequest {
  readonly clientId?: string | undefined
  readonly clientSecret?: string | undefined
  readonly scopes?: readonly string[] | undefined
}

const clientPlan = (given: ClientRequest, scopes: readonly string[]): SecretPlan => ({
  kind: CLIENT,
  name: given.clientId ?? `client-${randomHex(8)}`,
  secret: given.clientSecret ?? randomBase64Url(32),
  scopes: given.scopes ?? scopes,
  generated: given.clientSecret === undefined || given.clientId === undefined,
})

const shownClient = ({ name, secret, scopes }: ShownSecret) => ({
  clientId: name,
  clientSecret: secret,
  scopes,
})

export const mobileFirstProvisioning = provisioning<z.infer<typeof Document>>({
  schema: Document,

  plan({ applicationId, clients }, known) {
    const identifier = applicationId ?? (known ? undefined : `com.example.app${randomHex(6)}`)
    const all = [...OPERATOR_SCOPES, applicationScope(identifier ?? known?.identifier ?? '')]
    const given = clients ?? (known ? [] : [{}])
    return {
      identifier,
      names: identifier === undefined ? undefined : [identifier],
      options: {},
      secrets: given.map((one) => clientPlan(one, all)),
    }
  },

  secret({ kind = CLIENT, name, secret, scopes }) {
    if (kind === CLIENT) {
      if (scopes === undefined) throw invalidAt('scopes', '`scopes` is required for a client')
      const parsed = Client.safeParse({ clientId: name, clientSecret: secret, scopes })
      if (!parsed.success) throw invalidAt('scopes', parsed.error.issues[0]?.message ?? 'not valid')
      return clientPlan(parsed.data, [])
    }
    if (kind !== APP_SECRET && kind !== CLIENT_SECRET) {
      throw invalidAt('kind', `must be ${CLIENT}, ${APP_SECRET} or ${CLIENT_SECRET}`)
    }
    if (name !== undefined) throw invalidAt('name', `an ${kind} has no name`)
    if (scopes !== undefined) throw invalidAt('scopes', `an ${kind} has no scopes`)
    return { kind, secret: secret ?? randomBase64Url(32), generated: secret === undefined }
  },

  show({ identifier }, secrets) {
    const clients = secrets.filter((one) => one.kind === CLIENT).map(shownClient)
    return { applicationId: identifier, ...(clients.length > 0 && { clients }) }
  },
})
