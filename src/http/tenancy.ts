import type { Context, MiddlewareHandler } from 'hono'
import type { Adapter, AppEnv, Identity, Tenancy, Tenant } from '../adapter.ts'
import type { RateLimit } from '../limits/rate-limit.ts'
import { closeBody } from '../wire/body.ts'
import { masked } from '../wire/refused.ts'

/**
 * The only place that determines the app of a dialect's request: identifies and finds it, counts the request
 * against the app's limit, and records both for the log and the list of refusals.
 */
export const tenancy =
  (adapter: Adapter, perApp: RateLimit): MiddlewareHandler<AppEnv> =>
  async (c, next) => {
    const tenant = createTenancy(c, adapter, perApp)
    c.set('tenant', tenant)
    await next()
    if (c.get('notes').refused.length > 0) c.get('notes').identifier = await tenant.shown()
  }

interface OwnTenancy extends Tenancy {
  /**
   * The identifier for the log, masked. It is the app's own if the request only had a token, and undefined if
   * it had neither.
   */
  shown(): Promise<string | undefined>
}

function createTenancy(c: Context<AppEnv>, adapter: Adapter, perApp: RateLimit): OwnTenancy {
  let identity: Promise<Identity | null> | undefined
  let looked: Promise<Tenant | null> | undefined
  let found: Promise<Tenant | null> | undefined
  let known: Tenant['app'] | undefined

  const identified = () => {
    identity ??= (async () => adapter.identify(c))()
    return identity
  }

  async function enter(app: Tenant['app']): Promise<void> {
    if (known?.app.id === app.app.id) return
    known = app
    c.get('notes').app = app.app.id
    await perApp.consume(app.app.id)
  }

  const look = () => {
    looked ??= (async () => {
      const by = (await identified())?.by
      return by ? lookUp(c, adapter.name, by) : null
    })()
    return looked
  }

  async function entered(): Promise<Tenant | null> {
    const tenant = await look()
    if (tenant) await enter(tenant.app)
    return tenant
  }

  return {
    enter,
    peek: () =>
      look().then(
        (tenant) => tenant?.app ?? null,
        () => null,
      ),
    find() {
      found ??= entered()
      return found
    },
    async shown() {
      // The answer is complete, so a body that was not needed for it is not read for the log.
      closeBody(c)
      const { sent = known?.identifier, credential } = (await identified().catch(() => null)) ?? {}
      const shown = (known && credential) || sent
      return shown === undefined ? undefined : masked(shown)
    },
  }
}

async function lookUp(
  c: Context<AppEnv>,
  dialect: string,
  by: NonNullable<Identity['by']>,
): Promise<Tenant | null> {
  const { apps } = c.get('gateway')
  if ('secret' in by) return apps.findBySecret(dialect, by.secret)
  const app = await apps.find(dialect, by.name)
  return app && { app, credential: null }
}
