import { Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { check, parse } from '../wire/check.ts'
import type { AppDocuments } from './documents.ts'
import { presentCredential } from './present.ts'
import { appId, by, readDocument } from './request.ts'
import { CreateCredential, CredentialQuery } from './schema.ts'

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
    const credential = await c.var.gateway.directory.addCredential(appId(c), dialect, plan, by(c))
    return c.json(presentCredential(credential, plan.generated ? plan.secret : undefined), 201)
  })

  routes.delete('/apps/:app/credentials/:credential', check('query', CredentialQuery), async (c) => {
    const { dryRun, force } = c.req.valid('query')
    const { directory } = c.var.gateway
    const [app, id] = [await directory.app(appId(c)), c.req.param('credential')]
    if (dryRun) {
      await directory.checkCredentialRemoval(app.id, id, force)
      return c.json({ would: { credentials: 1 } })
    }
    await directory.removeCredential(app.id, id, force, by(c))
    return c.body(null, 204)
  })

  return routes
}
