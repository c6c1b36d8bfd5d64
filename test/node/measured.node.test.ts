import { expect, test } from 'vitest'
import { openDb } from '#runtime'
import type { Meter } from '../../src/domain/meter.ts'
import type { Tracer } from '../../src/domain/tracer.ts'
import { measured } from '../../src/node/metrics/measured.ts'
import { tracedDb } from '../../src/node/telemetry/traced.ts'
import type { CommitOptions, Db } from '../../src/store/sql/port.ts'

const meter: Meter = { request() {}, happened() {}, lookedUp() {}, stored() {}, grouped() {} }
const tracer: Tracer = {
  request: (_, work) => work(),
  plan: (_, __, work) => work(),
  call: (_, work) => work({}),
}

test.each([
  ['timed', (db: Db) => measured(db, meter)],
  ['traced', (db: Db) => tracedDb(tracer, db)],
] as const)('a database that is %s still knows which plans may be repeated', async (_, wrap) => {
  const asked: (CommitOptions | undefined)[] = []
  const real = await openDb()
  const db = wrap({
    ...real,
    commit(plan, options) {
      asked.push(options)
      return real.commit(plan, options)
    },
  })
  await db.commit([], { repeatable: true })
  await db.commit([])
  expect(asked).toEqual([{ repeatable: true }, undefined])
})
