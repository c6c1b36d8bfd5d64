import type { DialectApp } from '../../src/domain/app.ts'
import type { Db } from '../../src/store/sql/port.ts'
import { echoDialect } from '../fixtures/echo-dialect/index.ts'
import { createHarness, type Harness } from '../harness/harness.ts'

export const ENOUGH = { milliseconds: 60_000, steps: 1000 }

const dialect = { ...echoDialect, capabilities: { webhooks: { body: () => ({}) } } }

/** An app in the smallest dialect with webhooks, and a view of every plan that is written. */
export async function open(
  around?: (commit: () => Promise<unknown>, size: number) => Promise<void>,
  through?: (real: Db) => Db,
) {
  const watched = (real: Db): Db => ({
    ...real,
    async commit(plan, options) {
      if (!around) return real.commit(plan, options)
      let results: unknown
      await around(async () => {
        results = await real.commit(plan, options)
      }, plan.length)
      return results as Awaited<ReturnType<typeof real.commit<typeof plan>>>
    },
  })
  const h = await createHarness({ adapters: [dialect], db: through ?? watched })
  const code = crypto.randomUUID()
  const created = await h.createApp({ echo: { code } })
  return { h, code, id: created.id, app: await find(h, code) }
}

export async function find(h: Harness, code: string): Promise<DialectApp> {
  const app = await h.gateway.apps.find('echo', code)
  if (!app) throw new Error('no app')
  return app
}

const POLICY = { maxLength: 64, refused: [], limit: 100, automatic: [], ids: false }

export const register = (h: Harness, app: DialectApp, externalId: string, user?: string, more: object = {}) =>
  h.gateway.devices.register({
    app,
    externalId,
    identity: 'key',
    platform: 'android',
    pushToken: { provider: 'fcm', token: `own token of ${externalId}` },
    ...(user !== undefined && { patch: { user: { id: user, proved: false } } }),
    policy: POLICY,
    cause: 'test',
    ...more,
  })

export const externalIds = async (h: Harness, appId: string, query = ''): Promise<string[]> => {
  const found: string[] = []
  let cursor = ''
  for (;;) {
    const page = await (await h.admin('GET', `/apps/${appId}/devices?limit=100${query}${cursor}`)).json<{
      devices: { externalId: string }[]
      nextCursor?: string
    }>()
    found.push(...page.devices.map((one) => one.externalId))
    if (page.nextCursor === undefined) return found.sort()
    cursor = `&cursor=${page.nextCursor}`
  }
}
