import * as z from 'zod'
import { PLATFORMS } from '../../domain/device.ts'
import { PROVIDERS } from '../../domain/push-token.ts'
import { dialect, named, nextCursor, openDocument, time } from './answer.ts'

const provider = z.enum(PROVIDERS).nullable().describe('The push service of its token; null without a token.')
const environment = z
  .enum(['production', 'sandbox', 'unknown'])
  .nullable()
  .describe('Which APNs its token is for; `unknown` with other services, null without a token.')
const token = z
  .string()
  .nullable()
  .describe(
    'The push token, byte for byte as it was sent; null where there is none, or another device took it.',
  )
const text = (what: string) => z.string().nullable().describe(`${what}; null where it was not told.`)

export const Device = z
  .strictObject({
    id: z.string().describe('The device’s id in the gateway.'),
    dialect,
    externalId: z.string().describe('The id that the device has in its dialect.'),
    installationId: z.string().describe('The installation that it is part of.'),
    platform: z.enum(PLATFORMS).describe('What the device is.'),
    provider,
    environment,
    token,
    userId: z.string().nullable().describe('The user of the device; null where there is none.'),
    userProved: z.boolean().describe('Whether the user was proved by a signed token, and not only claimed.'),
    topics: z.array(z.string()).describe('The topics that it has, in byte order.'),
    tags: openDocument.describe('Its tags: a JSON value by name.'),
    active: z.boolean().describe('Whether a message to it would reach anybody, as far as is known.'),
    name: text('The name that its owner gave it'),
    model: text('The model'),
    osVersion: text('The version of its operating system'),
    appVersion: text('The version of the app on it'),
    sdkVersion: text('The version of the vendor’s SDK in the app'),
    language: text('Its language'),
    timezone: text('Its time zone'),
    badge: z.number().nullable().describe('The number on the app’s icon; null where the dialect has none.'),
    createdAt: time.describe('When it first registered.'),
    updatedAt: time.describe('When anything of it last changed.'),
    lastSeenAt: time.describe('When it last called, at most an hour behind.'),
    importedAt: time.nullable().describe('When an import first named it; null where none did.'),
    liveAt: time.nullable().describe('When it first called by itself; null where it never has.'),
    supersededAt: time
      .nullable()
      .describe('When another device of its dialect took its push token; null where none did.'),
  })
  .describe('One dialect’s view of one phone or browser.')
  .register(named, { id: 'Device' })

export const DevicePage = z
  .strictObject({
    devices: z
      .array(Device)
      .describe('The devices, newest first. It may be short, or empty, while more follow.'),
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
        'What is known of the token: `dead` where the push service refused it, `gone` where no device has it any more; null without one.',
      ),
    devices: z.array(Device).describe('Every device that has the token, in all dialects, oldest first.'),
    topics: z.array(z.string()).describe('The topics of all of these devices, in order, each once.'),
  })
  .describe('One phone or browser: everything that has one push token, or one device without any.')
  .register(named, { id: 'Installation' })

export const InstallationPage = z
  .strictObject({
    installations: z
      .array(Installation)
      .describe('The installations, newest first. It may be short, or empty, while more follow.'),
    nextCursor,
  })
  .describe('A page of installations.')
  .register(named, { id: 'InstallationPage' })

export const Event = z
  .strictObject({
    id: z.string().optional().describe('By which it can be taken back; only in the history of a device.'),
    kind: z.string().describe('What happened, such as `registered`.'),
    cause: z.string().describe('The id of the request that did it, or the name of the gateway’s own work.'),
    detail: openDocument.describe('What is worth knowing of it, by kind.'),
    at: time.describe('When it happened.'),
  })
  .describe('Something that happened to a device.')
  .register(named, { id: 'Event' })

export const EventList = z
  .strictObject({ events: z.array(Event).describe('The last 100 events, newest first.') })
  .describe('The history of a device, kept for `HISTORY_DAYS`.')
  .register(named, { id: 'EventList' })
