import * as z from 'zod'
import { named, openDocument, time } from './answer.ts'
import { Device } from './devices.ts'

/** Members of a device that exports have in addition to the operators' view. */
export const WHOLE = {
  keys: z
    .strictObject({ p256dh: z.string().describe('The key.'), auth: z.string().describe('The secret.') })
    .nullable()
    .describe('What messages to a browser are encrypted with; null with other push services.'),
  enabled: z.boolean().describe('False where the dialect itself disabled the device.'),
  details: openDocument.describe('The dialect’s own document about it.'),
  subscriptionIds: z
    .record(z.string(), z.string())
    .describe('The ids of its subscriptions by topic, in dialects that have them.'),
  expiresAt: time.nullable().describe('When its time is over; null where it has no end.'),
}

const FedDevice = Device.extend({
  tokenState: z
    .enum(['live', 'dead', 'gone'])
    .nullable()
    .describe('What is known of its token; null without one.'),
  ...WHOLE,
})
  .describe('A device with all that an export has of it.')
  .register(named, { id: 'FedDevice' })

export const FeedEvent = z
  .strictObject({
    cursor: z.string().describe('The place behind it, for `after`.'),
    kind: z.string().describe('What happened, such as `registered`.'),
    cause: z.string().describe('The id of the request that did it, or the name of the gateway’s own work.'),
    at: time.describe('When it happened.'),
    dialect: z.string().nullable().describe('The dialect that it is about; null where it is about several.'),
    deviceId: z.string().nullable().describe('The device that it is about; null where it is about none.'),
    externalId: z.string().nullable().describe('The id that the device has, or had, in its dialect.'),
    detail: openDocument.describe('What is worth knowing of it, by kind.'),
    device: FedDevice.nullable().describe(
      'The device as it is by now; null where there is none any more, or the event is about none.',
    ),
  })
  .describe('Something that happened to a device of the app.')
  .register(named, { id: 'FeedEvent' })

export const FeedPage = z
  .strictObject({
    events: z
      .array(FeedEvent)
      .describe('The events in their order. It may be short, or empty, while more follow.'),
    next: z.string().describe('Where to go on: give it as `after`.'),
    more: z.boolean().describe('Whether more may be there already.'),
    complete: z
      .boolean()
      .describe('False where the reading began behind something that is not kept any more.'),
  })
  .describe('A page of the feed.')
  .register(named, { id: 'FeedPage' })
