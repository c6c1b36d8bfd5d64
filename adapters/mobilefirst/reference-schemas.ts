import * as z from 'zod'
import { AUDIENCE_LIMITS } from '../../src/domain/message.ts'
import { PLATFORMS } from './device-tokens.ts'
import { MOST_APPLICATION_ID } from './provisioning.ts'
import { type Kind, SECTIONS } from './sending/settings.ts'
import { TYPES } from './webhooks.ts'

/**
 * Bodies are read member by member, because each refusal names the member in ten languages: these schemas say the same,
 * which test/docs/agreement.node.test.ts shows.
 */

const text = (most = 1000) => z.string().min(1).max(most)
/** Null and the empty text count as absent. */
const optional = (most = 1000) => z.string().max(most).nullish()
const flag = () => z.union([z.boolean(), z.enum(['true', 'false'])])
/** The parser takes an empty list for an empty object, as PHP writes one. */
const empty = z.array(z.unknown()).max(0)
const map = z.union([z.record(z.string(), z.unknown()), empty])
const names = Object.keys(PLATFORMS)
const user = z.string().max(254).nullish().describe('The user, up to 254 characters.')
const TOKEN =
  'The push token, stored unchanged; browsers send `{"endpoint", "userPublicKey", "userAuth"}` as JSON text.'

export const Registration = z.looseObject({
  deviceId: text().describe('The id of the device, by which it is recognized later.'),
  token: text(8000).describe(TOKEN),
  platform: z.enum(names).describe('`A`: Apple, `G`: Google, `W`: Windows; the others are browsers.'),
  userId: user,
  phoneNumber: optional(),
})
export const Update = z.looseObject({
  deviceId: optional().describe('Ignored: the path names the device.'),
  token: optional(8000).describe(TOKEN),
  platform: z.enum([...names, '']).nullish(),
  userId: user,
  phoneNumber: optional(),
})
export const NewTag = z.looseObject({ name: text(), description: z.string().max(4000).nullish() })
export const TagChange = z.looseObject({
  name: z.string().optional().describe('Ignored: a tag cannot be renamed.'),
  description: z.string().max(4000).nullish(),
})
const DEVICE_ID = text().describe('A registered device.')
export const Subscribing = z.union([
  z.looseObject({ deviceId: DEVICE_ID, tagName: text(), tagNames: z.null().optional(), userId: user }),
  z.looseObject({ deviceId: DEVICE_ID, tagNames: z.array(text()).min(1).max(1000), userId: user }),
])

const TYPED: Readonly<Record<string, () => z.ZodType>> = {
  text: () => z.string().max(10_000),
  number: () => z.union([z.number(), z.string().regex(/^\s*(-?\d+(\.\d+)?)?\s*$/)]),
  seconds: () => z.union([z.int().min(0), z.string().regex(/^\s*\d*\s*$/)]),
  flag: () => z.union([flag(), z.literal('')]),
  object: () => z.union([z.record(z.string(), z.unknown()), z.literal('')]),
  list: () => z.union([z.array(z.unknown()), z.literal('')]),
  payload: () =>
    z.union([map, z.literal('')]).or(
      z
        .string()
        .regex(/^\s*\{/)
        .describe('An object as JSON text.'),
    ),
}
const member = (kind: Kind): z.ZodType =>
  typeof kind === 'string'
    ? (TYPED[kind]?.() ?? z.unknown()).nullish()
    : z
        .unknown()
        .optional()
        .describe(
          `One of ${kind.words.split(' ').join(', ')}, in any letter case; other values have no effect.`,
        )
/** Generated from the table that validates the settings. */
const sections = Object.fromEntries(
  Object.entries(SECTIONS).map(([name, kinds]) => [
    name,
    z
      .looseObject(Object.fromEntries(Object.entries(kinds).map(([key, kind]) => [key, member(kind)])))
      .or(empty)
      .nullish(),
  ]),
)
const some = (one: z.ZodType) => z.array(one).max(AUDIENCE_LIMITS.entries)
const list = some(z.string()).nullish()
const numbers = z.union([some(z.string()), z.string()]).nullish()
const platform = `\\s*(${names.join('|')})\\s*`
/** One value, or several separated by commas; in a list, every item may hold several. */
const platforms = z.string().regex(new RegExp(`^${platform}(,${platform})*$`))
export const Message = z.looseObject({
  message: z.looseObject({ alert: text(100_000).describe('The text.'), url: optional(100_000) }),
  notificationType: z
    .union([z.literal([1, 2, 3]), z.enum(['1', '2', '3'])])
    .nullish()
    .describe('1: push, 2: SMS (not sent), 3: both.'),
  target: z
    .looseObject({
      deviceIds: list,
      userIds: list,
      consumerIds: list,
      tagNames: list,
      platforms: z.union([some(platforms), platforms]).nullish(),
      phoneNumber: numbers,
    })
    .or(empty)
    .nullish()
    .describe('One kind of target; all devices by default.'),
  settings: z.object(sections).catchall(map.nullable()).or(empty).nullish().describe('By push service.'),
  validate: flag().nullish().describe('`true`: the message is checked but not sent.'),
})
export const Messages = z.array(Message).min(1).max(300)
export const Receipt = z.looseObject({
  deviceId: text(),
  status: z
    .string()
    .regex(/^([Ss][Ee][Ee][Nn]|[Oo][Pp][Ee][Nn])$/)
    .describe('SEEN or OPEN, in any letter case.'),
})

export const NewApplication = z.looseObject({
  applicationId: text(MOST_APPLICATION_ID).describe('The application of the token.'),
  enabled: flag().nullish(),
})
export const Enabling = z.looseObject({ enabled: flag() })

export const ApnsForm = z.object({
  certificate: z
    .string()
    .meta({ contentMediaType: 'application/x-pkcs12' })
    .describe('The file (.p12), up to 128 KiB.'),
  password: z.string().max(1000).optional().describe('The password of the file.'),
  isSandBox: z
    .enum(['true', 'false', ''])
    .optional()
    .describe('By default the environment that the certificate is for.'),
})
export const Gcm = z.looseObject({
  apiKey: text(16_384).describe('A key of the legacy API, or the JSON of a service account as a string.'),
  // No bounds as for an integer: digits of any length are kept.
  senderId: z.union([z.number().multipleOf(1), text()]),
})
export const Wns = z.looseObject({ clientSecret: text(16_384), packageSID: text() })
const short = z.string().max(1000)
export const Sms = z.looseObject({
  host: text(),
  port: z.union([short, z.number()]).optional(),
  name: short.optional(),
  programName: short.optional(),
  parameters: z
    .array(z.looseObject({ name: short }))
    .max(100)
    .optional()
    .describe('Stored unchanged.'),
})

const event = `(${Object.keys(TYPES).join('|')})`
const eventTypes = z
  .string()
  .max(1000)
  .regex(new RegExp(`^\\s*${event}\\s*(,\\s*${event}\\s*)*$`))
  .describe(`Separated by commas: ${Object.keys(TYPES).join(', ')}.`)
const url = z
  .string()
  .max(2000)
  .regex(/^https?:\/\/[^/]/)
  .describe('The URL that is called.')
export const NewWebhook = z.looseObject({ name: text(), url, eventTypes })
export const NamedWebhook = z.looseObject({
  name: text(),
  url: url.optional(),
  eventTypes: eventTypes.optional(),
})
export const WebhookChange = z.looseObject({
  name: z.string().optional().describe('The same name as in the path; optional.'),
  url: url.optional(),
  eventTypes: eventTypes.optional(),
})

const signed = z.string().describe('Base64 or base64url.')
export const Registering = z.looseObject({
  signedRegistrationData: z
    .looseObject({ header: signed, payload: signed, signature: signed })
    .describe(
      'A JWS with its three parts as members. The header has the key (`jwk` for RS256, `key` for HS256), the payload `device.id` and `application.id`.',
    ),
})
export const Preauthorizing = z.looseObject({
  client_id: z.string().min(1).max(100).describe('The client id from the registration.'),
  scope: z.unknown().optional().describe('Ignored, because there are no security checks.'),
})
const ASSERTION =
  'A JWS, signed with the registered key: `sub` is the client id, `jti` the code, `aud` ends in `az/v1/token`, `exp` in milliseconds.'
const client_assertion = z.string().min(1).describe(ASSERTION)
export const TokenForm = z.union([
  z.looseObject({
    grant_type: z.literal('client_credentials'),
    scope: z
      .string()
      .optional()
      .describe('The scopes, separated by spaces; only `RegisteredClient` by default.'),
    client_id: z.string().optional().describe('Sent instead of the header.'),
    client_secret: z.string().optional(),
  }),
  z.looseObject({
    grant_type: z.literal('authorization_code'),
    code: z.string().min(1),
    redirect_uri: z.string().min(1),
    client_assertion,
    client_assertion_type: z.string().optional(),
  }),
])
export const AssertionForm = z.looseObject({ client_assertion })
