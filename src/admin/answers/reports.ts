import * as z from 'zod'
import { count, named, nextCursor, openDocument, time } from './answer.ts'

export const Topic = z
  .strictObject({
    topic: z.string().describe('The topic’s name.'),
    subscribers: count.describe('The number of current devices subscribed to it.'),
  })
  .describe('A topic and its subscribers.')
  .register(named, { id: 'Topic' })

export const TopicPage = z
  .strictObject({ topics: z.array(Topic).describe('The topics, in byte order of their names.'), nextCursor })
  .describe('A page of topics.')
  .register(named, { id: 'TopicPage' })

export const Receipt = z
  .strictObject({
    deviceId: z.string().describe('The device’s id in the gateway.'),
    messageId: z.string().describe('The message’s id, as the client sent it.'),
    kind: z.enum(['delivered', 'opened']).describe('What the client reported.'),
    count: z.int().min(1).describe('How often it reported this.'),
    firstAt: time.describe('When it first reported this.'),
    lastAt: time.describe('When it last reported this.'),
    details: openDocument.describe('Other data in the last report.'),
  })
  .describe('How often one device reported about one message.')
  .register(named, { id: 'Receipt' })

export const ReceiptPage = z
  .strictObject({ receipts: z.array(Receipt).describe('The reports, by message and device.'), nextCursor })
  .describe('A page of reports.')
  .register(named, { id: 'ReceiptPage' })

const counts = (by: string) => z.record(z.string(), count).describe(`The current devices by ${by}.`)

export const Stats = z
  .strictObject({
    devices: z
      .strictObject({
        total: count.describe('All current devices.'),
        active: count.describe('Devices that a message would reach, as far as is known.'),
        inUse: count.describe('Devices that count toward the app’s limit: all except superseded ones.'),
        byDialect: counts('dialect'),
        byPlatform: counts('platform'),
        byProvider: counts('push service'),
      })
      .describe('The current devices.'),
    registrationsPerDay: z
      .array(
        z.strictObject({
          date: z.iso.date().describe('The day, in UTC.'),
          count: count.describe('The number of new devices.'),
        }),
      )
      .describe('New devices by day.'),
  })
  .describe('Totals of an app.')
  .register(named, { id: 'Stats' })

export const FeedbackCounts = z
  .strictObject({
    applied: count.describe('Rows that were applied.'),
    ignored: count.describe('Rows that newer information contradicts.'),
    unknown: count.describe('Rows whose token or device the app does not have.'),
  })
  .describe('The outcomes of the rows of a feedback call.')
  .register(named, { id: 'FeedbackCounts' })
