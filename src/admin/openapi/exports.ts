import { ExportEnd, ExportedAttributes, ExportedDevice, ExportedUser, ExportHead } from '../answers/index.ts'
import type { Operations } from './operation.ts'
import { DEVICE_FILTER } from './parameters.ts'

const { dialect, platform, provider, active } = DEVICE_FILTER

export const exports = {
  '/apps/:app/export': {
    get: {
      id: 'exportDevices',
      summary: 'Export the devices of an app',
      description: [
        'Streams every device that existed when the export began and has not been deleted since. Push tokens are not masked; therefore the call needs the role `operate` and is recorded in the audit log. The export contains no secrets of the app.',
        'With `ndjson` the last line has the number of devices. If it is missing, the answer was cut short: call again with the `id` of the last device received as `cursor`.',
      ].join('\n\n'),
      query: {
        format:
          'The format. `ndjson` and `csv` are complete and can be imported again; docs/export.md describes each format.',
        ...{ dialect, platform, provider, active },
        excel:
          '`safe`: puts an apostrophe before cells that a spreadsheet would read as a formula. Such a file cannot be imported again.',
        cursor: 'For `ndjson`: the `id` of the last device received; the export continues after it.',
        androidAppId: 'For Braze: the id of the Android app there.',
        iosAppId: 'For Braze: the id of the iOS app there.',
        webAppId: 'For Braze: the id of the website there.',
      },
      answers: {
        200: {
          is: 'The devices; with `ndjson`, one per line, between a header line and a final line.',
          schema: [ExportHead, ExportedDevice, ExportEnd, ExportedUser, ExportedAttributes],
          media: 'application/x-ndjson',
          stream: ['text/csv', 'application/json'],
          headers: { 'Content-Disposition': 'The suggested file name.' },
        },
      },
      problems: ['app_unknown'],
    },
  },
} satisfies Operations<'/apps/:app/export'>
