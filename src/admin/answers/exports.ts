import * as z from 'zod'
import { count, named, openDocument, time } from './answer.ts'
import { Device } from './devices.ts'
import { WHOLE } from './feed.ts'

export const ExportHead = z
  .strictObject({
    type: z.literal('pushport-export').describe('That it is the first line.'),
    version: z.literal(1).describe('The version of the form.'),
    app: z.string().describe('The app’s id.'),
    exportedAt: time.describe('When it began.'),
  })
  .describe('The first line of an export; not there with `cursor`.')
  .register(named, { id: 'ExportHead' })

export const ExportedDevice = Device.extend({
  type: z.literal('device').describe('That it is a device.'),
  ...WHOLE,
  tagTypes: z.record(z.string(), z.string()).describe('The types of its tags by their names.'),
  tokenForm: z
    .literal('any')
    .optional()
    .describe('There where an import would take the token in this form only because of it.'),
})
  .describe('A device with all that there is of it.')
  .register(named, { id: 'ExportedDevice' })

export const ExportEnd = z
  .strictObject({
    type: z.literal('end').describe('That it is the last line.'),
    devices: count.describe('How many devices came before it in this answer.'),
  })
  .describe('The last line of an export: without it, something is missing.')
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
