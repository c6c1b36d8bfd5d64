import * as z from 'zod'
import { EVENT_KINDS } from '../domain/event.ts'
import { CURSORS, cursorOf, displayName, pageQuery } from './schema.ts'

const LONGEST_URL = 1000

function parsed(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

/** A URL that may be called, as far as its text shows. */
const url = z
  .string()
  .max(LONGEST_URL)
  .refine((text) => {
    const { protocol, username, password } = parsed(text) ?? { protocol: '', username: '', password: '' }
    return /^https?:$/.test(protocol) && username === '' && password === ''
  }, 'must be an http or https address without a user')

const kinds = z
  .array(z.enum(EVENT_KINDS, `must be one of ${EVENT_KINDS.join(', ')}`))
  .min(1)
  .max(EVENT_KINDS.length)
  .transform((all) => [...new Set(all)])
  .nullable()

/** Base64 of 24 to 64 bytes. */
const secret = z
  .string()
  .regex(
    /^whsec_(?:[A-Za-z0-9+/]{4}){8,21}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/,
    'must be whsec_ and the base64 of 24 to 64 bytes',
  )

const place = z.union([z.enum(['start', 'latest']), cursorOf(CURSORS.events)])

/** `POST /apps/{app}/webhooks`. */
export const CreateWebhook = z.strictObject({
  name: displayName,
  url,
  events: kinds.default(null),
  secret: secret.optional(),
  after: place.default('latest'),
})

/** `PATCH /apps/{app}/webhooks/{webhook}`. */
export const ChangeWebhook = z.strictObject({
  url: url.optional(),
  events: kinds.optional(),
  paused: z.boolean().optional(),
})

/** `POST /apps/{app}/webhooks/{webhook}/replay`: either member. */
export const ReplayWebhook = z
  .strictObject({
    after: place.optional(),
    since: z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text))
      .optional(),
  })
  .refine(({ after, since }) => (after === undefined) !== (since === undefined), {
    path: ['after'],
    error: 'give either after or since',
  })

export const DeliveryQuery = pageQuery(CURSORS.deliveries).extend({
  state: z.enum(['waiting', 'dead'], 'must be waiting or dead').default('dead'),
})
