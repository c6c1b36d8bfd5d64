import Database from 'better-sqlite3'
import { adapters } from '../../adapters/index.ts'
import { configured } from '../../src/adapter.ts'
import { buildGateway, buildSending } from '../../src/build.ts'
import { parseConfig } from '../../src/config.ts'
import { sqlStore } from '../../src/store/sql/store.ts'
import { openNodeDb } from '../../src/store/sqlite/node.ts'
import { WRITER } from '../../test/harness/runtime.node.ts'
import { MASTER_KEY } from '../kit/gateway.ts'
import { median } from '../kit/numbers.ts'
import { MIGRATIONS } from '../kit/paths.ts'
import type { Filled } from './fill.ts'

/**
 * Phones per second that are looked up and written into pages, and the rate of only reading the same rows in
 * the same order.
 */
export interface Planned {
  readonly ours: number
  readonly bare: number
}

/** Rows per read, as in the planner. */
const STEP = 2000
const BY = { actor: 'bench', cause: 'bench' }

/** Plans a message to everybody in each round, alternated with the plain read. */
export async function planning(file: string, crowd: Filled, rounds: number): Promise<Planned> {
  const [ours, bare]: [number[], number[]] = [[], []]
  for (let round = 0; round < rounds; round++) {
    bare.push(crowd.phones / bareRead(file, crowd))
    ours.push(crowd.phones / (await planOnce(file, crowd)))
  }
  return { ours: median(ours), bare: median(bare) }
}

async function planOnce(file: string, { app }: Filled): Promise<number> {
  // With the writer in its own thread, as the product has it.
  const db = openNodeDb(file, MIGRATIONS, { writer: WRITER })
  const config = { ...parseConfig({ ALLOW_PRIVATE_TARGETS: 'on' }, adapters), masterKey: MASTER_KEY }
  const store = sqlStore(db, () => new Date())
  const options = { adapters: configured(adapters, config) }
  const gateway = buildGateway(store, config, options)
  const sending = buildSending(store, config, options)
  const { id } = await gateway.messages.send(
    app,
    { message: { body: 'Hello' }, audience: { to: { all: true } } },
    BY,
  )
  const from = performance.now()
  while (await sending.plan());
  const seconds = (performance.now() - from) / 1000
  await gateway.messages.stop(app, id, BY, false)
  await sending.stop()
  await db.close()
  // Removed, because the next process that opens the file would send the pages.
  const client = new Database(file)
  for (const table of ['send_pages', 'send_counts', 'sends']) client.exec(`DELETE FROM ${table}`)
  client.close()
  return seconds
}

function bareRead(file: string, { app }: Filled): number {
  const client = new Database(file)
  client.pragma('cache_size = -65536')
  const read = client.prepare(`
    SELECT d.id, p.id AS token, p.provider, d.platform, d.timezone, d.details
    FROM devices d CROSS JOIN push_tokens p
    WHERE d.app_id = ? AND d.dialect = 'pusher-beams' AND d.id > ? AND p.id = d.push_token_id
    ORDER BY d.id LIMIT ${STEP}`)
  const from = performance.now()
  for (let after: string | undefined = ''; after !== undefined; ) {
    const rows = read.all(app, after) as { id: string }[]
    after = rows.at(-1)?.id
  }
  const seconds = (performance.now() - from) / 1000
  client.close()
  return seconds
}
