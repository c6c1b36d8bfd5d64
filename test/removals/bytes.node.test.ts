import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openNodeDb } from '../../src/store/sqlite/node.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { createHarness } from '../harness/harness.ts'
import { ENOUGH, find, register } from './kit.ts'

/** How often a text occurs in the files of a store: the database, its log and other files beside them. */
const occurrences = (folder: string, text: string): number =>
  readdirSync(folder).reduce(
    (sum, file) => sum + readFileSync(join(folder, file), 'latin1').split(text).length - 1,
    0,
  )

test('hostile F11: of an erased user nothing is left in the bytes of the files, the log included', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'pushport-bytes-'))
  const db = openNodeDb(join(folder, 'store.db'), 'schema/migrations')
  const h = await createHarness({ adapters: [echoDialect], db: () => db })
  const code = crypto.randomUUID()
  const { id } = await h.createApp({ echo: { code } })
  const app = await find(h, code)
  const mark = `mark${crypto.randomUUID().slice(0, 8)}`
  // Among other rows, so that pages are constantly split, filled and merged.
  for (let n = 0; n < 600; n++) {
    const own = n % 7 === 0
    const text = own ? mark : `other${n % 50}`
    await register(h, app, `${text}-device-${n}`, `${text}-user`, {
      pushToken: { provider: 'fcm', token: `${text}-token-${n}`.padEnd(150, 'x') },
      tags: [{ name: 'Name', do: 'set', as: [{ type: 'string', value: `${text}-value-${n}` }] }],
      topics: { names: [`${text}-topic-${n % 5}`, 'news'], when: 'always' },
    })
    await h.gateway.receipts.record({
      app,
      externalId: `${text}-device-${n}`,
      messageId: `message-${n}`,
      kind: 'opened',
      details: { userId: `${text}-user` },
    })
    // A changed token and a changed name: former values count, too.
    if (n % 3 === 0) {
      await register(h, app, `${text}-device-${n}`, undefined, {
        pushToken: { provider: 'fcm', token: `${text}-next-${n}` },
        patch: { name: `${text}-name-${n}`.padEnd(100, 'y') },
      })
    }
  }
  expect(occurrences(folder, mark)).toBeGreaterThan(300)
  expect((await h.admin('DELETE', `/apps/${id}/users/${mark}-user`)).status).toBe(204)
  await h.gateway.maintenance.run(ENOUGH)
  expect(occurrences(folder, mark)).toBe(0)
  expect(occurrences(folder, 'other5-device')).toBeGreaterThan(0)
  await db.close()
})
