import * as z from 'zod'
import { EVENT_KINDS } from '../../domain/event.ts'
import { STOPS } from '../../domain/feed-hook.ts'
import { WEBHOOK_KINDS } from '../../domain/webhook.ts'
import { count, dialect, named, nextCursor, time } from './answer.ts'

export const Webhook = z
  .strictObject({
    id: z.string().describe('The webhook’s id.'),
    name: z.string().describe('The name that the app’s back end gave it; unique in its dialect.'),
    url: z.string().describe('Where its calls go.'),
    events: z.array(z.enum(WEBHOOK_KINDS)).describe('The kinds of event that it chose.'),
    dialect,
    waiting: count.describe('Calls that wait for it, counted up to 10,000.'),
    failures: count.describe('Failures since the last call that arrived.'),
    restingUntil: time
      .nullable()
      .describe('Until when nothing is sent because too many calls failed; null where calls are made.'),
    createdAt: time.describe('When it was set up.'),
    updatedAt: time.describe('When it was last changed.'),
  })
  .describe('An address that an app’s back end wants told of events.')
  .register(named, { id: 'Webhook' })

export const RevealedWebhook = Webhook.extend({
  secret: z
    .string()
    .nullable()
    .describe(
      'What signs its calls (Standard Webhooks): `whsec_` and the base64 of 24 to 64 bytes. Null where an operator gave it.',
    ),
})
  .describe('A webhook with the secret that signs its calls.')
  .register(named, { id: 'RevealedWebhook' })

export const FeedWebhook = z
  .strictObject({
    id: z.string().describe('The webhook’s id.'),
    name: z.string().describe('What operators call it; unique in its app.'),
    url: z.string().describe('Where its calls go.'),
    events: z
      .array(z.enum(EVENT_KINDS))
      .nullable()
      .describe('The kinds of event that it is told of; null: all.'),
    cursor: z.string().describe('Its place in the feed: behind what it was told, or what waits or is dead.'),
    stopped: z
      .enum(STOPS)
      .nullable()
      .describe(
        'Why nothing is sent: its receiver answered 410 (`gone`), has taken nothing for five days (`failing`), stands behind what is kept of the history (`history`), or an operator paused it (`operator`); null where calls are made.',
      ),
    waiting: count.describe('Events that were not taken and are tried again; 500 at most.'),
    dead: count.describe('Events that are tried no more; the newest 500 are kept.'),
    delivered: count.describe('Calls that arrived.'),
    failures: count.describe(
      'Events that were refused since the last call that arrived; from 5 on it rests.',
    ),
    failingSince: time.nullable().describe('Since when no call has arrived; null where the last one did.'),
    restingUntil: time.nullable().describe('Until when nothing is sent; null where calls are made.'),
    last: z
      .strictObject({
        at: time.describe('When it ended.'),
        status: z.int().nullable().describe('The answer’s status; null without an answer.'),
        error: z.string().nullable().describe('What was wrong, masked; null where it arrived.'),
      })
      .nullable()
      .describe('The last call; null where none was made yet.'),
    createdAt: time.describe('When it was set up.'),
    updatedAt: time.describe('When it was last changed.'),
  })
  .describe('An address that is told the events of an app.')
  .register(named, { id: 'FeedWebhook' })

export const RevealedFeedWebhook = FeedWebhook.extend({
  secret: z
    .string()
    .describe('What signs its calls (Standard Webhooks): `whsec_` and the base64 of 24 to 64 bytes.'),
})
  .describe('A webhook of the feed with the secret that signs its calls.')
  .register(named, { id: 'RevealedFeedWebhook' })

export const Delivery = z
  .strictObject({
    id: z.string().describe('The delivery’s id.'),
    state: z
      .enum(['waiting', 'dead'])
      .describe('Whether it is tried again (`waiting`), or not any more (`dead`).'),
    kind: z.string().describe('What happened.'),
    deviceId: z.string().nullable().describe('The device that it is about; null where it is about none.'),
    after: z.string().describe('The place before it in the feed: a replay from there begins with it.'),
    tries: count.describe('How often it was tried; 0 behind another event of its device.'),
    status: z.int().nullable().describe('The status of the last answer; null without one.'),
    error: z.string().nullable().describe('What was wrong at the last try, masked.'),
    at: time.describe('When the event happened.'),
    triedAt: time.nullable().describe('When it was last tried.'),
    dueAt: time.nullable().describe('When it is tried again; null behind another event of its device.'),
  })
  .describe('An event that a receiver has not taken.')
  .register(named, { id: 'Delivery' })

export const DeliveryPage = z
  .strictObject({
    deliveries: z.array(Delivery).describe('In the order of their events.'),
    nextCursor,
  })
  .describe('A page of deliveries.')
  .register(named, { id: 'DeliveryPage' })

export const WebhookList = z
  .strictObject({
    webhooks: z.array(Webhook).describe('Those that back ends set up in dialects, by creation.'),
    feed: z.array(FeedWebhook).describe('Those of the feed, by creation.'),
  })
  .describe('All webhooks of an app.')
  .register(named, { id: 'WebhookList' })
