import * as z from 'zod'
import { PLATFORMS } from '../../domain/device.ts'
import { PROVIDERS } from '../../domain/push-token.ts'
import { dialect, named, nextCursor, openDocument, time } from './answer.ts'

const provider = z.enum(PROVIDERS).nullable().describe('The push service of its token; null without a token.')
const environment = z
  .enum(['production', 'sandbox', 'unknown'])
  .nullable()
  .describe('The APNs environment of its token; `unknown` with other services, null without a token.')
const token = z
  .string()
  .nullable()
  .describe('The push token, exactly as it was sent; null if there is none or another device took it over.')
const text = (what: string) => z.string().nullable().describe(`${what}; null if it was not reported.`)

export const Device = z
  .strictObject({
    id: z.string().describe('The device’s id in the gateway.'),
    dialect,
    externalId: z.string().describe('The id that the device has in its dialect.'),
    installationId: z.string().describe('The installation that the device belongs to.'),
    platform: z.enum(PLATFORMS).describe('The platform of the device.'),
    provider,
    environment,
    token,
    userId: z.string().nullable().describe('The user of the device; null if there is none.'),
    userProved: z
      .boolean()
      .describe('Whether a signed token proved the user; otherwise the user is only claimed.'),
    topics: z.array(z.string()).describe('Its topics, in byte order.'),
    tags: openDocument.describe('Its tags: a JSON value by name.'),
    active: z.boolean().describe('Whether a message would reach it, as far as is known.'),
    name: text('The name that its owner gave it'),
    model: text('The model'),
    osVersion: text('The version of its operating system'),
    appVersion: text('The version of the app on it'),
    sdkVersion: text('The version of the vendor’s SDK in the app'),
    language: text('Its language'),
    timezone: text('Its time zone'),
    badge: z.number().nullable().describe('The number on the app’s icon; null if the dialect has none.'),
    createdAt: time.describe('When it first registered.'),
    updatedAt: time.describe('When any of its data last changed.'),
    lastSeenAt: time.describe('When it last called, accurate to an hour.'),
    importedAt: time.nullable().describe('When it was first in an import; null if never.'),
    liveAt: time.nullable().describe('When it first called; null if it never has.'),
    supersededAt: time
      .nullable()
      .describe('When another device of its dialect took over its push token; null if none did.'),
  })
  .describe('One dialect’s view of one phone or browser.')
  .register(named, { id: 'Device' })

export const DevicePage = z
  .strictObject({
    devices: z
      .array(Device)
      .describe('The devices, newest first. A page may be short or empty even if more follow.'),
    nextCursor,
  })
  .describe('A page of devices.')
  .register(named, { id: 'DevicePage' })

export const Installation = z
  .strictObject({
    id: z.string().describe('The installation’s id.'),
    provider,
    environment,
    token,
    state: z
      .enum(['live', 'dead', 'gone'])
      .nullable()
      .describe(
        'The state of the token: `dead` if the push service refused it, `gone` if no device has it any more; null without a token.',
      ),
    devices: z.array(Device).describe('Every device that has the token, in all dialects, oldest first.'),
    topics: z
      .array(z.string())
      .describe('The topics of all these devices, in byte order, without duplicates.'),
  })
  .describe('One phone or browser: all devices with the same push token, or one device without a token.')
  .register(named, { id: 'Installation' })

export const InstallationPage = z
  .strictObject({
    installations: z
      .array(Installation)
      .describe('The installations, newest first. A page may be short or empty even if more follow.'),
    nextCursor,
  })
  .describe('A page of installations.')
  .register(named, { id: 'InstallationPage' })

export const Event = z
  .strictObject({
    id: z
      .string()
      .optional()
      .describe('The id with which the event can be undone; only in the history of a device.'),
    kind: z.string().describe('What happened, such as `registered`.'),
    cause: z.string().describe('The id of the request that caused it, or the name of the gateway’s own job.'),
    detail: openDocument.describe('Details, which depend on the kind.'),
    at: time.describe('When it happened.'),
  })
  .describe('Something that happened to a device.')
  .register(named, { id: 'Event' })

export const EventList = z
  .strictObject({ events: z.array(Event).describe('The last 100 events, newest first.') })
  .describe('The history of a device, kept for `HISTORY_DAYS`.')
  .register(named, { id: 'EventList' })
