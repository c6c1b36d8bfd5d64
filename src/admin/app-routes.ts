import { Hono } from 'hono'
import type { Adapter, AppEnv } from '../adapter.ts'
import { check } from '../wire/check.ts'
import type { AppDocuments } from './documents.ts'
import { requireForeign } from './mirrors.ts'
import { appId, body, by, next } from './request.ts'
import { AppListQuery, ChangeApp, CreateApp, CURSORS, DryRunQuery } from './schema.ts'

/** Routes for apps and their dialects. */
export const appRoutes = (documents: AppDocuments, adapters: readonly Adapter[]) =>
  new Hono<AppEnv>()
    .post('/apps', body(CreateApp), async (c) => {
      const request = c.req.valid('json')
      const { setups, generated } = documents.plan(request.dialects)
      await requireForeign(c, adapters, setups)
      const app = await c.var.gateway.directory.createApp({ ...request, dialects: setups }, by(c))
      c.header('Location', `${c.var.outside.base}/admin/v1/apps/${app.id}`)
      return c.json(documents.present(app, generated), 201)
    })

    .get('/apps', check('query', AppListQuery), async (c) => {
      const { limit, cursor } = c.req.valid('query')
      const page = await c.var.gateway.directory.apps({ after: cursor ?? null, limit })
      return c.json({ apps: page.items.map((app) => documents.present(app)), ...next(page, CURSORS.apps) })
    })

    .get('/apps/:app', async (c) => {
      const app = await c.var.gateway.directory.app(appId(c))
      return c.json(documents.present(app))
    })

    .patch('/apps/:app', check('query', DryRunQuery), body(ChangeApp), async (c) => {
      const { dialects = {}, ...request } = c.req.valid('json')
      const known = await c.var.gateway.directory.app(appId(c))
      const { setups, generated } = documents.plan(dialects, known)
      await requireForeign(c, adapters, setups)
      if (c.req.valid('query').dryRun) {
        const spoken = known.dialects.map(({ dialect }) => dialect)
        const dropped = spoken.filter((dialect) => setups.get(dialect) === null)
        return c.json({ would: await c.var.gateway.directory.appCounts(known.id, dropped) })
      }
      const app = await c.var.gateway.directory.changeApp(known.id, { ...request, dialects: setups }, by(c))
      return c.json(documents.present(app, generated))
    })

    .delete('/apps/:app', check('query', DryRunQuery), async (c) => {
      const { directory } = c.var.gateway
      if (c.req.valid('query').dryRun) {
        const { id } = await directory.app(appId(c))
        return c.json({ would: { apps: 1, ...(await directory.appCounts(id)) } })
      }
      await directory.removeApp(appId(c), by(c))
      return c.body(null, 204)
    })
