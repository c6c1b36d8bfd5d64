import * as z from 'zod'
import { PROVIDERS } from '../../domain/push-token.ts'
import { count, dialect, named, nextCursor, openDocument, time } from './answer.ts'
import { Device, Event } from './devices.ts'
import { Receipt } from './reports.ts'

const JobRow = z
  .strictObject({
    position: z.int().min(0).describe('Its position in the job, from 0.'),
    label: z.string().describe('The name that the job’s owner gave it.'),
    state: z.string().describe('The state of the row.'),
    reason: z.string().nullable().describe('Why it failed; null if it did not.'),
    job: z.string().describe('The job’s id.'),
  })
  .describe('A row of a bulk job that names the user, or one of their devices.')
  .register(named, { id: 'JobRow' })

const Client = z
  .strictObject({
    id: z.string().describe('The client’s id.'),
    dialect,
    about: openDocument.describe('The data with which it registered.'),
  })
  .describe('A registered client of one of the user’s devices.')
  .register(named, { id: 'Client' })

export const FormerDevice = Device.pick({
  externalId: true,
  platform: true,
  userId: true,
  userProved: true,
  topics: true,
  tags: true,
  name: true,
  model: true,
  osVersion: true,
  appVersion: true,
  sdkVersion: true,
  language: true,
  timezone: true,
  createdAt: true,
  updatedAt: true,
  lastSeenAt: true,
  importedAt: true,
  liveAt: true,
})
  .describe('A removed device as it was.')
  .register(named, { id: 'FormerDevice' })

export const KeptState = z
  .strictObject({
    kind: z
      .enum(['token', 'device'])
      .describe('`token`: a token that the device no longer has; `device`: the device, which was removed.'),
    deviceId: z.string().describe('The device’s id in the gateway.'),
    dialect,
    at: time.describe('When the change ended it.'),
    until: time.describe('Until when it is kept (`UNDO_DAYS`); it is deleted soon after.'),
    provider: z.enum(PROVIDERS).nullable().describe('The push service of the token; null without a token.'),
    token: z
      .string()
      .nullable()
      .describe(
        'The token, masked; null if the removed device had none, if the device belonged to another user then, or if `MASTER_KEY` no longer opens the state.',
      ),
    device: FormerDevice.nullable().describe(
      'The removed device as it was; null for a token, and in the same cases.',
    ),
  })
  .describe('Something that a change has ended and that is kept, sealed, for an undo.')
  .register(named, { id: 'KeptState' })

/** All data about a user except the id and the devices. */
const held = {
  held: z
    .record(z.string(), count)
    .describe(
      'The number of items of each kind, on all pages: counted up to 100,000 devices, and up to 2,000 of each other kind.',
    ),
  events: z
    .array(
      Event.extend({
        deviceId: z
          .string()
          .nullable()
          .describe('The device’s id in the gateway; null if it is about all devices of the user.'),
      }),
    )
    .describe('What happened to the devices, at most `limit`.'),
  receipts: z.array(Receipt).describe('The devices’ reports about messages, at most `limit`.'),
  jobRows: z.array(JobRow).describe('Rows of bulk jobs, at most `limit`.'),
  clients: z.array(Client).describe('Registered clients, at most `limit`.'),
  keptStates: z
    .array(KeptState)
    .describe('Former tokens and removed devices that are kept for an undo, at most `limit`.'),
}
export const Held = z.strictObject(held)

export const User = z
  .strictObject({
    userId: z.string().describe('The user’s id, as devices send it.'),
    devices: z.array(Device).describe('A page of the user’s devices in all dialects, newest first.'),
    nextCursor,
    ...held,
  })
  .describe('All data about a user.')
  .register(named, { id: 'User' })
