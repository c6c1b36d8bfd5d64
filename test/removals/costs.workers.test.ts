import { env } from 'cloudflare:workers'
import { expect, test } from 'vitest'
import type { DialectApp } from '../../src/domain/app.ts'
import { openD1 } from '../../src/store/sqlite/d1.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { createHarness, type Harness } from '../harness/harness.ts'
import { ENOUGH } from './kit.ts'
import { putMany } from './many.ts'

/**
 * The most rows of the D1 database that one plan read. Reads outside plans have their own limits and tests.
 */
function metered(d1: D1Database) {
  const meter = { most: 0 }
  const handle = {
    prepare: (text: string) => d1.prepare(text),
    async batch(statements: D1PreparedStatement[]) {
      const results = await d1.batch(statements)
      const rows = results.reduce((sum, { meta }) => sum + (meta.rows_read ?? 0), 0)
      if (results.some(({ meta }) => (meta.rows_written ?? 0) > 0)) meter.most = Math.max(meter.most, rows)
      return results
    },
  }
  // The driver calls only these two.
  return { meter, d1: handle as unknown as D1Database }
}

const { meter, d1 } = metered((env as { DB: D1Database }).DB)

const REMOVALS: Readonly<Record<string, (h: Harness, app: DialectApp) => Promise<unknown>>> = {
  'erasing a user': (h, { app }) => h.admin('DELETE', `/apps/${app.id}/users/guest`),
  "removing a user's devices in one dialect": (h, app) =>
    h.gateway.users.removeDevices({ app, userId: 'guest', cause: 'test' }),
  'taking a dialect away': (h, { app }) => h.admin('PATCH', `/apps/${app.id}`, { dialects: { echo: null } }),
  'deleting an app': (h, { app }) => h.admin('DELETE', `/apps/${app.id}`),
}

async function mostRead(count: number, remove: (h: Harness, app: DialectApp) => Promise<unknown>) {
  const h = await createHarness({ db: () => openD1(d1), adapters: [echoDialect] })
  const { dialects } = await h.createApp({ echo: {} })
  const app = await h.gateway.apps.find('echo', String(dialects.echo?.code))
  if (!app) throw new Error('no app')
  await putMany(h, app, count, 'guest')
  meter.most = 0
  await remove(h, app)
  await h.gateway.maintenance.run(ENOUGH)
  return meter.most
}

test.each(Object.entries(REMOVALS))(
  'no plan reads more rows for four times the devices: %s',
  async (_, remove) => {
    const [few, many] = [await mostRead(800, remove), await mostRead(3200, remove)]
    expect(few).toBeGreaterThan(500)
    expect(many).toBeLessThan(few * 1.2)
  },
)
