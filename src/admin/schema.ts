import * as z from 'zod'
import { MOST_PER_USER } from '../domain/app.ts'
import { BY_EVENT, BY_LETTER, BY_TEXT, BY_TEXTS, BY_TIME, type Cursors, cursorsOf } from '../domain/cursor.ts'
import { PLATFORMS } from '../domain/device.ts'
import { MESSAGE_STATES } from '../domain/message.ts'
import type { Place, TimePlace } from '../domain/page.ts'
import { PROVIDERS } from '../domain/push-token.ts'
import { LEAST_DAYS, MOST_DAYS } from '../domain/retention.ts'
import type { ReceiptPlace } from '../store/store.ts'
import { mapOf } from '../wire/json.ts'
import { provisioned } from '../wire/provisioned.ts'

/** A name that operators choose. */
export const displayName = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'must not contain control characters')
/** The name of an admin token. */
export const tokenName = displayName.max(100)

/** Accepts an empty list as an empty object, because PHP and Lua encode it so. */
const map = <T extends z.ZodType>(schema: T) =>
  z.preprocess((value: z.input<T>): unknown => mapOf(value) ?? value, schema)
/** Not copied, so that unknown dialects, even `__proto__`, are reported to the operator instead of dropped. */
const dialects = map(
  z.custom<Readonly<Record<string, unknown>>>((given) => mapOf(given) !== undefined, 'must be an object'),
)
const settings = map(z.strictObject({ carryOver: z.boolean().optional() }))
const upTo = (least: number, most: number, unit = '') =>
  z
    .int(`must be a whole number from ${least} to ${most}${unit}, or null`)
    .min(least)
    .max(most)
    .nullable()
    .optional()
const days = (least: number) => upTo(least, MOST_DAYS, ' of days')
const limits = map(
  z.strictObject({ devices: upTo(0, 1_000_000_000), devicesPerUser: upTo(1, MOST_PER_USER) }),
)
const retention = map(
  z.strictObject({
    events: days(LEAST_DAYS.events),
    receipts: days(LEAST_DAYS.receipts),
    messages: days(LEAST_DAYS.messages),
    inactiveDevices: days(LEAST_DAYS.inactiveDevices),
  }),
)

/** `POST /apps`; the adapters validate their dialects' parts. */
export const CreateApp = z.strictObject({
  name: displayName,
  dialects: dialects.default({}),
  vapid: z
    .strictObject({
      publicKey: z.string().max(200),
      privateKey: z.string().max(200),
      subject: z
        .string()
        .max(300)
        .regex(/^(mailto:[^\s@]+@[^\s@]+|https:\/\/\S+)$/, 'must be a mailto: or https: address')
        .optional(),
    })
    .optional(),
  settings: settings.optional(),
  limits: limits.optional(),
  retention: retention.optional(),
})

/** `PATCH /apps/{app}`: null removes a dialect with its devices. The VAPID pair never changes. */
export const ChangeApp = z.strictObject({
  name: displayName.optional(),
  dialects: dialects.optional(),
  settings: settings.optional(),
  limits: limits.optional(),
  retention: retention.optional(),
})

/** `POST /apps/{app}/credentials`. */
export const CreateCredential = z.strictObject({
  dialect: z.string().max(100),
  kind: z.string().max(100).optional(),
  name: provisioned(200).optional(),
  secret: provisioned(1000).optional(),
  scopes: z.array(z.string().min(1).max(200)).max(100).optional(),
})

const limit = z
  .string()
  .regex(/^[0-9]{1,4}$/, 'must be a whole number from 1 to 100')
  .transform(Number)
  .refine((value) => value >= 1 && value <= 100, 'must be a whole number from 1 to 100')
  .default(50)

/** Where a page begins. */
export const cursorOf = <At extends Place>(cursors: Cursors<At>) =>
  z.string().transform((text, context): At => {
    const place = cursors.decode(text)
    if (place) return place
    context.addIssue({ code: 'custom', message: 'is not a cursor of this API' })
    return z.NEVER
  })

/** The cursors of each list. */
export const CURSORS = {
  apps: cursorsOf('apps', BY_TIME),
  audit: cursorsOf('audit', BY_TIME),
  deliveries: cursorsOf('deliveries', BY_LETTER),
  devices: cursorsOf('devices', BY_TIME),
  diffs: cursorsOf('diffs', BY_TIME),
  events: cursorsOf('events', BY_EVENT),
  failures: cursorsOf('failures', BY_TEXT),
  imports: cursorsOf('imports', BY_TIME),
  installations: cursorsOf('installations', BY_TIME),
  messages: cursorsOf('messages', BY_TIME),
  readinessRecords: cursorsOf('readinessRecords', BY_TIME),
  receipts: cursorsOf<ReceiptPlace>('receipts', BY_TEXTS),
  topics: cursorsOf('topics', BY_TEXT),
  undos: cursorsOf('undos', BY_TIME),
  userDevices: cursorsOf('userDevices', BY_TIME),
}

export const pageQuery = <At extends Place>(cursors: Cursors<At>) =>
  z.strictObject({ limit, cursor: cursorOf(cursors).optional() })
export const AppListQuery = pageQuery(CURSORS.apps)
export const UserQuery = pageQuery(CURSORS.userDevices)
export const ImportListQuery = pageQuery(CURSORS.imports)
export const TopicListQuery = pageQuery(CURSORS.topics)

export const flag = z.enum(['true', 'false']).transform((value) => value === 'true')
/** With `dryRun`, a destructive call only reports what it would delete. */
export const DryRunQuery = z.strictObject({ dryRun: flag.default(false) })
export const CredentialQuery = DryRunQuery.extend({ force: flag.default(false) })

export const AuditQuery = pageQuery(CURSORS.audit).extend({ app: z.string().min(1).max(200).optional() })

/** Texts that must match exactly: an external id, a token or a user. */
const whole = z.string().min(1).max(10_000)
const word = z.string().min(1).max(1000)

export const deviceListQuery = (dialects: readonly string[], cursors: Cursors<TimePlace>) =>
  z.strictObject({
    dialect: z.enum(dialects, `must be one of ${dialects.join(', ')}`).optional(),
    platform: z.enum(PLATFORMS).optional(),
    provider: z.enum(PROVIDERS).optional(),
    topic: word.optional(),
    user: word.optional(),
    token: whole.optional(),
    externalId: whole.optional(),
    q: z.string().trim().min(1).max(10_000).optional(),
    tag: word.optional(),
    model: word.optional(),
    appVersion: word.optional(),
    active: flag.optional(),
    cursor: cursorOf(cursors).optional(),
    limit,
  })

export const MessageListQuery = pageQuery(CURSORS.messages).extend({
  state: z.enum(MESSAGE_STATES, `must be one of ${MESSAGE_STATES.join(', ')}`).optional(),
})
export const FailureListQuery = pageQuery(CURSORS.failures)

export const ReceiptListQuery = z.strictObject({
  device: word.optional(),
  message: word.optional(),
  limit,
  cursor: cursorOf(CURSORS.receipts).optional(),
})

/** The feed of events: `start` and `latest` are positions, too. */
export const FeedQuery = z.strictObject({
  after: z.union([z.enum(['start', 'latest']), cursorOf(CURSORS.events)]).optional(),
  limit,
  wait: z
    .string()
    .regex(/^[0-9]{1,2}$/, 'must be a whole number from 0 to 25')
    .transform(Number)
    .refine((value) => value <= 25, 'must be a whole number from 0 to 25')
    .default(0),
})
