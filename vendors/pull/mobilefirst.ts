import { PullFault } from '../../src/pull/fault.ts'
import { type Asked, Broken, type Polite } from '../../src/pull/polite.ts'
import {
  BEGINNING,
  jsonOf,
  type Page,
  type Place,
  pageBehind,
  type Source,
  textOf,
} from '../../src/pull/source.ts'
import { type Given, needed, type Vendor } from '../../src/pull/vendor.ts'
import { isObject, pageReader } from '../../src/transfer/text/json.ts'
import { START } from '../../src/transfer/text/record.ts'
import { SOURCE_APP } from './options.ts'

interface MobileFirstWay {
  readonly from: string
  readonly sourceApp: string
  readonly pageSize: number
  /** A given token, or a client of the server that fetches one. */
  readonly login: { readonly token: string } | { readonly client: string; readonly secret: string }
}

/** Subscriptions follow the devices that they belong to. */
const LISTS = ['devices', 'subscriptions'] as const
interface Cursor {
  readonly list: 0 | 1
  readonly place: Place
}

interface Row {
  readonly key: string
  readonly raw: string
}

/** A MobileFirst server: the lists of an application's devices and subscriptions, page by page. */
function mobileFirst({ from, sourceApp, pageSize, login }: MobileFirstWay): Source {
  let token = 'token' in login ? login.token : null
  const renewal = async (polite: Polite): Promise<boolean> => {
    if ('token' in login) return false
    token = await tokenOf(polite, from, sourceApp, login)
    return true
  }
  return {
    format: 'mobilefirst-json',
    what: `mobilefirst ${sourceApp} at ${from}`,
    rate: 5,
    query: {},
    secrets: () => [token ?? '', 'secret' in login ? login.secret : ''],
    async next(cursor, { polite, spool }) {
      const { list, place } = (cursor ?? { list: 0, place: BEGINNING }) as Cursor
      const name = LISTS[list]
      if (token === null) await renewal(polite)
      const ask = (offset: number, size: number): Asked => ({
        url: `${from}/imfpush/v1/apps/${encodeURIComponent(sourceApp)}/${name}?expand=true&offset=${offset}&size=${size}`,
        headers: { Authorization: `Bearer ${token}`, Accept: 'application/json' },
      })
      const get = (offset: number, size: number) =>
        polite.call(
          () => ask(offset, size),
          async (body) => pageOf(await textOf(body), name),
          { renew: () => renewal(polite) },
        )
      const { rows, place: behind, done, total } = await pageBehind(place, pageSize, get, ({ key }) => key)
      if (rows.length > 0) spool.write(`{"${name}":[${rows.map(({ raw }) => raw).join(',')}]}\n`)
      return {
        rows: rows.length,
        cursor: done ? { list: 1, place: BEGINNING } : { list, place: behind },
        done: done && list === 1,
        total: list === 0 ? total : null,
      }
    },
  }
}

/** Records as raw text, because ids that are numbers would lose digits when parsed. */
function pageOf(text: string, list: (typeof LISTS)[number]): Page<Row> {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    throw new Broken('it is not complete JSON')
  }
  if (!isObject(document) || !Array.isArray(document[list]))
    throw new PullFault('refused', `The answer has no list ${list}: correct --from.`)
  const reader = pageReader(START, [list], '')
  const records = [...reader.push(new TextEncoder().encode(text)), ...reader.end()]
  const total = isObject(document.pageInfo) ? Number(document.pageInfo.totalCount) : Number.NaN
  return {
    rows: records.map(({ raw, value }) => ({ raw, key: keyOf(value, list) })),
    total: Number.isFinite(total) ? total : null,
  }
}

const keyOf = (value: unknown, list: string): string => {
  if (!isObject(value)) return ''
  return list === 'devices'
    ? String(value.deviceId)
    : JSON.stringify([value.subscriptionId ?? null, value.deviceId ?? null, value.tagName ?? null])
}

async function tokenOf(
  polite: Polite,
  from: string,
  app: string,
  { client, secret }: { readonly client: string; readonly secret: string },
): Promise<string> {
  const scope = `devices.read subscriptions.read push.application.${app}`
  const basic = Buffer.from(`${client}:${secret}`).toString('base64')
  const answer = await polite.call(
    () => ({
      url: `${from}/mfp/api/az/v1/token`,
      method: 'POST',
      headers: { Authorization: `Basic ${basic}`, 'Content-Type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ grant_type: 'client_credentials', scope }).toString(),
    }),
    jsonOf,
  )
  if (isObject(answer) && typeof answer.access_token === 'string') return answer.access_token
  throw new PullFault('refused', 'The authorization server gave no access token.')
}

export const mobileFirstVendor: Vendor = {
  name: 'mobilefirst',
  is: 'Pulls devices and subscriptions from a MobileFirst server.',
  args: {
    ...SOURCE_APP,
    client: {
      type: 'string',
      valueHint: 'ID',
      description: 'A confidential client of the server; the secret is then its secret instead of a token.',
    },
    'page-size': { type: 'string', valueHint: 'NUMBER', description: 'Rows per page (500).' },
  },
  examples: [
    'pushport pull mobilefirst shop --from https://mfp.example.com --source-app com.example.shop --client exporter --dry-run',
  ],
  from: null,
  secret: ['MOBILEFIRST_SECRET', 'the access token, or the secret of --client'],
  source: (given) => {
    const { secret, from, args } = given
    const login = typeof args.client === 'string' ? { client: args.client, secret } : { token: secret }
    return mobileFirst({ from, sourceApp: needed(given, 'source-app'), pageSize: pageSize(given), login })
  },
}

function pageSize({ args }: Given): number {
  const size = Number(args['page-size'] ?? 500)
  if (!Number.isInteger(size) || size < 1 || size > 10_000)
    throw new PullFault('usage', '--page-size must be a whole number from 1 to 10000.')
  return size
}
