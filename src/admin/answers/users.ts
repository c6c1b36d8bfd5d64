import * as z from 'zod'
import { count, dialect, named, nextCursor, openDocument } from './answer.ts'
import { Device, Event } from './devices.ts'
import { Receipt } from './reports.ts'

const JobRow = z
  .strictObject({
    position: z.int().min(0).describe('Its place in the job, from 0.'),
    label: z.string().describe('What the job’s owner called it.'),
    state: z.string().describe('How far it is.'),
    reason: z.string().nullable().describe('Why it failed; null where it did not.'),
    job: z.string().describe('The job’s id.'),
  })
  .describe('A row of a bulk job that names the user, or one of their devices.')
  .register(named, { id: 'JobRow' })

const Client = z
  .strictObject({
    id: z.string().describe('The client’s id.'),
    dialect,
    about: openDocument.describe('What it said about itself.'),
  })
  .describe('A registered client that speaks for one of the user’s devices.')
  .register(named, { id: 'Client' })

/** All data about a user except the id and the devices. */
const held = {
  held: z
    .record(z.string(), count)
    .describe(
      'How much there is of each kind, on all pages: up to 100,000 devices, and up to 2,000 of the rest.',
    ),
  events: z
    .array(
      Event.extend({
        deviceId: z
          .string()
          .nullable()
          .describe('The device’s id in the gateway; null where it is about all devices of the user.'),
      }),
    )
    .describe('What happened to the devices, at most `limit`.'),
  receipts: z.array(Receipt).describe('What the devices reported about messages, at most `limit`.'),
  jobRows: z.array(JobRow).describe('Rows of bulk jobs, at most `limit`.'),
  clients: z.array(Client).describe('Registered clients, at most `limit`.'),
}
export const Held = z.strictObject(held)

export const User = z
  .strictObject({
    userId: z.string().describe('The user’s id, as devices name it.'),
    devices: z.array(Device).describe('A page of the user’s devices in all dialects, newest first.'),
    nextCursor,
    ...held,
  })
  .describe('Everything that is held about a user.')
  .register(named, { id: 'User' })
