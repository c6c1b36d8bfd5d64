import { isObject, pageReader } from '../../transfer/text/json.ts'
import { START } from '../../transfer/text/record.ts'
import { EXIT, Fault } from '../faults.ts'
import { type Asked, Broken, type Polite } from './polite.ts'
import { BEGINNING, jsonOf, type Page, type Place, pageBehind, type Source, textOf } from './source.ts'

export interface MobileFirstWay {
  readonly from: string
  readonly sourceApp: string
  readonly pageSize: number
  /** A token that somebody has, or a client of the server that fetches one. */
  readonly login: { readonly token: string } | { readonly client: string; readonly secret: string }
}

/** Subscriptions come behind the devices that they are of. */
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
export function mobileFirst({ from, sourceApp, pageSize, login }: MobileFirstWay): Source {
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

/** Records as they stand: a number that is an id would lose digits on the way. */
function pageOf(text: string, list: (typeof LISTS)[number]): Page<Row> {
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    throw new Broken('it is no whole JSON')
  }
  if (!isObject(document) || !Array.isArray(document[list]))
    throw new Fault(EXIT.refused, `The answer has no list ${list}: give the right --from.`)
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
  throw new Fault(EXIT.refused, 'The authorization server gave no access token.')
}
