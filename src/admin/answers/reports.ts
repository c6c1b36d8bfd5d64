import * as z from 'zod'
import { count, named, nextCursor, openDocument, time } from './answer.ts'

export const Topic = z
  .strictObject({
    topic: z.string().describe('The topic’s name.'),
    subscribers: count.describe('How many current devices have it.'),
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
    messageId: z.string().describe('The message, as the client named it.'),
    kind: z.enum(['delivered', 'opened']).describe('What the client reported.'),
    count: z.int().min(1).describe('How often it reported so.'),
    firstAt: time.describe('When it first did.'),
    lastAt: time.describe('When it last did.'),
    details: openDocument.describe('What else the last report told.'),
  })
  .describe('One device’s reports about one message, counted.')
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
        active: count.describe('Those that a message would reach, as far as is known.'),
        inUse: count.describe('What the app’s limit counts: all but those that others replaced.'),
        byDialect: counts('dialect'),
        byPlatform: counts('platform'),
        byProvider: counts('push service'),
      })
      .describe('Counts of the devices that are there now.'),
    registrationsPerDay: z
      .array(
        z.strictObject({
          date: z.iso.date().describe('The day, in UTC.'),
          count: count.describe('How many devices were new on that day.'),
        }),
      )
      .describe('New devices by day.'),
  })
  .describe('Totals of an app.')
  .register(named, { id: 'Stats' })

export const FeedbackCounts = z
  .strictObject({
    applied: count.describe('Rows that were believed.'),
    ignored: count.describe('Rows that something newer is known against.'),
    unknown: count.describe('Rows whose token or device the app does not have.'),
  })
  .describe('What became of the rows of a feedback call.')
  .register(named, { id: 'FeedbackCounts' })
