import { Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { parse } from '../wire/check.ts'
import type { AppDocuments } from './documents.ts'
import { presentCredential } from './present.ts'
import { appId, readDocument } from './request.ts'
import { CreateCredential } from './schema.ts'

/** The secrets of an app. */
export function credentialRoutes(documents: AppDocuments): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()

  routes.get('/apps/:app/credentials', async (c) => {
    const credentials = await c.var.gateway.directory.credentials(appId(c))
    return c.json({ credentials: credentials.map((one) => presentCredential(one)) })
  })

  routes.post('/apps/:app/credentials', async (c) => {
    const { dialect, ...request } = parse(CreateCredential, await readDocument(c))
    const plan = documents.secret(dialect, request)
    const credential = await c.var.gateway.directory.addCredential(appId(c), dialect, plan)
    return c.json(presentCredential(credential, plan.generated ? plan.secret : undefined), 201)
  })

  routes.delete('/apps/:app/credentials/:credential', async (c) => {
    await c.var.gateway.directory.app(appId(c))
    const removed = await c.var.gateway.directory.removeCredential(appId(c), c.req.param('credential'))
    if (!removed) throw new GatewayError('not_found', 'The app has no credential with this id.')
    return c.body(null, 204)
  })

  return routes
}
