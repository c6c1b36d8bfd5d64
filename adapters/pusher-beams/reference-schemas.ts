import * as z from 'zod'
import { AUDIENCES } from './sending/check.ts'

/** For documentation: handlers check bodies member by member, because each refusal has its own text. */
/** The parser takes an empty list for an empty object, as PHP writes one. */
const empty = z.array(z.unknown()).max(0)
const map = z.union([z.record(z.string(), z.unknown()), empty])
export const metadata = z
  .record(z.string(), z.unknown())
  .describe('What the SDK reports about itself; stored unchanged.')
export const Registration = z.looseObject({
  token: z.string().min(1).describe('The push token; for a browser, its subscription in base64.'),
  bundleIdentifier: z.string().optional().describe('The bundle id of the app; required for `apns`.'),
  metadata: metadata.or(empty).nullish(),
})
export const NewToken = z.looseObject({ token: z.string().min(1).describe('The new FCM token.') })
export const InterestSet = z.looseObject({
  interests: z
    .array(z.string().regex(/^[A-Za-z0-9_=@,.;-]{1,164}$/))
    .describe('The complete list, up to 5,000 different interests.'),
})
export const Report = z.looseObject({
  event: z
    .string()
    .regex(/^([Dd][Ee][Ll][Ii][Vv][Ee][Rr][Yy]|[Oo][Pp][Ee][Nn])$/)
    .describe('`delivery` or `open`, in any letter case.'),
  publishId: z.string().min(1),
  deviceId: z.string().min(1),
  timestampSecs: z.number().min(0).max(253_402_300_799).describe('The time, in seconds since 1970.'),
  userId: z.string().optional(),
  appInBackground: z.boolean().optional(),
  hasDisplayableContent: z.boolean().optional(),
  hasData: z.boolean().optional(),
})
const content = z.looseObject({ notification: map.nullish(), data: map.nullish() }).nullish()
const parts = {
  apns: z
    .looseObject({ aps: map.nullish(), data: map.nullish() })
    .nullish()
    .describe('For iPhones and Macs: `aps`, `data` and Apple’s headers.'),
  fcm: content.describe('For Android: `notification`, `data` and FCM’s options.'),
  web: content.describe('For browsers: `notification`, `data`, `time_to_live`.'),
  webhookUrl: z
    .string()
    .regex(/^https?:\/\/./)
    .nullish(),
}
export const ToInterests = z.looseObject({
  interests: z
    .array(z.string().regex(/^[a-zA-Z0-9_\-=@,.;]{1,164}$/))
    .min(1)
    .max(AUDIENCES.interests),
  ...parts,
})
export const ToUsers = z.looseObject({
  users: z.array(z.string().min(1).max(164)).min(1).max(AUDIENCES.users),
  ...parts,
})

export const Registered = z.strictObject({ id: z.string(), initialInterestSet: z.array(z.string()) })
export const Device = z.strictObject({
  id: z.string(),
  userId: z.string().describe('Empty if no user is bound.'),
  metadata: z.record(z.string(), z.unknown()),
})
export const Interests = z.strictObject({
  interests: z.array(z.string()),
  responseMetadata: z.strictObject({
    nextCursor: z.string().optional().describe('The cursor of the next page, if there is one.'),
  }),
})
export const VapidKey = z.strictObject({ vapidPublicKey: z.string() })
export const Published = z.strictObject({ publishId: z.string() })
export const ApiError = z.strictObject({ error: z.string().min(1), description: z.string().min(1) })
