import { createHash, randomBytes } from 'node:crypto'
import Database from 'better-sqlite3'
import { type Phone, phone, scatteredOf } from './phone.ts'
import type { Row, Template, Templates } from './template.ts'
import { touch } from './touch.ts'

/** Milliseconds between two registrations of the seed. */
const APART = 10
const DAY = 86_400_000
const BATCH = 5000

/** Values that the database generates for a subscription. */
const RANDOM_ID = /^[0-9a-f]{32}$/

type Value = (phone: Phone) => unknown

const digestOf = (text: string) => createHash('sha256').update(text).digest().subarray(0, 16)

/** The columns of a copy that differ from the template's. */
function valueFor(value: unknown, { phone: marked }: Template, at: number): Value {
  if (Buffer.isBuffer(value)) {
    if (value.equals(digestOf(marked.token))) return ({ token }) => digestOf(token)
    const hex = valueFor(value.toString('hex'), { phone: marked } as Template, at)
    return (one) => Buffer.from(String(hex(one)), 'hex')
  }
  if (typeof value === 'number' && Math.abs(value - at) < DAY) return ({ n }) => value + n * APART
  if (typeof value !== 'string') return () => value
  if (RANDOM_ID.test(value)) return () => randomBytes(16).toString('hex')
  const topic = marked.topics.indexOf(value)
  if (topic >= 0) return ({ topics }) => topics[topic]
  const scattered = scatteredOf(marked.n)
  const parts = value.split(new RegExp(`(${marked.digits}|${scattered})`))
  if (parts.length === 1) return () => value
  return ({ n, digits }) =>
    parts
      .map((part) => (part === marked.digits ? digits : part === scattered ? scatteredOf(n) : part))
      .join('')
}

/** Numbers that the database generates are left to it. */
const isOwnNumber = (name: string, value: unknown) => name === 'id' && typeof value === 'number'

/** Numbers beyond those of the templates. */
const FIRST_NUMBER = 1000
/** The column that contains a device's number. */
const NUMBERED: Readonly<Record<string, string>> = { devices: 'number', subscriptions: 'device' }

function copierOf(
  client: Database.Database,
  table: string,
  row: Row,
  template: Template,
  at: number,
): (phone: Phone) => void {
  const columns = Object.entries(row).filter(([name, value]) => !isOwnNumber(name, value))
  const values = columns.map(([name, value]) =>
    NUMBERED[table] === name ? ({ n }: Phone) => FIRST_NUMBER + n : valueFor(value, template, at),
  )
  const names = columns.map(([name]) => `"${name}"`).join()
  const insert = client.prepare(`INSERT INTO "${table}" (${names}) VALUES (${columns.map(() => '?').join()})`)
  return (one) => void insert.run(values.map((value) => value(one)))
}

/** Writes the given number of phones, for each dialect in turn. */
export async function fill(
  file: string,
  { templates, at, documents }: Templates,
  devices: number,
  say: (line: string) => void,
): Promise<void> {
  const client = new Database(file)
  // An interruption only loses the seed, which is built under a temporary name.
  for (const pragma of ['journal_mode = OFF', 'synchronous = OFF', 'cache_size = -3000000'])
    client.pragma(pragma)
  const copiers = templates.map((template) =>
    [...template.rows].flatMap(([table, rows]) =>
      rows.map((row) => copierOf(client, table, row, template, at)),
    ),
  )
  const counted = new Map<string, number>()
  for (let from = 0; from < devices; from += BATCH) {
    client.exec('BEGIN')
    for (let n = from; n < Math.min(from + BATCH, devices); n++) {
      const one = phone(n)
      const index = n % templates.length
      for (const copy of copiers[index] ?? []) copy(one)
      count(counted, templates[index], one)
    }
    client.exec('COMMIT')
    // Yields, because without a turn of the event loop for minutes, a signal to end would not be handled.
    await new Promise((resume) => setImmediate(resume))
    if ((from + BATCH) % 100_000 === 0) say(`  ${(from + BATCH).toLocaleString('en')} devices`)
  }
  writeCounters(client, documents.app, counted)
  client.pragma('journal_mode = WAL')
  client.close()
  touch(file)
}

function count(counted: Map<string, number>, template: Template | undefined, { topics }: Phone): void {
  for (const { kind, name, amount } of template?.counted ?? []) {
    const topic = template?.phone.topics.indexOf(name) ?? -1
    const key = JSON.stringify([kind, kind === 'topic' && topic >= 0 ? topics[topic] : name])
    counted.set(key, (counted.get(key) ?? 0) + amount)
  }
}

function writeCounters(client: Database.Database, app: string, counted: ReadonlyMap<string, number>): void {
  const add = client.prepare(`
    INSERT INTO counters (app_id, kind, name, amount) VALUES (?, ?, ?, ?)
    ON CONFLICT (app_id, kind, name) DO UPDATE SET amount = amount + excluded.amount`)
  client.exec('BEGIN')
  for (const [key, amount] of counted) add.run(app, ...(JSON.parse(key) as [string, string]), amount)
  client.exec('COMMIT')
}
