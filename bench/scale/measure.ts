import Database from 'better-sqlite3'
import { adapters } from '../../adapters/index.ts'
import { buildGateway } from '../../src/build.ts'
import { parseConfig } from '../../src/config.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { appId } from '../../src/store/row-ids.ts'
import type { Call, Db } from '../../src/store/sql/port.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { openNodeDb } from '../../src/store/sqlite/node.ts'
import { fill, SAMPLE } from './fill.ts'
import { phone, queriesOf } from './queries.ts'

export interface ScaleOptions {
  readonly file: string
  /** The numbers of devices at which to measure, ascending. */
  readonly steps: readonly number[]
  readonly say: (line: string) => void
}

const START = Date.UTC(2026, 0, 1)
/** Concurrent calls of one query, so that writes share a commit as under load. */
const RUNS = 50

/** Fills a database step by step and measures it at each. */
export async function measure({ file, steps, say }: ScaleOptions): Promise<void> {
  const db = openNodeDb(file, 'schema/migrations')
  const recorded: Call[] = []
  const current = { phone: 0 }
  const ids = {
    row: () => `V${String(current.phone).padStart(14, '0')}`,
    app: appId,
    secret: () => crypto.randomUUID(),
  }
  const config = { ...parseConfig({}), masterKey: 'A'.repeat(43) }
  const clock = { now: new Date(START) }
  const gateway = buildGateway(
    sqlStore(recording(db, recorded), () => clock.now),
    config,
    { adapters, chance: { now: () => clock.now, ids } },
  )
  const app = await createApp(gateway)
  const client = new Database(file)
  try {
    for (let n = 0; n < SAMPLE; n++) {
      current.phone = n
      clock.now = new Date(START + n * 10)
      await gateway.devices.register(phone(app, n))
      if (n % 3 === 0) await gateway.tags.change({ app, externalId: phone(app, n).externalId, changes: TAGS })
    }
    clock.now = new Date(START + 30 * 60_000)
    for (const [at, devices] of steps.entries()) {
      fill(client, Math.max(SAMPLE, steps[at - 1] ?? 0), devices)
      client.pragma('wal_checkpoint(TRUNCATE)')
      say(`\n${devices.toLocaleString('en')} devices`)
      sizes(client, devices, say)
      // From here on, new devices have numbers beyond all existing ones.
      current.phone = 1e11 + devices
      await timings({ client, gateway, app, devices, recorded, current, say })
    }
  } finally {
    client.close()
    await db.close()
  }
}

const TAGS = [
  { name: 'Level', do: 'set', as: [{ type: 'number', value: 3 }] },
  { name: 'Name', do: 'set', as: [{ type: 'string', value: 'Ann' }] },
] as const

async function createApp(gateway: Gateway): Promise<DialectApp> {
  const setup = { identifier: 'one', names: ['one'], options: {}, secrets: [] }
  await gateway.directory.createApp({ name: 'scale', dialects: new Map([['one', setup]]) })
  const app = await gateway.apps.find('one', 'one')
  if (!app) throw new Error('no app')
  return app
}

function recording(db: Db, recorded: Call[]): Db {
  return {
    read(plan) {
      recorded.push(...plan)
      return db.read(plan)
    },
    commit(plan, options) {
      recorded.push(...plan)
      return db.commit(plan, options)
    },
  }
}

function sizes(client: Database.Database, devices: number, say: (line: string) => void): void {
  const rows = client
    .prepare('SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name ORDER BY bytes DESC')
    .all() as { name: string; bytes: number }[]
  const whole = rows.reduce((sum, { bytes }) => sum + bytes, 0)
  say(`  ${Math.round(whole / devices)} bytes per device, ${(whole / 1e6).toFixed(1)} MB in all, of which:`)
  for (const { name, bytes } of rows.filter((row) => row.bytes > whole / 100)) {
    say(`    ${String(Math.round(bytes / devices)).padStart(5)}  ${name}`)
  }
}

interface Timing {
  readonly client: Database.Database
  readonly gateway: Gateway
  readonly app: DialectApp
  readonly devices: number
  readonly recorded: Call[]
  readonly current: { phone: number }
  readonly say: (line: string) => void
}

/** The time of each query, and the parts of its plan that scan a table or sort. */
async function timings({ client, gateway, app, devices, recorded, current, say }: Timing): Promise<void> {
  for (const { name, run } of queriesOf(gateway, app, devices)) {
    recorded.length = 0
    const from = performance.now()
    await run(0)
    const once = performance.now() - from
    const walks = new Set(
      [...new Set(recorded.map(({ statement }) => statement.text))].flatMap((text) => walked(client, text)),
    )
    // A slow query needs no more precise measurement.
    const each = once > 200 ? once : await average(run, current)
    say(`  ${each.toFixed(3).padStart(10)} ms  ${name.padEnd(36)} ${[...walks].join('; ')}`.trimEnd())
  }
}

async function average(run: (n: number) => Promise<unknown>, current: { phone: number }): Promise<number> {
  const from = performance.now()
  await Promise.all(
    Array.from({ length: RUNS }, (_, n) => {
      current.phone++
      return run(n + 1)
    }),
  )
  return (performance.now() - from) / RUNS
}

function walked(client: Database.Database, text: string): string[] {
  const values = [...text.matchAll(/\?/g)].map(() => null)
  const steps = client.prepare(`EXPLAIN QUERY PLAN ${text}`).all(values) as { detail: string }[]
  return steps
    .map(({ detail }) => detail)
    .filter(
      (detail) => /^SCAN |TEMP B-TREE/.test(detail) && !/VIRTUAL TABLE|^SCAN (CONSTANT|\()/.test(detail),
    )
}
