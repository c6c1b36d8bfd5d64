import { beforeAll, describe, expect, test } from 'vitest'
import type { Call } from '../../../src/store/sql/port.ts'
import { call, statement } from '../../../src/store/sql/statement.ts'
import { sql, value } from '../../../src/store/sql/template.ts'
import { createHarness } from '../../harness/harness.ts'
import { openWorkspace, people, type Workspace } from './kit.ts'

/**
 * Two workspaces, one four times as large as the other; a third of each belongs to another dialect, a tenth
 * has no token.
 */
const FEW = 6000
const MANY = 4 * FEW
const PERSON = 'somebody'

const numbers = sql`WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < CAST(${value('count')} AS INTEGER))`
const tokens = statement(sql`
  INSERT INTO push_tokens (id, app_id, provider, digest, token, environment, keys, state, state_reason, state_at, dialects, created_at, registered_at)
  ${numbers} SELECT ${value('app')} || printf('-t-%08d', i), ${value('app')}, 'fcm', unhex(printf('%032d', i)), printf('token-%08d', i), 'unknown', NULL,
    'live', NULL, 0, '[]', 0, 0 FROM n`)
// Several in one millisecond, so that the order of ids matters.
const devices = statement(sql`
  INSERT INTO devices (id, app_id, dialect, external_id, platform, push_token_id, user_id, user_proved, enabled, superseded_at, expires_at,
    name, model, os_version, app_version, sdk_version, language, timezone, details, created_at, updated_at, last_seen_at)
  ${numbers} SELECT ${value('app')} || printf('-d-%08d', i), ${value('app')}, CASE i % 3 WHEN 0 THEN 'other' ELSE 'flameup' END,
    printf('token-%08d', i), CASE i % 2 WHEN 0 THEN 'ios' ELSE 'android' END,
    CASE i % 10 WHEN 0 THEN NULL ELSE ${value('app')} || printf('-t-%08d', i) END, ${value('person')}, 0, 1,
    NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, '{}', 1000 + i / CAST(${value('together')} AS INTEGER), 1000, 1000 FROM n`)

let reads: Call[] = []
/** A workspace whose devices were all created in one millisecond. */
const AT_ONCE = FEW - 1
const workspaces = new Map<number, Workspace>()

beforeAll(async () => {
  const h = await createHarness({
    db: (real) => ({
      ...real,
      read: (plan) => {
        reads.push(...plan)
        return real.read(plan)
      },
    }),
  })
  for (const count of [FEW, MANY, AT_ONCE]) {
    const w = await openWorkspace({ harness: h })
    const values = { app: w.appId, count, person: PERSON, together: count === AT_ONCE ? count : 7 }
    await h.db.commit([call(tokens, values), call(devices, values)])
    workspaces.set(count, w)
  }
})

/** The answer, and the most rows that each of its statements reads. */
async function listed(count: number, path: (w: Workspace) => string) {
  const w = workspaces.get(count)
  if (!w) throw new Error('no workspace')
  await w.call('GET', `${people('nobody')}`)
  reads = []
  const answer = await w.call('GET', path(w))
  expect(answer.status).toBe(200)
  const scans = reads.flatMap(({ values }) => (typeof values.scan === 'number' ? [values.scan] : []))
  const { devices, total } = answer.json as { devices: { id: string; is_active: boolean }[]; total?: number }
  return { devices, total, scans }
}
const workspace = (query: string) => (w: Workspace) => `/api/v1/workspaces/${w.workspaceId}/devices${query}`
const person = (query: string) => () => `${people(PERSON)}${query}`

describe('a list of many devices (A5, hostile F7)', () => {
  test.each([
    ['the last page', (of: number) => workspace(`?offset=${(of / 3) * 2 - 5}`), 5],
    ['what nothing meets', () => workspace('?platform=web'), 0],
    ['inactive ones', () => workspace('?is_active=false&limit=100'), 100],
    ['past the end', () => workspace('?offset=99999999'), 0],
    ['one person’s last page', (of: number) => person(`?offset=${(of / 3) * 2 - 5}`), 5],
    ['one person’s inactive ones', () => person('?is_active=false&limit=100'), 100],
  ])('is read in steps that cost the same, however many there are: %s', async (_, path, found) => {
    const [few, many] = [await listed(FEW, path(FEW)), await listed(MANY, path(MANY))]
    expect([few.devices.length, many.devices.length]).toEqual([found, found])
    for (const { scans } of [few, many]) expect(Math.max(...scans)).toBeLessThanOrEqual(4000)
    expect(many.scans.length).toBeLessThanOrEqual(4 * few.scans.length + 6)
  })

  test('of which the first page is shown costs one short step', async () => {
    for (const count of [FEW, MANY]) {
      const { devices, scans } = await listed(count, workspace('?is_active=true'))
      expect(devices).toHaveLength(50)
      expect(Math.max(...scans)).toBe(500)
      expect(scans.length).toBeLessThanOrEqual(3)
    }
  })

  test('pages through all of it in one order, none twice, and counts them', async () => {
    const all = FEW - FEW / 3
    const ids: string[] = []
    for (let offset = 0; offset < all; offset += 100) {
      const { devices, total } = await listed(FEW, person(`?limit=100&offset=${offset}`))
      expect(total).toBe(all)
      ids.push(...devices.map(({ id }) => id))
    }
    expect(new Set(ids).size).toBe(all)
    // Newest first, then by id: seven in a row have the same time.
    const group = (id: string) => Math.floor(Number(id.slice(-8)) / 7)
    const sorted = [...ids].sort((a, b) => group(b) - group(a) || (a < b ? -1 : 1))
    expect(ids).toEqual(sorted)
  })

  test.each([
    ['of the workspace', workspace],
    ['of a person', person],
  ])('%s has each once, by id, where all were made in one millisecond (issue 8)', async (_, list) => {
    const ids: string[] = []
    for (let offset = 0; offset < 4000; offset += 97) {
      const { devices, scans } = await listed(AT_ONCE, list(`?limit=97&offset=${offset}`))
      expect(Math.max(...scans)).toBeLessThanOrEqual(4000)
      ids.push(...devices.map(({ id }) => id))
    }
    expect(ids).toHaveLength(AT_ONCE - FEW / 3)
    expect(ids).toEqual([...new Set(ids)].sort())
  })
})
