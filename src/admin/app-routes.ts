import { Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { check, parse } from '../wire/check.ts'
import type { AppDocuments } from './documents.ts'
import { appId, by, list, readDocument } from './request.ts'
import { ChangeApp, CreateApp, DryRunQuery, PageQuery } from './schema.ts'

/** Apps and the dialects they speak. */
export function appRoutes(documents: AppDocuments): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()

  routes.post('/apps', async (c) => {
    const request = parse(CreateApp, await readDocument(c))
    const { setups, generated } = documents.plan(request.dialects)
    const app = await c.var.gateway.directory.createApp({ ...request, dialects: setups }, by(c))
    c.header('Location', `${c.var.outside.base}/admin/v1/apps/${app.id}`)
    return c.json(documents.present(app, generated), 201)
  })

  routes.get('/apps', check('query', PageQuery), async (c) => {
    const { limit, cursor } = c.req.valid('query')
    const page = await c.var.gateway.directory.apps({ limit, cursor: cursor ?? null })
    return c.json(list('apps', page, (app) => documents.present(app)))
  })

  routes.get('/apps/:app', async (c) => {
    const app = await c.var.gateway.directory.app(appId(c))
    return c.json(documents.present(app))
  })

  routes.patch('/apps/:app', check('query', DryRunQuery), async (c) => {
    const { dialects = {}, ...request } = parse(ChangeApp, await readDocument(c))
    const known = await c.var.gateway.directory.app(appId(c))
    const { setups, generated } = documents.plan(dialects, known)
    if (c.req.valid('query').dryRun) {
      const spoken = known.dialects.map(({ dialect }) => dialect)
      const dropped = spoken.filter((dialect) => setups.get(dialect) === null)
      return c.json({ would: await c.var.gateway.directory.appCounts(known.id, dropped) })
    }
    const app = await c.var.gateway.directory.changeApp(known.id, { ...request, dialects: setups }, by(c))
    return c.json(documents.present(app, generated))
  })

  routes.delete('/apps/:app', check('query', DryRunQuery), async (c) => {
    const { directory } = c.var.gateway
    if (c.req.valid('query').dryRun) {
      const { id } = await directory.app(appId(c))
      return c.json({ would: { apps: 1, ...(await directory.appCounts(id)) } })
    }
    await directory.removeApp(appId(c), by(c))
    return c.body(null, 204)
  })

  return routes
}
