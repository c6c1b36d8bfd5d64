import fc from 'fast-check'
import { expect, test } from 'vitest'
import { runtimeName } from '#runtime'
import { ConstraintViolated, type Db } from '../../src/store/sql/port.ts'
import { statement } from '../../src/store/sql/statement.ts'
import { insertFresh } from '../../src/store/sql/statements/import-fresh.ts'
import { sql, value } from '../../src/store/sql/template.ts'
import { createOffice, fcm, type Office } from './kit.ts'

/** A run on D1 costs a round trip to another process per step. */
const RUNS = runtimeName === 'better-sqlite3' ? 80 : 6
const DIALECTS = ['pushwoosh', 'mobilefirst', 'backendless', 'flameup'] as const

const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined, freq: 2 })
const name = fc.constantFrom('news', 'sport')
const time = fc.constantFrom('2026-11-01T00:00:00Z', '2026-11-20T00:00:00Z')
const row = fc.record({
  dialect: fc.constantFrom('pushwoosh', 'pushwoosh', ...DIALECTS),
  externalId: fc.option(fc.integer({ min: 0, max: 12 }), { nil: null, freq: 6 }),
  token: fc.option(fc.integer({ min: 0, max: 12 }), { nil: null, freq: 6 }),
  platform: fc.constantFrom('android', 'android', 'android', 'ios', 'nokia'),
  userId: maybe(fc.constantFrom('anna', 'bob')),
  tags: maybe(fc.dictionary(name, fc.constantFrom(7, 2.5, '7', 'größer', true, ['a']), { maxKeys: 2 })),
  topics: maybe(fc.array(name, { maxLength: 2 })),
  subscriptionId: maybe(fc.integer({ min: 0, max: 3 })),
  enabled: maybe(fc.boolean()),
  model: maybe(fc.constantFrom('Pixel', 'Galaxy')),
  lastSeenAt: maybe(time),
  createdAt: maybe(fc.constantFrom('2025-03-01T00:00:00Z', 'yesterday')),
  asOf: maybe(time),
})
type Row = typeof row extends fc.Arbitrary<infer One> ? One : never

const rows = fc.array(row, { minLength: 1, maxLength: 24, size: 'max' })
const step = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constant('import' as const), rows, each: fc.constantFrom(3, 8, 50) }),
  },
  fc.record({
    do: fc.constantFrom('register' as const, 'unregister' as const, 'tag' as const),
    id: fc.nat({ max: 5 }),
    token: fc.nat({ max: 5 }),
    as: fc.constantFrom({ type: 'string', value: 'x' }, { type: 'price', value: 1.5 }),
  }),
  fc.record({ do: fc.constant('erase' as const), user: fc.constantFrom('anna', 'bob') }),
)
type Step = typeof step extends fc.Arbitrary<infer One> ? One : never

const line = ({ externalId, token, platform, topics, subscriptionId, ...rest }: Row, part: string): string =>
  `${JSON.stringify({
    ...rest,
    platform,
    externalId: externalId === null ? null : `device ${externalId}`,
    token:
      token === null ? null : platform === 'ios' ? `${'a'.repeat(62)}${token + 10}` : fcm(`token${token}`),
    topics,
    ...(subscriptionId !== undefined && { subscriptionIds: { news: `${part} ${subscriptionId}` } }),
  })}\n`

const ofDevice = sql`JOIN devices d ON d.app_id = ${value('app')}`
/** All tables that an import may write, by the vendor's ids instead of our own. */
const tables = [
  sql`SELECT d.*, p.provider, p.token, p.environment, p.keys, p.state, p.state_at, p.state_reason, p.dialects, p.created_at AS token_created_at, p.registered_at
    FROM devices d LEFT JOIN push_tokens p ON p.id = d.push_token_id WHERE d.app_id = ${value('app')}`,
  sql`SELECT t.token, t.state, t.provider FROM push_tokens t WHERE t.app_id = ${value('app')}`,
  sql`SELECT d.dialect, d.external_id, g.name, g.type, g.value, g.updated_at FROM tags g ${ofDevice} AND d.id = g.device_id`,
  sql`SELECT dialect, name, type, source FROM tag_types WHERE app_id = ${value('app')}`,
  sql`SELECT d.dialect, d.external_id, s.topic, s.id AS drawn, s.automatic, s.created_at FROM subscriptions s ${ofDevice} AND d.number = s.device`,
  sql`SELECT dialect, name FROM catalogue WHERE app_id = ${value('app')}`,
  sql`SELECT d.dialect, d.external_id, m.mark FROM import_marks m ${ofDevice} AND d.number = m.device`,
  sql`SELECT d.dialect, d.external_id, e.kind, e.detail, e.at FROM events e ${ofDevice} AND d.id = e.device_id`,
  sql`SELECT kind, name, amount FROM counters WHERE app_id = ${value('app')} AND amount <> 0`,
].map((one) => statement(one as never))

/** Columns with values that have no further meaning. */
const DRAWN = new Set(['number', 'id', 'app_id', 'updated_by', 'push_token_id', 'pushTokenId', 'mark'])
const said = (of: object): string =>
  JSON.stringify(of, (key, one) =>
    DRAWN.has(key)
      ? null
      : key === 'detail'
        ? JSON.parse(one)
        : key === 'drawn' && /^[0-9a-f]{32}$/.test(one)
          ? 'random'
          : one instanceof Uint8Array || one instanceof ArrayBuffer
            ? [...new Uint8Array(one as ArrayBuffer)]
            : one,
  )
    .replaceAll(/import:[0-9a-f-]{36}/g, 'import:')
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'drawn')

async function stored({ h, app }: Office): Promise<readonly (readonly string[])[]> {
  const results = await h.db.read(tables.map((one) => ({ statement: one, values: { app } })))
  return results.map((found) => found.map((one) => said(one as object)).sort())
}

async function live(office: Office, one: Exclude<Step, { do: 'import' | 'erase' }>): Promise<void> {
  const { gateway } = office.h
  const record = await gateway.directory.app(office.app)
  const setup = record.dialects.find(({ dialect }) => dialect === 'pushwoosh')
  if (!setup) throw new Error('no dialect')
  const ref = {
    app: { ...setup, app: record, credentials: [] },
    externalId: `device ${one.id}`,
    cause: 'test',
  }
  if (one.do === 'unregister') return void (await gateway.devices.unregister(ref))
  await gateway.devices.register({
    ...ref,
    identity: 'key',
    platform: 'android',
    ...(one.do === 'register' && { pushToken: { provider: 'fcm', token: fcm(`token${one.token}`) } }),
    tags: one.do === 'tag' ? [{ name: 'news', do: 'set', as: [one.as] }] : [],
  })
}

/** The data that the steps leave in a separate app, and each import's outcomes. */
async function outcome(steps: readonly Step[], part: string, db: (real: Db) => Db) {
  const office = await createOffice(Object.fromEntries(DIALECTS.map((one) => [one, {}])), { db })
  const told: unknown[] = []
  for (const one of steps) {
    office.h.clock.advance(60_000)
    if (one.do === 'erase') await office.h.gateway.directory.eraseUser(office.app, one.user)
    else if (one.do !== 'import') await live(office, one)
    else {
      const file = one.rows.map((each) => line(each, part)).join('')
      const { outcomes, reasons, warnings, state, id } = await office.import('format=ndjson', file, {
        rows: one.each,
      })
      const errors = await office.errors(id, 'warnings=true')
      told.push({ outcomes, reasons, warnings, state, errors })
    }
  }
  return { told, stored: await stored(office) }
}

const plain = { userId: undefined, topics: undefined, subscriptionId: undefined, enabled: undefined }
const said20 = { platform: 'android', model: undefined, createdAt: undefined, asOf: '2026-11-20T00:00:00Z' }
const known = (
  externalId: number | null,
  token: number | null,
  tags: Row['tags'],
  lastSeenAt: Row['lastSeenAt'],
) => ({ ...plain, ...said20, dialect: 'pushwoosh', externalId, token, tags, lastSeenAt }) as Row

/** A new device between two known ones, the first of which is too old to define the tag's type. */
const BETWEEN: readonly Step[] = [
  { do: 'tag', id: 3, token: 4, as: { type: 'price', value: 1.5 } },
  { do: 'import', each: 3, rows: [known(9, 4, undefined, '2026-11-20T00:00:00Z')] },
  {
    ...{ do: 'import', each: 50 },
    rows: [
      known(9, null, { sport: 7 }, '2026-11-01T00:00:00Z'),
      known(null, 0, { sport: true }, '2026-11-20T00:00:00Z'),
      known(3, 4, { sport: ['a'] }, '2026-11-20T00:00:00Z'),
    ],
  },
]

/** Makes every short plan fail, as a unique index does that finds one of the rows. */
const longWay = (real: Db): Db => ({
  ...real,
  commit: (plan, options) =>
    plan.some((one) => one.statement === insertFresh)
      ? Promise.reject(new ConstraintViolated('known'))
      : real.commit(plan, options),
})

test(`an import leaves the same in the short way and row by row, ${RUNS} times`, async () => {
  let short = 0
  const counting = (real: Db): Db => ({
    ...real,
    async commit(plan, options) {
      const done = await real.commit(plan, options)
      if (plan.some((one) => one.statement === insertFresh)) short++
      return done
    },
  })
  let run = 0
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
      // Ids of subscriptions are unique in the whole store, so each run and each way has its own.
      const part = `s${run++}`
      const expected = await outcome(steps, `${part}a`, longWay)
      const made = await outcome(steps, `${part}b`, counting)
      const alike = (of: unknown) =>
        JSON.stringify(of, null, 1).replaceAll(new RegExp(`${part}[ab] `, 'g'), 's ')
      expect(alike(made)).toBe(alike(expected))
    }),
    { numRuns: RUNS, endOnFailure: true, examples: [[[...BETWEEN]]], seed: 20261129 },
  )
  expect(short).toBeGreaterThan(RUNS)
}, 600_000)

test('two devices whose file names one subscription id keep their topics both', async () => {
  const office = await createOffice({ backendless: {} })
  const rows = [1, 2].map((at) => {
    const ids = { subscriptionIds: { news: `shared-${office.app}` } }
    return JSON.stringify({
      ...ids,
      externalId: `d${at}`,
      platform: 'android',
      token: fcm(`t${at}`),
      topics: ['news'],
    })
  })
  const done = await office.import('format=ndjson&dialect=backendless', rows.join('\n'))
  expect(done).toMatchObject({ state: 'completed', outcomes: { created: 2 } })
  const { devices } = await (await office.h.admin('GET', `/apps/${office.app}/devices`)).json<{
    devices: { topics: string[] }[]
  }>()
  expect(devices.map(({ topics }) => topics)).toEqual([['news'], ['news']])
})
