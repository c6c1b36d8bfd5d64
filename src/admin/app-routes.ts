import { Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { check, parse } from '../wire/check.ts'
import type { AppDocuments } from './documents.ts'
import { appId, list, readDocument } from './request.ts'
import { ChangeApp, CreateApp, PageQuery } from './schema.ts'

/** Apps and the dialects they speak. */
export function appRoutes(documents: AppDocuments): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()

  routes.post('/apps', async (c) => {
    const request = parse(CreateApp, await readDocument(c))
    const { setups, generated } = documents.plan(request.dialects)
    const app = await c.var.gateway.directory.createApp({ ...request, dialects: setups })
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

  routes.patch('/apps/:app', async (c) => {
    const { dialects = {}, ...request } = parse(ChangeApp, await readDocument(c))
    const known = await c.var.gateway.directory.app(appId(c))
    const { setups, generated } = documents.plan(dialects, known)
    const app = await c.var.gateway.directory.changeApp(known.id, { ...request, dialects: setups })
    return c.json(documents.present(app, generated))
  })

  routes.delete('/apps/:app', async (c) => {
    await c.var.gateway.directory.removeApp(appId(c))
    return c.body(null, 204)
  })

  return routes
}
