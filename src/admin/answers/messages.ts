import * as z from 'zod'
import { PLATFORMS } from '../../domain/device.ts'
import { MESSAGE_STATES, TARGET_OUTCOMES } from '../../domain/message.ts'
import { PROVIDERS } from '../../domain/push-token.ts'
import { count, dialect, named, nextCursor, openDocument, time } from './answer.ts'

const outcome = z
  .enum(TARGET_OUTCOMES)
  .describe(
    'The outcome for a phone: `waiting`, `accepted` by its push service, or why the message did not reach it.',
  )
const provider = z.enum(PROVIDERS).describe('The push service.')

const Schedule = z
  .strictObject({
    at: time.nullable().describe('When it is to be sent; null for immediately.'),
    localTime: z.boolean().describe('Whether `at` is in each phone’s own time zone.'),
    every: z.int().min(1).nullable().describe('The seconds between repeats; null to send it once.'),
    until: time.nullable().describe('When the repeats end.'),
  })
  .describe('When it is sent.')

export const Message = z
  .strictObject({
    id: z.string().describe('The message’s id in the gateway.'),
    dialect: z
      .string()
      .nullable()
      .describe(
        'The dialect whose API sent it; null for an operator’s message, which goes to devices of all dialects.',
      ),
    externalId: z
      .string()
      .describe('The id that phones report, which was also returned to the caller in the dialect.'),
    state: z
      .enum(MESSAGE_STATES)
      .describe(
        '`scheduled` until its time, also between repeats; `planning` while its audience is looked up; `sending` until every phone has an outcome. The others are final.',
      ),
    priority: z.enum(['high', 'normal']).describe('Messages with `high` priority are sent first.'),
    ttl: z
      .int()
      .min(0)
      .nullable()
      .describe(
        'The seconds for which push services may keep trying; null if the message’s content sets it.',
      ),
    audience: openDocument.describe(
      'The audience: topics, platforms and the filter; of users, devices and tokens, only the number.',
    ),
    schedule: Schedule,
    ignored: z
      .array(z.string())
      .describe('The members of the call that have no effect here, as paths with dots.'),
    counts: z
      .partialRecord(z.enum(TARGET_OUTCOMES), count)
      .describe('The number of phones by outcome; outcomes without phones are left out.'),
    createdAt: time.describe('When it was accepted.'),
    startedAt: time.nullable().describe('When its audience was determined; null while it is scheduled.'),
    finishedAt: time.nullable().describe('When it ended; null until then.'),
  })
  .describe('A message, sent through a dialect or by an operator.')
  .register(named, { id: 'Message' })

export const MessagePage = z
  .strictObject({ messages: z.array(Message).describe('The messages, newest first.'), nextCursor })
  .describe('A page of messages.')
  .register(named, { id: 'MessagePage' })

const Breakdown = z
  .strictObject({
    provider,
    platform: z.string().describe(`The platform: one of ${PLATFORMS.join(', ')}.`),
    outcome,
    hour: time.describe('The start of the hour of the outcome.'),
    count: count.describe('The number of phones.'),
  })
  .describe('Phones with the same properties.')

export const MessageReport = Message.extend({
  content: openDocument
    .nullable()
    .describe('The content of an operator’s message, as given; null for a message sent through a dialect.'),
  breakdown: z.array(Breakdown).describe('The phones by push service, platform, outcome and hour.'),
  delivered: count.describe('The number of devices that reported its arrival.'),
  opened: count.describe('The number of devices that reported that it was opened.'),
})
  .describe('A message and its results.')
  .register(named, { id: 'MessageReport' })

export const MessageFailure = z
  .strictObject({
    installationId: z.string().describe('The installation’s id of the phone or browser.'),
    deviceId: z
      .string()
      .nullable()
      .describe('The device through which it was addressed; null if that device no longer exists.'),
    provider,
    outcome,
    reason: z.string().describe('The reason, as the push service or the gateway gives it.'),
    attempts: count.describe('The number of attempts.'),
    at: time.describe('When the gateway gave up.'),
  })
  .describe('A phone that a message did not reach.')
  .register(named, { id: 'MessageFailure' })

export const FailurePage = z
  .strictObject({
    failures: z.array(MessageFailure).describe('The phones, by the installation’s id.'),
    nextCursor,
  })
  .describe('A page of failures.')
  .register(named, { id: 'FailurePage' })

export const Sample = z
  .strictObject({
    dialect,
    provider,
    platform: z.enum(PLATFORMS).describe('The platform.'),
    body: z.string().describe('The body of the request to the push service, without the recipient.'),
    headers: z.record(z.string(), z.string()).describe('The headers of the request to the push service.'),
    priority: z.enum(['high', 'normal']).describe('The priority.'),
    collapse: z.string().nullable().describe('Messages with the same key replace each other; null for none.'),
    ttl: count.describe('The seconds for which the push service may keep trying.'),
    fault: z
      .string()
      .nullable()
      .describe('Why the push service would refuse it for any recipient; null if no reason is known.'),
  })
  .describe('What an example phone would get.')
  .register(named, { id: 'Sample' })

const counted = (by: string) => z.record(z.string(), count).describe(`The phones by ${by}.`)

export const Rehearsal = z
  .strictObject({
    audience: z
      .strictObject({
        phones: count.describe('The number of phones that would get it.'),
        complete: z
          .boolean()
          .describe('False if there are too many phones to count; then there are at least this many.'),
        byProvider: counted('push service'),
        byPlatform: counted('platform'),
      })
      .describe('The audience, if the message were sent now.'),
    payloads: z
      .array(Sample)
      .describe('What example phones would get, in every dialect that has a format for them.'),
    ignored: z.array(z.string()).describe('The members of the call that have no effect, as paths with dots.'),
  })
  .describe('A preview of a message.')
  .register(named, { id: 'Rehearsal' })
