import { ExportEnd, ExportedAttributes, ExportedDevice, ExportedUser, ExportHead } from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { DEVICE_FILTER } from './parameters.ts'

const { dialect, platform, provider, active } = DEVICE_FILTER

export const exports = {
  '/apps/:app/export': {
    get: {
      id: 'exportDevices',
      summary: 'Take all devices of an app out',
      description: [
        'A stream, as fast as its reader takes it, of all devices that were there when it began and still are when their turn comes. Tokens are whole, which needs the role `operate`, and the audit tells who took them. Nothing in it is a secret of the app.',
        'With `ndjson` the last line says how many devices came. Where it is missing, the answer broke off: `cursor`, the `id` of the last device that arrived, goes on.',
      ].join('\n\n'),
      query: {
        format:
          'The form: `ndjson` and `csv` hold everything and can be imported again; see docs/export.md for each.',
        ...{ dialect, platform, provider, active },
        excel:
          '`safe`: cells of a table that a spreadsheet would take for a formula begin with an apostrophe. Not for importing again.',
        cursor: 'For `ndjson`: the `id` of the last device that arrived; the answer goes on behind it.',
        androidAppId: 'For Braze: the id that the vendor has for the Android app.',
        iosAppId: 'For Braze: the id that the vendor has for the iOS app.',
        webAppId: 'For Braze: the id that the vendor has for the website.',
      },
      answers: {
        200: {
          is: 'The devices; with `ndjson`, one a line between a first and a last line.',
          schema: [ExportHead, ExportedDevice, ExportEnd, ExportedUser, ExportedAttributes],
          media: 'application/x-ndjson',
          stream: ['text/csv', 'application/json'],
          headers: { 'Content-Disposition': 'A name for the file.' },
        },
      },
      problems: ['app_unknown'],
    },
  },
} satisfies Operations<'/apps/:app/export'>
