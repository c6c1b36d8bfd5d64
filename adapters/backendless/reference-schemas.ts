import * as z from 'zod'

/** Bodies are read member by member, in the vendor's order of errors: these schemas say the same. */
export const Registration = z.looseObject({
  deviceToken: z.string().min(1).describe('The token of the push service.'),
  deviceId: z.string().min(1).describe('The id of the device, by which it is known again.'),
  os: z.string().nullish().describe('IOS, ANDROID, OSX or WP, in any case.'),
  osVersion: z.union([z.string(), z.number()]).nullish(),
  channels: z
    .array(z.string())
    .nullish()
    .describe('Added to those that it has; `default` where none is named.'),
  expiration: z
    .union([z.string(), z.number()])
    .nullish()
    .describe('When it ends: seconds, milliseconds or ISO 8601; 0: never.'),
})
export const Message = z.looseObject({
  message: z.unknown().describe('The text, or JSON. Required.'),
  headers: z
    .record(z.string(), z.unknown())
    .nullish()
    .describe('Such as `android-content-title`, `ios-badge`.'),
  publisherId: z.unknown().optional(),
  subtopic: z.unknown().optional(),
  publishPolicy: z.union([z.string(), z.number()]).nullish().describe('PUSH, PUBSUB or BOTH.'),
  pushBroadcast: z.unknown().optional().describe('Platforms: a mask, words, or a list of words.'),
  pushSinglecast: z.unknown().optional().describe('Ids of devices.'),
  publishAt: z.union([z.string(), z.number()]).nullish(),
  repeatEvery: z.union([z.string(), z.number()]).nullish(),
  repeatExpiresAt: z.union([z.string(), z.number()]).nullish(),
})
export const TemplateValues = z.looseObject({
  templateValues: z.record(z.string(), z.unknown()).nullish().describe('What the words in braces stand for.'),
})
export const Find = z.looseObject({
  where: z.string().describe("`deviceId = '<id>'`: the only condition."),
  pageSize: z.int().min(1).max(100).nullish().describe('10 where left out.'),
  offset: z.int().min(0).nullish(),
})

export const Registered = z.strictObject({
  registrationId: z.string().describe('`<id>::<channel>` of every channel, with commas.'),
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
  .describe('The object for a REST key, a list of one for any other.')
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
