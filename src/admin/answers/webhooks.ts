import * as z from 'zod'
import { WEBHOOK_KINDS } from '../../domain/webhook.ts'
import { count, dialect, named, time } from './answer.ts'

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

export const WebhookList = z
  .strictObject({ webhooks: z.array(Webhook).describe('The webhooks of all dialects, by creation.') })
  .describe('All webhooks of an app.')
  .register(named, { id: 'WebhookList' })

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
