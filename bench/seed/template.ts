import Database from 'better-sqlite3'
import { realChance } from '../../src/build.ts'
import { withAccess } from '../dialects/access.ts'
import type { BenchDialect, Documents } from '../dialects/dialect.ts'
import { dialects } from '../dialects/index.ts'
import { ADMIN_TOKEN } from '../kit/gateway.ts'
import { openWithin, type Within } from '../kit/within.ts'
import { json } from '../load/shot.ts'
import { digitsOf, type Phone, phone } from './phone.ts'

export type Row = Readonly<Record<string, unknown>>

/** The rows that the product wrote for one phone of a dialect. */
export interface Template {
  readonly phone: Phone
  /** Its rows by table. */
  readonly rows: ReadonlyMap<string, readonly Row[]>
  /** The amounts that it added to the counters. */
  readonly counted: readonly { readonly kind: string; readonly name: string; readonly amount: number }[]
}

export interface Templates {
  readonly documents: Documents
  readonly templates: readonly Template[]
  /** When the templates registered, in milliseconds. */
  readonly at: number
}

/** The number of the templates; no measured phone has it. */
const MARKED = 777_777_777_700
/** Far enough in the past that a million phones, one every ten milliseconds, have registered before now. */
const BACK = 6 * 3_600_000
const POLICY = { maxLength: 1000, refused: [], limit: 5000, automatic: [] }

/**
 * Registers one phone of each dialect through the whole product, and reads the rows that it wrote. All other
 * phones are copies, so that a seed is as the product would have made it, whatever its tables look like.
 */
export async function makeTemplates(file: string): Promise<Templates> {
  const at = Date.now() - BACK
  const current: { digits: string | null } = { digits: null }
  let made = 0
  const row = () =>
    current.digits === null
      ? realChance.ids.row()
      : `V${current.digits}${(made++ % 1296).toString(36).padStart(2, '0')}`
  const within = openWithin({
    file,
    chance: {
      now: () => new Date(at),
      ids: { row, app: realChance.ids.app, secret: () => crypto.randomUUID() },
    },
  })
  const documents = await createApp(within)
  const templates: Template[] = []
  const client = new Database(file)
  for (const [index, dialect] of dialects.entries()) {
    const { name, register, assignedId } = dialect
    const one = phone(MARKED + index)
    const before = countersIn(client)
    current.digits = digitsOf(one.n)
    const answer = await within.send(register(documents, one))
    if (!answer.ok) throw new Error(`${name}: ${answer.status} ${await answer.text()}`)
    if (assignedId) {
      const marked = `UPDATE devices SET external_id = ? WHERE dialect = ?`
      client.prepare(marked).run(assignedId(one), name)
    }
    await subscribe(within, documents, dialect, one, client)
    current.digits = null
    templates.push({ phone: one, rows: rowsOf(client, one), counted: added(before, countersIn(client)) })
  }
  client.close()
  await within.close()
  return { documents, templates, at }
}

async function createApp(within: Within): Promise<Documents> {
  const every = Object.fromEntries(dialects.map(({ name }) => [name, {}]))
  const headers = { 'Content-Type': 'application/json', Authorization: `Bearer ${ADMIN_TOKEN}` }
  const body = { name: 'bench', dialects: every }
  const answer = await within.send(json('POST', '/admin/v1/apps', body, headers))
  const app = (await answer.json()) as { id: string; dialects: Documents['dialects'] }
  const documents = { app: app.id, dialects: app.dialects, accessToken: '', adminToken: ADMIN_TOKEN }
  return withAccess(documents, within.send)
}

/** Subscribes the phone to topics that its registration did not name. */
async function subscribe(
  { gateway }: Within,
  documents: Documents,
  { name: dialect, subscriptionIds = false }: BenchDialect,
  { topics }: Phone,
  client: Database.Database,
): Promise<void> {
  const device = client
    .prepare('SELECT external_id FROM devices WHERE dialect = ?')
    .pluck()
    .get(dialect) as string
  const identifier = client
    .prepare('SELECT value FROM identifiers WHERE app_id = ? AND dialect = ?')
    .pluck()
    .get(documents.app, dialect) as string
  const app = await gateway.apps.find(dialect, identifier)
  if (!app) throw new Error(`no app in ${dialect}`)
  const outcome = await gateway.topics.add({
    app,
    externalId: device,
    names: topics,
    policy: { ...POLICY, ids: subscriptionIds },
    superseded: false,
  })
  if (outcome !== 'done') throw new Error(`${dialect}: topics ${outcome}`)
}

/** A device's topics refer to it by the number that the database generated. */
const OF_DEVICE = `
  SELECT s.* FROM subscriptions s JOIN devices d ON d.number = s.device
  WHERE d.id LIKE '%' || ? || '%' OR d.external_id LIKE '%' || ? || '%'`

/** The rows that contain the phone's number, from every table that has such rows, and its topics. */
function rowsOf(client: Database.Database, { digits }: Phone): Map<string, Row[]> {
  const tables = client
    .prepare(`SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
    .pluck()
    .all() as string[]
  const rows = new Map<string, Row[]>()
  rows.set('subscriptions', client.prepare(OF_DEVICE).all(digits, digits) as Row[])
  for (const table of tables.filter((name) => name !== 'counters' && name !== 'subscriptions')) {
    const own = (client.prepare(`SELECT * FROM "${table}"`).all() as Row[]).filter((row) =>
      Object.values(row).some((value) =>
        Buffer.isBuffer(value) ? value.toString('hex').includes(digits) : String(value).includes(digits),
      ),
    )
    if (own.length > 0) rows.set(table, own)
  }
  return rows
}

type Counter = Template['counted'][number]
const countersIn = (client: Database.Database) =>
  client.prepare('SELECT kind, name, amount FROM counters').all() as Counter[]

function added(before: readonly Counter[], after: readonly Counter[]): Counter[] {
  const had = new Map(before.map(({ kind, name, amount }) => [`${kind} ${name}`, amount]))
  return after
    .map((one) => ({ ...one, amount: one.amount - (had.get(`${one.kind} ${one.name}`) ?? 0) }))
    .filter(({ amount }) => amount !== 0)
}
