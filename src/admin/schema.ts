import * as z from 'zod'
import { PLATFORMS } from '../domain/device.ts'
import { PROVIDERS } from '../domain/push-token.ts'
import type { Cursor } from '../store/store.ts'
import { fromBase64Url, toBase64Url } from '../wire/encoding.ts'

const name = z.string().trim().min(1).max(200)
const settings = z.strictObject({ carryOver: z.boolean().optional() })

/** `POST /apps`: the dialects' parts are checked by their adapters. */
export const CreateApp = z.strictObject({
  name,
  dialects: z.record(z.string(), z.unknown()).default({}),
  vapid: z
    .strictObject({
      publicKey: z.string(),
      privateKey: z.string(),
      subject: z
        .string()
        .regex(/^(mailto:.+@.+|https:\/\/.+)$/, 'must be a mailto: or https: address')
        .optional(),
    })
    .optional(),
  settings: settings.optional(),
})

/** `PATCH /apps/{app}`: a dialect set to null is taken away with its devices. The VAPID pair never changes. */
export const ChangeApp = z.strictObject({
  name: name.optional(),
  dialects: z.record(z.string(), z.unknown()).optional(),
  settings: settings.optional(),
})

/** `POST /apps/{app}/credentials`. */
export const CreateCredential = z.strictObject({
  dialect: z.string(),
  kind: z.string().optional(),
  name: z.string().min(1).max(200).optional(),
  secret: z.string().min(1).max(1000).optional(),
  scopes: z.array(z.string().min(1).max(200)).max(100).optional(),
})

const limit = z
  .string()
  .regex(/^[0-9]{1,4}$/, 'must be a whole number from 1 to 100')
  .transform(Number)
  .refine((value) => value >= 1 && value <= 100, 'must be a whole number from 1 to 100')
  .default(50)

/** A cursor of this API, checked against what it must hold; opaque outside. */
const cursorOf = <T>(content: z.ZodType<T>) =>
  z.string().transform((text, context): T => {
    const decoded = content.safeParse(decodeCursor(text))
    if (decoded.success) return decoded.data
    context.addIssue({ code: 'custom', message: 'is not a cursor of this API' })
    return z.NEVER
  })
const cursor = cursorOf<Cursor>(z.strictObject({ at: z.number(), id: z.string() }))
const textCursor = cursorOf<string>(z.string())

export const PageQuery = z.strictObject({ limit, cursor: cursor.optional() })

export const DeviceListQuery = z.strictObject({
  dialect: z.string().min(1).optional(),
  platform: z.enum(PLATFORMS).optional(),
  provider: z.enum(PROVIDERS).optional(),
  topic: z.string().min(1).optional(),
  user: z.string().min(1).optional(),
  token: z.string().min(1).optional(),
  active: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
  cursor: cursor.optional(),
  limit,
})

export const TopicListQuery = z.strictObject({ limit, cursor: textCursor.optional() })

export const ReceiptListQuery = z.strictObject({
  device: z.string().min(1).optional(),
  message: z.string().min(1).optional(),
  limit,
  cursor: textCursor.optional(),
})

/** The text of a cursor: JSON in base64url, so that it needs no escaping in a URL. */
export const encodeCursor = (content: Cursor | string): string =>
  toBase64Url(new TextEncoder().encode(JSON.stringify(content)))

function decodeCursor(text: string): unknown {
  try {
    const bytes = fromBase64Url(text)
    return bytes && JSON.parse(new TextDecoder().decode(bytes))
  } catch {
    return undefined
  }
}
