import * as z from 'zod'
import { PLATFORMS } from '../../domain/device.ts'
import { MESSAGE_STATES, TARGET_OUTCOMES } from '../../domain/message.ts'
import { PROVIDERS } from '../../domain/push-token.ts'
import { count, dialect, named, nextCursor, openDocument, time } from './answer.ts'

const outcome = z
  .enum(TARGET_OUTCOMES)
  .describe(
    'What became of a phone: it waits, its push service accepted the message, or why it did not get there.',
  )
const provider = z.enum(PROVIDERS).describe('The push service.')

const Schedule = z
  .strictObject({
    at: time.nullable().describe('When it was to be sent; null for at once.'),
    localTime: z.boolean().describe('Whether `at` is the time on each phone’s own clock.'),
    every: z.int().min(1).nullable().describe('It is repeated every so many seconds; null for once.'),
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
        'The dialect whose call it came by; null for an operator’s message, to devices of all dialects.',
      ),
    externalId: z.string().describe('The id that its phones report, and that the dialect’s call answered.'),
    state: z
      .enum(MESSAGE_STATES)
      .describe(
        '`scheduled` waits for its time, also between repeats; `planning` while its audience is looked up; `sending` until the last phone is settled. The others are final.',
      ),
    priority: z.enum(['high', 'normal']).describe('What is sent first.'),
    ttl: z
      .int()
      .min(0)
      .nullable()
      .describe('For how many seconds push services may keep trying; null where the message itself says it.'),
    audience: openDocument.describe(
      'Whom it is for: of users, devices and tokens only how many were named. Topics, platforms and the filter are shown.',
    ),
    schedule: Schedule,
    ignored: z
      .array(z.string())
      .describe('The members of the call that have no effect here, by their path with dots.'),
    counts: z
      .partialRecord(z.enum(TARGET_OUTCOMES), count)
      .describe('How many phones have each outcome; outcomes without a phone are left out.'),
    createdAt: time.describe('When it was accepted.'),
    startedAt: time.nullable().describe('When its audience was fixed; null while it waits for its time.'),
    finishedAt: time.nullable().describe('When it was over.'),
  })
  .describe('A message, by a call of a dialect or by an operator.')
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
    hour: time.describe('The start of the hour in which it came to that.'),
    count: count.describe('How many phones.'),
  })
  .describe('Phones that are alike.')

export const MessageReport = Message.extend({
  content: openDocument
    .nullable()
    .describe('What an operator’s message says, as it was given; null for a message of a dialect’s call.'),
  breakdown: z.array(Breakdown).describe('The phones by push service, platform, outcome and hour.'),
  delivered: count.describe('How many devices reported that it arrived.'),
  opened: count.describe('How many devices reported that it was opened.'),
})
  .describe('A message and what became of it.')
  .register(named, { id: 'MessageReport' })

export const MessageFailure = z
  .strictObject({
    installationId: z.string().describe('The phone or browser: its installation’s id.'),
    deviceId: z
      .string()
      .nullable()
      .describe('The device that stood for it; null where there was none any more.'),
    provider,
    outcome,
    reason: z.string().describe('The push service’s words, or the gateway’s.'),
    attempts: count.describe('How often it was tried.'),
    at: time.describe('When it was given up.'),
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
    body: z.string().describe('What the push service gets, in its own form, but for who it goes to.'),
    headers: z.record(z.string(), z.string()).describe('What goes with it, by the service’s own names.'),
    priority: z.enum(['high', 'normal']).describe('How urgent it is.'),
    collapse: z.string().nullable().describe('Messages with the same key replace each other; null for none.'),
    ttl: count.describe('For how many seconds the push service may keep trying.'),
    fault: z
      .string()
      .nullable()
      .describe('Why the push service would refuse it whoever it goes to; null if nothing is known.'),
  })
  .describe('What a made-up phone would get.')
  .register(named, { id: 'Sample' })

const counted = (by: string) => z.record(z.string(), count).describe(`The phones by ${by}.`)

export const Rehearsal = z
  .strictObject({
    audience: z
      .strictObject({
        phones: count.describe('How many phones it would go to.'),
        complete: z
          .boolean()
          .describe('False where there were too many to look at: then there are at least as many.'),
        byProvider: counted('push service'),
        byPlatform: counted('platform'),
      })
      .describe('Whom it would reach now.'),
    payloads: z
      .array(Sample)
      .describe('What made-up phones would get, in every dialect that has a form for them.'),
    ignored: z
      .array(z.string())
      .describe('The members of the call that have no effect, by their path with dots.'),
  })
  .describe('What a message would be.')
  .register(named, { id: 'Rehearsal' })
