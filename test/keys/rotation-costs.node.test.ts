import { expect, test } from 'vitest'
import { openOwnDb } from '#runtime'
import { buildGateway } from '../../src/build.ts'
import { parseConfig } from '../../src/config.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { appId, rowIds } from '../../src/store/row-ids.ts'
import type { Db } from '../../src/store/sql/port.ts'
import { sqlStore } from '../../src/store/sql/store.ts'

const BY = { actor: 'test', cause: 'test' }
const COUNTS = [100, 400] as const
/** Values that are examined in one step. */
const PIECE = 50

/** The database, with counts of the rows that it returns and of the values that it is given. */
function metered(db: Db) {
  const meter = { answered: 0, calls: 0 }
  const counted = <Rows extends readonly (readonly unknown[])[]>(rows: Rows): Rows => {
    meter.answered += rows.reduce((sum, { length }) => sum + length, 0)
    meter.calls += rows.length
    return rows
  }
  const own: Db = {
    ...db,
    read: async (plan) => counted(await db.read(plan)),
    commit: async (plan, options) => counted(await db.commit(plan, options)),
  }
  return { db: own, meter }
}

function gatewayOver(db: Db, masterKey: string, previous?: string): Gateway {
  const clock = () => new Date('2026-11-25T12:00:00.000Z')
  const config = { ...parseConfig({ ...(previous && { MASTER_KEY_PREVIOUS: previous }) }), masterKey }
  const ids = { row: rowIds(), app: appId, secret: () => crypto.randomUUID() }
  return buildGateway(sqlStore(db, clock), config, { adapters: [], chance: { now: clock, ids } })
}

/** The steps of a rotation over so many encrypted values, and the most that one of them does. */
async function rotated(count: number) {
  const { db, meter } = metered(await openOwnDb())
  const [old, fresh] = ['a', 'b'].map((byte) => btoa(byte.repeat(32)))
  if (!old || !fresh) throw new Error('no keys')
  const before = gatewayOver(db, old)
  const draft = { name: 'hook', url: 'https://hooks.example/', kinds: null, from: 'latest' } as const
  for (let at = 0; at < count; at++) {
    const app = await before.directory.createApp({ name: `${at}`, settings: {}, dialects: new Map() })
    await before.feedHooks.create(app, draft, BY)
  }
  const gateway = gatewayOver(db, fresh, old)
  const most = { answered: 0, calls: 0 }
  let steps = 0
  for (let more = true; more; steps++) {
    Object.assign(meter, { answered: 0, calls: 0 })
    more = await gateway.keys.step()
    most.answered = Math.max(most.answered, meter.answered)
    most.calls = Math.max(most.calls, meter.calls)
  }
  const state = await gateway.keys.state()
  expect(state).toMatchObject({ state: 'completed', failed: 0 })
  expect(state.resealed).toBeGreaterThanOrEqual(count)
  return { steps, most, done: state.done }
}

test('a change of the master key takes steps by how much is encrypted, and none of them does more for it', async () => {
  const [few, many] = [await rotated(COUNTS[0]), await rotated(COUNTS[1])]
  expect(many.done).toBeGreaterThanOrEqual(4 * COUNTS[0])
  // A column that ends within a batch costs one more step, however large it is.
  const columns = few.steps - Math.floor(few.done / PIECE)
  expect(many.steps).toBeLessThanOrEqual(Math.ceil(many.done / PIECE) + columns + 1)
  expect(many.steps).toBeGreaterThan(few.steps)
  expect(few.most.answered).toBeLessThanOrEqual(PIECE + 5)
  expect(many.most).toEqual(few.most)
})
