import * as z from 'zod'
import { named, openDocument, time } from './answer.ts'
import { Device } from './devices.ts'

/** Members of a device that exports have in addition to the operators' view. */
export const WHOLE = {
  keys: z
    .strictObject({ p256dh: z.string().describe('The key.'), auth: z.string().describe('The secret.') })
    .nullable()
    .describe('The keys that encrypt messages to a browser; null with other push services.'),
  enabled: z.boolean().describe('False if the dialect disabled the device.'),
  details: openDocument.describe('Data that only its dialect uses.'),
  subscriptionIds: z
    .record(z.string(), z.string())
    .describe('The ids of its subscriptions by topic, in dialects that have them.'),
  expiresAt: time.nullable().describe('When it expires; null if never.'),
}

const FedDevice = Device.extend({
  tokenState: z
    .enum(['live', 'dead', 'gone'])
    .nullable()
    .describe('The state of its token; null without a token.'),
  ...WHOLE,
})
  .describe('A device with all the data that an export contains.')
  .register(named, { id: 'FedDevice' })

export const FeedEvent = z
  .strictObject({
    cursor: z.string().describe('The position after this event, for `after`.'),
    kind: z.string().describe('What happened, such as `registered`.'),
    cause: z.string().describe('The id of the request that caused it, or the name of the gateway’s own job.'),
    at: time.describe('When it happened.'),
    dialect: z.string().nullable().describe('The dialect concerned; null if there are several.'),
    deviceId: z
      .string()
      .nullable()
      .describe('The device concerned; null if the event is not about a device.'),
    externalId: z.string().nullable().describe('The id that the device has, or had, in its dialect.'),
    detail: openDocument.describe('Details, which depend on the kind.'),
    device: FedDevice.nullable().describe(
      'The device as it is now; null if it no longer exists or the event is not about a device.',
    ),
  })
  .describe('Something that happened to a device of the app.')
  .register(named, { id: 'FeedEvent' })

export const FeedPage = z
  .strictObject({
    events: z
      .array(FeedEvent)
      .describe('The events, in order. A page may be short or empty even if more follow.'),
    next: z.string().describe('The position of the next page: pass it as `after`.'),
    more: z.boolean().describe('Whether more events may already be available.'),
    complete: z.boolean().describe('False if events after the given position have already been deleted.'),
  })
  .describe('A page of the feed.')
  .register(named, { id: 'FeedPage' })
