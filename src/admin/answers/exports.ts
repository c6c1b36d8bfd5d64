import * as z from 'zod'
import { count, named, openDocument, time } from './answer.ts'
import { Device } from './devices.ts'
import { WHOLE } from './feed.ts'

export const ExportHead = z
  .strictObject({
    type: z.literal('pushport-export').describe('Marks the first line.'),
    version: z.literal(1).describe('The version of the format.'),
    app: z.string().describe('The app’s id.'),
    exportedAt: time.describe('When the export started.'),
  })
  .describe('The first line of an export; absent with `cursor`.')
  .register(named, { id: 'ExportHead' })

export const ExportedDevice = Device.extend({
  type: z.literal('device').describe('Marks a device.'),
  ...WHOLE,
  tagTypes: z.record(z.string(), z.string()).describe('The types of its tags by their names.'),
  tokenForm: z
    .literal('any')
    .optional()
    .describe('Present if the token has an unusual form, which an import accepts only with this member.'),
})
  .describe('A device with all its data.')
  .register(named, { id: 'ExportedDevice' })

export const ExportEnd = z
  .strictObject({
    type: z.literal('end').describe('Marks the last line.'),
    devices: count.describe('The number of devices in this answer.'),
  })
  .describe('The last line of an export. Without it, the export is incomplete.')
  .register(named, { id: 'ExportEnd' })

/** Lines in other vendors' export formats. */
export const ExportedUser = z
  .looseObject({ subscriptions: z.array(openDocument).describe('The device.') })
  .describe('With `onesignal-ndjson`: the body of the call that creates a user.')
  .register(named, { id: 'ExportedUser' })

export const ExportedAttributes = z
  .strictObject({ attributes: z.array(openDocument).describe('Up to 75 devices.') })
  .describe('With `braze-ndjson`: the body of the call that tracks users.')
  .register(named, { id: 'ExportedAttributes' })
