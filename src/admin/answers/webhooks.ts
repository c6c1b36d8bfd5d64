import * as z from 'zod'
import { EVENT_KINDS } from '../../domain/event.ts'
import { STOPS } from '../../domain/feed-hook.ts'
import { WEBHOOK_KINDS } from '../../domain/webhook.ts'
import { count, dialect, named, nextCursor, time } from './answer.ts'

export const Webhook = z
  .strictObject({
    id: z.string().describe('The webhook’s id.'),
    name: z.string().describe('The name that the app’s back end gave it; unique in its dialect.'),
    url: z.string().describe('The address of its calls.'),
    events: z.array(z.enum(WEBHOOK_KINDS)).describe('The kinds of event that it receives.'),
    dialect,
    waiting: count.describe('Calls waiting to be delivered, counted up to 10,000.'),
    failures: count.describe('Failures since the last successful call.'),
    restingUntil: time
      .nullable()
      .describe('Until when calls pause because too many failed; null if they do not.'),
    createdAt: time.describe('When it was created.'),
    updatedAt: time.describe('When it was last changed.'),
  })
  .describe('An address at which an app’s back end receives events.')
  .register(named, { id: 'Webhook' })

export const RevealedWebhook = Webhook.extend({
  secret: z
    .string()
    .nullable()
    .describe(
      'The secret that signs its calls (Standard Webhooks): `whsec_` and the base64 of 24 to 64 bytes. Null if an operator supplied it.',
    ),
})
  .describe('A webhook with the secret that signs its calls.')
  .register(named, { id: 'RevealedWebhook' })

export const FeedWebhook = z
  .strictObject({
    id: z.string().describe('The webhook’s id.'),
    name: z.string().describe('The name that operators gave it; unique in its app.'),
    url: z.string().describe('The address of its calls.'),
    events: z
      .array(z.enum(EVENT_KINDS))
      .nullable()
      .describe('The kinds of event that it receives; null for all.'),
    cursor: z
      .string()
      .describe(
        'Its position in the feed, after all events that were delivered, wait for another attempt, or are dead.',
      ),
    stopped: z
      .enum(STOPS)
      .nullable()
      .describe(
        'Why nothing is sent: its receiver answered 410 (`gone`) or accepted nothing for five days (`failing`), the events at its position have been deleted (`history`), or an operator paused it (`operator`); null if calls are made.',
      ),
    waiting: count.describe('Events that were not accepted and will be tried again; 500 at most.'),
    dead: count.describe('Events that will not be tried again; the newest 500 are kept.'),
    delivered: count.describe('Successful calls.'),
    failures: count.describe('Events refused since the last successful call; from 5 on, calls pause.'),
    failingSince: time.nullable().describe('When calls began to fail; null if the last one succeeded.'),
    restingUntil: time.nullable().describe('Until when calls pause; null if they do not.'),
    last: z
      .strictObject({
        at: time.describe('When it ended.'),
        status: z.int().nullable().describe('The answer’s status; null without an answer.'),
        error: z.string().nullable().describe('What went wrong, masked; null if it succeeded.'),
      })
      .nullable()
      .describe('The last call; null if there has been none.'),
    createdAt: time.describe('When it was created.'),
    updatedAt: time.describe('When it was last changed.'),
  })
  .describe('An address that receives an app’s events.')
  .register(named, { id: 'FeedWebhook' })

export const RevealedFeedWebhook = FeedWebhook.extend({
  secret: z
    .string()
    .describe(
      'The secret that signs its calls (Standard Webhooks): `whsec_` and the base64 of 24 to 64 bytes.',
    ),
})
  .describe('A feed webhook with the secret that signs its calls.')
  .register(named, { id: 'RevealedFeedWebhook' })

export const Delivery = z
  .strictObject({
    id: z.string().describe('The delivery’s id.'),
    state: z
      .enum(['waiting', 'dead'])
      .describe('Whether it will be tried again (`waiting`) or not (`dead`).'),
    kind: z.string().describe('What happened.'),
    deviceId: z
      .string()
      .nullable()
      .describe('The device concerned; null if the event is not about a device.'),
    after: z
      .string()
      .describe('The position before this event in the feed: a replay from there begins with it.'),
    tries: count.describe('The number of attempts; 0 while it waits for an earlier event of its device.'),
    status: z.int().nullable().describe('The status of the last answer; null without one.'),
    error: z.string().nullable().describe('What went wrong at the last attempt, masked.'),
    at: time.describe('When the event happened.'),
    triedAt: time.nullable().describe('When it was last tried.'),
    dueAt: time
      .nullable()
      .describe('When it will be tried again; null while it waits for an earlier event of its device.'),
  })
  .describe('An event that a receiver has not accepted.')
  .register(named, { id: 'Delivery' })

export const DeliveryPage = z
  .strictObject({
    deliveries: z.array(Delivery).describe('The deliveries, in the order of their events.'),
    nextCursor,
  })
  .describe('A page of deliveries.')
  .register(named, { id: 'DeliveryPage' })

export const WebhookList = z
  .strictObject({
    webhooks: z.array(Webhook).describe('The webhooks that back ends set up through dialects, by creation.'),
    feed: z.array(FeedWebhook).describe('The feed’s webhooks, by creation.'),
  })
  .describe('All webhooks of an app.')
  .register(named, { id: 'WebhookList' })
