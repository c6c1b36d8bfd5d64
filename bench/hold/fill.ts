import type { DialectApp } from '../../src/domain/app.ts'
import type { DialectTable } from '../../test/edge/round-trips/table.ts'
import type { AppDocument, Harness } from '../../test/harness/harness.ts'

/** The user of a quarter of the phones. */
export const USER = 'user-of-many'
const AT_ONCE = 500

export const tokenOf = (n: number) => `${String(n).padStart(12, '0')}:${'APA91b'.repeat(25)}`

/**
 * Registers phones in all dialects: a quarter of them have one user; each has three topics, and every third
 * has two tags.
 */
export async function fill(
  h: Harness,
  app: AppDocument,
  tables: readonly DialectTable[],
  devices: number,
): Promise<void> {
  const apps: DialectApp[] = []
  for (const { adapter } of tables) {
    const shown = app.dialects[adapter.name] ?? {}
    const identifier =
      adapter.bases.length > 0 ? Object.values(shown).find((value) => typeof value === 'string') : ''
    const found = await h.gateway.apps.find(adapter.name, String(identifier))
    if (!found) throw new Error(`${adapter.name}: no app ${identifier}`)
    apps.push(found)
  }
  const policy = { maxLength: 164, refused: [], limit: 5000, automatic: [], ids: true }
  const one = async (n: number) => {
    const [dialectApp = apps[0]] = [apps[n % apps.length]]
    if (!dialectApp) throw new Error('no dialect')
    const device = { app: dialectApp, externalId: `hold-${String(n).padStart(7, '0')}` }
    await h.gateway.devices.register({
      ...device,
      identity: 'key',
      platform: 'android',
      pushToken: { provider: 'fcm', token: tokenOf(n) },
      patch: {
        osVersion: '14',
        appVersion: '1.0.0',
        model: 'Pixel 8',
        user: { id: n % 4 === 0 ? USER : `user-${n}`, proved: false },
      },
      topics: { names: ['news', `city-${n % 500}`, `club-${Math.floor(n / 10)}`], when: 'created' },
      policy,
      cause: `hold-${n}`,
    })
    if (n % 3 > 0) return
    const changes = [{ name: 'Level', do: 'set', as: [{ type: 'number', value: n % 50 }] }] as const
    await h.gateway.tags.change({ ...device, changes })
  }
  for (let from = 0; from < devices; from += AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(AT_ONCE, devices - from) }, (_, at) => one(from + at)))
  }
}
