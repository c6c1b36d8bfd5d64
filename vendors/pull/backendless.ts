import { stringify } from 'csv-stringify/sync'
import { PullFault } from '../../src/pull/fault.ts'
import { BEGINNING, jsonOf, type Place, pageBehind, type Source } from '../../src/pull/source.ts'
import { needed, type Vendor } from '../../src/pull/vendor.ts'
import { isObject } from '../../src/transfer/text/json.ts'
import { SOURCE_APP } from './options.ts'

interface BackendlessWay {
  readonly from: string
  readonly sourceApp: string
  /** The REST API key, which is part of each call's path. */
  readonly key: string
}

/** The most rows that the Data API returns at once. */
const PAGE = 100

const COLUMNS = [
  'objectId',
  'deviceId',
  'deviceToken',
  'operatingSystemName',
  'operatingSystemVersion',
  'channelName',
  'expiration',
  'created',
  'updated',
] as const

/** Backendless: the table of registrations, read through the Data API and written as the console's export. */
function backendless({ from, sourceApp, key }: BackendlessWay): Source {
  const table = `${from}/${encodeURIComponent(sourceApp)}/${encodeURIComponent(key)}/data/DeviceRegistration`
  const order = 'sortBy=created%20asc%2CobjectId%20asc'
  return {
    format: 'backendless-csv',
    what: `backendless ${sourceApp} at ${from}`,
    rate: 5,
    query: {},
    secrets: () => [key, encodeURIComponent(key)],
    async next(cursor, { polite, spool }) {
      const place = (cursor ?? BEGINNING) as Place
      const get = async (offset: number, size: number) => ({
        rows: rowsOf(
          await polite.call(() => ({ url: `${table}?pageSize=${size}&offset=${offset}&${order}` }), jsonOf),
        ),
        total: null,
      })
      const {
        rows,
        place: behind,
        done,
      } = await pageBehind(place, PAGE - 1, get, (row) => String(row.objectId))
      if (cursor === null) spool.write(`${COLUMNS.join(',')}\n`)
      spool.write(stringify(rows.map((row) => COLUMNS.map((name) => cellOf(row[name])))))
      return { rows: rows.length, cursor: behind, done, total: null }
    },
  }
}

function rowsOf(document: unknown): readonly Readonly<Record<string, unknown>>[] {
  if (Array.isArray(document) && document.every(isObject)) return document
  throw new PullFault('refused', 'The answer is not a list of registrations: correct --from.')
}

const cellOf = (value: unknown): string =>
  value === null || value === undefined
    ? ''
    : typeof value === 'object'
      ? JSON.stringify(value)
      : String(value)

export const backendlessVendor: Vendor = {
  name: 'backendless',
  is: 'Pulls the registrations of a Backendless app from its Data API.',
  args: SOURCE_APP,
  examples: ['pushport pull backendless shop --source-app APP_ID'],
  from: 'https://api.backendless.com',
  secret: ['BACKENDLESS_API_KEY', 'the REST API key of the app'],
  source: (given) =>
    backendless({ from: given.from, sourceApp: needed(given, 'source-app'), key: given.secret }),
}
