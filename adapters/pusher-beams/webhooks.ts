import * as z from 'zod'
import { toHex } from '../../src/domain/encoding.ts'
import type { AttemptEvent, DeviceEvent, WebhookForm, WebhookKind } from '../../src/domain/webhook.ts'
import { provisioned } from '../../src/wire/provisioned.ts'

/** The vendor's names of events (contracts/sending.md 3.4). */
const KINDS = {
  'v1.PublishToUsersAttempt': 'usersAttempted',
  'v1.UserNotificationAcknowledgement': 'messageDelivered',
  'v1.UserNotificationOpen': 'messageOpened',
} as const satisfies Record<string, WebhookKind>
const NAMES = Object.keys(KINDS) as (keyof typeof KINDS)[]

/** Most webhooks of an instance. */
const MOST = 10
const Webhook = z.strictObject({
  url: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .describe('Where its calls go; each has another one.'),
  secret: provisioned(1000).describe('The key that signs its calls: never shown.'),
  events: z.array(z.enum(NAMES)).optional().describe('The events that it is told of. All unless set.'),
  customData: z.record(z.string(), z.unknown()).optional().describe('An object that every call hands on.'),
})

export const Webhooks = z
  .array(Webhook)
  .max(MOST)
  .refine((all) => new Set(all.map(({ url }) => url)).size === all.length, 'must differ in their url')

/** The stored form of a webhook; `secret`, which is encrypted, holds everything else that a call needs. */
export const givenWebhook = ({ url, events = NAMES, ...rest }: z.infer<typeof Webhook>) => ({
  url,
  events: events.map((name) => KINDS[name]),
  secret: JSON.stringify(rest),
})

type Given = Pick<z.infer<typeof Webhook>, 'secret' | 'customData'>
// Safe cast: `givenWebhook` wrote it.
const given = (text: string) => JSON.parse(text) as Given

const nameOf = (kind: WebhookKind) => NAMES.find((name) => KINDS[name] === kind)

/** Sorts each user into one list: reached on at least one device, without devices, or with none reached. */
function attempt({ users, reached }: AttemptEvent) {
  const known = new Map(Object.entries(reached))
  const those = (outcome: 0 | 1 | undefined) => users.filter((user) => known.get(user) === outcome)
  return {
    users_delivered_to_gateway: those(1),
    users_no_devices: those(undefined),
    users_gateway_failed: those(0),
  }
}

async function signature(text: string, key: string): Promise<string> {
  const bytes = new TextEncoder()
  const algorithm = { name: 'HMAC', hash: 'SHA-1' }
  const imported = await crypto.subtle.importKey('raw', bytes.encode(key), algorithm, false, ['sign'])
  return toHex(new Uint8Array(await crypto.subtle.sign('HMAC', imported, bytes.encode(text))))
}

/** The webhooks of an instance (contracts/sending.md 3.4). */
export const beamsWebhooks: WebhookForm = {
  messagesOnly: true,
  retries: [10, 30, 120, 300],
  milliseconds: 3000,

  body({ event, identifier, secret }, id) {
    // Safe cast: webhooks of this dialect get no other events.
    const told = event as AttemptEvent | DeviceEvent
    return {
      payload: {
        ...{ instance_id: identifier, publish_id: told.message },
        ...('users' in told ? attempt(told) : { user_id: told.device.userId }),
      },
      metadata: {
        created_at: `${new Date(told.at).toISOString().slice(0, 19)}+0000`,
        event_type: nameOf(told.kind),
        event_id: id,
        product: 'beams',
      },
      custom_data: given(secret).customData ?? {},
    }
  },

  headers: async ({ event, webhookId, secret }, text, id) => ({
    'User-Agent': 'pusher-webhooks',
    'Webhook-Event-Type': nameOf(event.kind) ?? '',
    'Webhook-ID-UUID': webhookId,
    'Webhook-Request-ID-UUID': id,
    'Webhook-Signature': await signature(text, given(secret).secret),
  }),
}
