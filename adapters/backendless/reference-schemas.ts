import * as z from 'zod'
import { LENGTHS } from '../../src/domain/lengths.ts'
import { AUDIENCE_LIMITS } from '../../src/domain/message.ts'

const anyCase = (words: string): string =>
  words.replace(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`)
/** The parser takes an empty list for an empty object, as PHP writes one. */
const map = z.union([z.record(z.string(), z.unknown()), z.array(z.unknown()).max(0)])
const time = z
  .union([z.number(), z.string().regex(/^(\s*(\d{1,20}(\.\d{1,20})?|\d{4}-\d\d.*)\s*)?$/)])
  .nullish()
const platform = `\\s*(${anyCase('(for_)?(ios|android|wp|osx|all|none)')})\\s*`
const platforms = z.string().regex(new RegExp(`^(\\s*|\\s*(\\d|1[0-5])\\s*|${platform}([|,]${platform})*)$`))
const words = z.string().regex(new RegExp(`^(\\s*|${platform}([|,]${platform})*)$`))
const policy = z.string().regex(new RegExp(`^\\s*(${anyCase('push|pubsub|both|only|also|none')}|[012])\\s*$`))

/**
 * For documentation: handlers read bodies member by member, in the vendor's order of errors, by the same
 * rules.
 */
export const Registration = z.looseObject({
  deviceToken: z.string().min(1).max(LENGTHS.token).describe('The token of the push service.'),
  deviceId: z
    .string()
    .min(1)
    .max(LENGTHS.id)
    .describe('The id of the device, by which it is recognized later.'),
  os: z.string().nullish().describe('IOS, ANDROID, OSX or WP, in any letter case.'),
  osVersion: z.union([z.string(), z.number()]).nullish(),
  channels: z
    .array(z.string())
    .nullish()
    .describe('Added to the channels that it has; `default` if none is given.'),
  expiration: time.describe(
    'When the registration expires: a future time in seconds, milliseconds or ISO 8601; 0 for never.',
  ),
})
export const Message = z.looseObject({
  message: z
    .union([z.string(), z.number(), z.boolean(), z.array(z.unknown()), z.record(z.string(), z.unknown())])
    .describe('The text, or JSON.'),
  headers: map.nullish().describe('For example `android-content-title` or `ios-badge`.'),
  publisherId: z.unknown().optional(),
  subtopic: z.unknown().optional(),
  publishPolicy: z
    .union([z.literal([0, 1, 2]), policy])
    .nullish()
    .describe('PUSH, PUBSUB or BOTH in any letter case, or its number.'),
  pushBroadcast: z
    .union([z.int().min(0).max(15), platforms, z.array(words)])
    .nullish()
    .describe('Platforms: a bit mask, names, or a list of names.'),
  pushSinglecast: z
    .union([z.string(), z.array(z.string()).max(AUDIENCE_LIMITS.entries)])
    .nullish()
    .describe('Device ids.'),
  publishAt: time,
  repeatEvery: z
    .union([z.int().min(0), z.string().regex(/^(\s*\d+\s*)?$/)])
    .nullish()
    .describe('In seconds.'),
  repeatExpiresAt: time,
})
export const TemplateValues = z.looseObject({
  templateValues: map.nullish().describe('The values for the placeholders in braces.'),
})
export const Find = z.looseObject({
  where: z
    .string()
    .regex(/^\s*deviceId\s*=\s*'([^']|'')*'\s*$/)
    .describe("`deviceId = '<id>'`; no other condition is supported."),
  pageSize: z.int().min(1).max(100).nullish().describe('10 by default.'),
  offset: z.int().min(0).nullish(),
})

export const Registered = z.strictObject({
  registrationId: z.string().describe('`<id>::<channel>` for every channel, separated by commas.'),
})
export const Device = z.strictObject({
  id: z.string(),
  deviceToken: z.string(),
  deviceId: z.string(),
  os: z.string(),
  osVersion: z.string(),
  channels: z.array(z.string()),
  expiration: z.int().optional(),
})
export const Retrieved = z
  .union([Device, z.tuple([Device])])
  .describe('An object for a REST key, a list with one object for any other key.')
export const Result = z.strictObject({ result: z.literal(true) })
export const Info = z.looseObject({
  appId: z.string(),
  rtURL: z.string(),
  loggers: z.array(z.looseObject({ name: z.string(), level: z.string() })),
})
export const Rows = z.array(
  z.strictObject({
    ___class: z.literal('DeviceRegistration'),
    objectId: z.string(),
    deviceId: z.string(),
    deviceToken: z.string(),
    operatingSystemName: z.string(),
    operatingSystemVersion: z.string(),
    channelName: z.string(),
    expiration: z.int().nullable(),
  }),
)
export const Deleted = z.strictObject({ deletionTime: z.int() })
export const Status = z.strictObject({
  errorMessage: z.string().nullable(),
  messageId: z.string(),
  status: z.enum(['scheduled', 'published', 'failed', 'cancelled', 'unknown']),
})
export const Pushed = z.strictObject({
  messageId: z.string(),
  errorMessage: z.string().nullable(),
  status: z.literal('SCHEDULED'),
  sendingTimeInMillis: z.int(),
  successfulSendsAmount: z.int(),
  failedSendsAmount: z.int(),
})
export const Templates = z.record(z.string(), z.looseObject({ name: z.string() }))
export const ApiError = z.strictObject({ code: z.int(), message: z.string(), errorData: z.strictObject({}) })
