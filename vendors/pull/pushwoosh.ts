import { createWriteStream, rmSync } from 'node:fs'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { type Entry, openPromise, type ZipFile } from 'yauzl'
import { PullFault } from '../../src/pull/fault.ts'
import { Broken, type Polite } from '../../src/pull/polite.ts'
import { jsonOf, type Source, type Step } from '../../src/pull/source.ts'
import type { Spool } from '../../src/pull/spool.ts'
import { needed, type Vendor } from '../../src/pull/vendor.ts'
import { csvReader } from '../../src/transfer/text/csv.ts'
import { isObject } from '../../src/transfer/text/json.ts'
import { START } from '../../src/transfer/text/record.ts'
import { SOURCE_APP } from './options.ts'

interface PushwooshWay {
  readonly from: string
  readonly sourceApp: string
  readonly token: string
  /** The audience: a filter expression, or the code of a saved filter. Null: all devices of the app. */
  readonly filter: { readonly filterExpression: string } | { readonly filterCode: string } | null
}

/** Milliseconds between checks whether the export is ready. */
const [SHORTEST, LONGEST] = [1000, 30_000]
/** Most bytes of an unpacked export; a larger file is not an export. */
const LARGEST = 64 * 1024 ** 3

/** `task`: in progress. `url`: ready, at this address. */
type Cursor = { readonly task: string; readonly asked: number } | { readonly url: string }

/** Pushwoosh: starts an export of the audience, waits until it is ready, and unpacks its table. */
function pushwoosh({ from, sourceApp, token, filter }: PushwooshWay): Source {
  const post = (polite: Polite, path: string, body: object) =>
    polite.call(
      () => ({
        url: `${from}/api/v2/audience/${path}`,
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({ auth: token, ...body }),
      }),
      jsonOf,
    )
  const start = async (polite: Polite): Promise<Step> => {
    const started = await post(polite, 'exportSegment', {
      ...(filter ?? { filterExpression: `A("${sourceApp}")` }),
      exportData: ['hwids', 'push_tokens', 'users', 'tags'],
      format: 'csv',
    })
    const task = isObject(started) ? started.task_id : undefined
    if (typeof task !== 'string' && typeof task !== 'number')
      throw new PullFault('refused', 'Pushwoosh returned no task: does your plan include segment exports?')
    return { ...WAITING, cursor: { task: String(task), asked: 0 } }
  }
  return {
    format: 'pushwoosh-csv',
    what: `pushwoosh ${sourceApp} at ${from}`,
    rate: 1,
    query: {},
    secrets: () => [token],
    async next(cursor, { polite, spool }) {
      if (cursor === null) return start(polite)
      const at = cursor as Cursor
      if ('url' in at) return fetched(polite, spool, at.url, from)
      await new Promise((resume) => setTimeout(resume, Math.min(SHORTEST * 1.5 ** at.asked, LONGEST)))
      return readiness(await post(polite, 'exportSegment/result', { task_id: at.task }), at)
    },
  }
}

const WAITING = { rows: 0, done: false, total: null } as const

function readiness(
  answer: unknown,
  { task, asked }: { readonly task: string; readonly asked: number },
): Step {
  const { status, csv_filename, filename, devices_count } = isObject(answer) ? answer : {}
  if (status === 'failed')
    throw new PullFault('refused', 'Pushwoosh could not create the export: start again without --resume.')
  const total = typeof devices_count === 'number' ? devices_count : null
  if (status !== 'completed') return { ...WAITING, cursor: { task, asked: Math.min(asked + 1, 20) }, total }
  const url = csv_filename ?? filename
  if (typeof url !== 'string')
    throw new PullFault('refused', 'Pushwoosh reports that the export is ready, but not its address.')
  return { ...WAITING, cursor: { url }, total }
}

async function fetched(polite: Polite, spool: Spool, url: string, from: string): Promise<Step> {
  const { protocol, host } = placeOf(url)
  if (protocol !== 'https:' && host !== new URL(from).host)
    throw new PullFault('refused', `The export at ${host} is not encrypted, so it is not fetched.`)
  const archive = `${spool.file}.zip`
  try {
    const rows = await polite.call(
      () => ({ url }),
      async (body) => {
        await pipeline(Readable.from(body), createWriteStream(archive, { mode: 0o600 }))
        spool.begin()
        return unpacked(archive, spool)
      },
    )
    return { rows, cursor: { url }, done: true, total: null }
  } finally {
    rmSync(archive, { force: true })
  }
}

function placeOf(url: string): URL {
  try {
    return new URL(url)
  } catch {
    throw new PullFault('refused', 'The address of the export is not a URL.')
  }
}

/** Copies the only table of an archive and returns its number of rows. A damaged archive is fetched again. */
async function unpacked(archive: string, spool: Spool): Promise<number> {
  try {
    const zip = await openPromise(archive, { autoClose: false, lazyEntries: true })
    try {
      const table = await tableOf(zip)
      const reader = csvReader(START, ',')
      let [records, sum] = [0, 0]
      for await (const bytes of (await zip.openReadStreamPromise(table)) as AsyncIterable<Uint8Array>) {
        records += reader.push(bytes).length
        sum = crc32(bytes, sum)
        spool.write(bytes)
      }
      if (sum !== table.crc32) throw new Broken('its checksum is wrong')
      return Math.max(0, records + reader.end().length - 1)
    } finally {
      zip.close()
    }
  } catch (error) {
    if (error instanceof PullFault) throw error
    throw new Broken(error instanceof Error ? error.message : String(error))
  }
}

/** The entry of an archive that is a table. */
async function tableOf(zip: ZipFile): Promise<Entry> {
  const tables: Entry[] = []
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName.toLowerCase().endsWith('.csv')) tables.push(entry)
    if (tables.length > 1) break
  }
  const [table, ...more] = tables
  if (!table || more.length > 0)
    throw new PullFault('refused', `The archive contains ${table ? 'more than one table' : 'no table'}.`)
  if (table.uncompressedSize > LARGEST)
    throw new PullFault('refused', 'The table in the archive is too large.')
  return table
}

export const pushwooshVendor: Vendor = {
  name: 'pushwoosh',
  is: 'Has Pushwoosh export the audience of an app, waits for the export, and fetches it.',
  args: {
    ...SOURCE_APP,
    filter: { type: 'string', valueHint: 'EXPRESSION', description: 'Only devices that this filter finds.' },
    'filter-code': {
      type: 'string',
      valueHint: 'CODE',
      description: 'Only devices that this saved filter finds.',
    },
  },
  examples: ['pushport pull pushwoosh shop --source-app XXXXX-XXXXX --environment production'],
  from: 'https://api.pushwoosh.com',
  secret: ['PUSHWOOSH_API_TOKEN', 'the API access token'],
  source: (given) => {
    const { filter, 'filter-code': filterCode } = given.args
    const { from, secret: token } = given
    const sourceApp = needed(given, 'source-app')
    if (typeof filterCode === 'string') return pushwoosh({ from, sourceApp, token, filter: { filterCode } })
    const expression = typeof filter === 'string' ? { filterExpression: filter } : null
    return pushwoosh({ from, sourceApp, token, filter: expression })
  },
}
