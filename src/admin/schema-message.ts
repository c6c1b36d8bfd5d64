import * as z from 'zod'
import { PLATFORMS } from '../domain/device.ts'
import {
  type Addressees,
  AUDIENCE_LIMITS,
  type Audience,
  DEFAULT_TTL,
  type Schedule,
} from '../domain/message.ts'
import { FilterDocument } from './schema-filter.ts'

const text = z.string().min(1).max(10_000)
const language = z
  .string()
  .regex(/^[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*$/, 'must be a language tag or default')
const localText = z.union(
  [text, z.record(language, text).refine((texts) => Object.keys(texts).length > 0)],
  'must be a text, or texts by language',
)
const word = z.string().min(1).max(200)
const address = z.string().min(1).max(2000)
const document = z.record(z.string(), z.unknown())

/** The content in neutral terms (contracts/sending.md 8). */
const content = {
  title: z.exactOptional(localText),
  subtitle: z.exactOptional(localText),
  body: z.exactOptional(localText),
  icon: z.exactOptional(address),
  image: z.exactOptional(address),
  color: z.exactOptional(
    z.string().regex(/^#([0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})$/, 'must be #RRGGBB or #AARRGGBB'),
  ),
  sound: z.exactOptional(word),
  badge: z.exactOptional(
    z.union(
      [z.int().min(0).max(99_999), z.string().regex(/^[+-][0-9]{1,5}$/)],
      'must be a whole number from 0 to 99999, or a change such as +1',
    ),
  ),
  link: z.exactOptional(address),
  data: z.exactOptional(document),
  silent: z.exactOptional(z.boolean()),
  ttl: z.exactOptional(z.int().min(0).max(DEFAULT_TTL)),
  priority: z.exactOptional(z.enum(['high', 'normal'])),
  collapseKey: z.exactOptional(word),
  category: z.exactOptional(word),
  channel: z.exactOptional(word),
  group: z.exactOptional(word),
  overrides: z.exactOptional(
    z.strictObject({
      fcm: z.exactOptional(document),
      apns: z.exactOptional(document),
      webpush: z.exactOptional(document),
      wns: z.exactOptional(document),
    }),
  ),
}

const names = (longest: number) =>
  z.exactOptional(z.array(z.string().min(1).max(longest)).min(1).max(AUDIENCE_LIMITS.entries))
const KINDS = ['all', 'topics', 'users', 'devices', 'tokens'] as const

const audience = z
  .strictObject({
    all: z.exactOptional(z.literal(true)),
    topics: names(1000),
    users: names(1000),
    devices: names(1000),
    tokens: names(AUDIENCE_LIMITS.tokenLength),
    platforms: z.exactOptional(z.array(z.enum(PLATFORMS)).min(1).max(PLATFORMS.length)),
    filter: z.exactOptional(FilterDocument),
  })
  .transform(({ platforms, filter, ...named }, context): Audience => {
    const kinds = KINDS.filter((kind) => named[kind] !== undefined)
    if (kinds.length > 1 || (kinds.length === 0 && !filter)) {
      const message = `exactly one of ${KINDS.join(', ')} is required, unless there is a filter`
      context.addIssue({ code: 'custom', message })
      return z.NEVER
    }
    // Safe cast: exactly one kind is present and checked. A filter without addressees applies to all devices.
    const to = kinds.length === 0 ? { all: true as const } : (named as Addressees)
    return { to, ...(platforms && { platforms }), ...(filter && { filter }) }
  })

const WITH_OFFSET = /(Z|[+-][0-9:]{5})$/
const schedule = z
  .strictObject({
    at: z.exactOptional(z.iso.datetime({ offset: true, local: true })),
    localTime: z.exactOptional(z.boolean()),
    every: z.exactOptional(z.int().min(1).max(31_536_000)),
    until: z.exactOptional(z.iso.datetime({ offset: true })),
  })
  .transform(({ at, localTime = false, every, until }, context): Schedule => {
    const refuse = (path: string, message: string) => {
      context.addIssue({ code: 'custom', path: [path], message })
      return z.NEVER
    }
    if (localTime && at === undefined) return refuse('at', 'is required with localTime')
    if (at !== undefined && WITH_OFFSET.test(at) === localTime)
      return refuse('at', localTime ? 'has no offset with localTime' : 'must have an offset, or Z')
    if (until !== undefined && every === undefined) return refuse('until', 'has no effect without every')
    return {
      // A wall-clock time is stored as if it were UTC.
      ...(at !== undefined && { at: new Date(localTime ? `${at}Z` : at) }),
      ...(localTime && { local: true }),
      ...(every !== undefined && { every }),
      ...(until !== undefined && { until: new Date(until) }),
    }
  })

/** `POST /apps/{app}/messages`. */
export const SendMessage = z
  .strictObject({
    ...content,
    audience,
    schedule: z.exactOptional(schedule),
    envelope: z.exactOptional(word),
    idempotencyKey: z.exactOptional(word),
    dryRun: z.boolean().default(false),
  })
  .refine(
    ({ silent, ...given }) =>
      silent === true || (['title', 'body', 'data', 'overrides'] as const).some((name) => name in given),
    {
      path: ['body'],
      message: 'a message needs title, body, data, silent or overrides',
    },
  )
