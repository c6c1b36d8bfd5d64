import { Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { check } from '../wire/check.ts'
import type { AppDocuments } from './documents.ts'
import { presentCredential } from './present.ts'
import { appId, body, by } from './request.ts'
import { CreateCredential, CredentialQuery } from './schema.ts'

/** Routes for an app's credentials. */
export const credentialRoutes = (documents: AppDocuments) =>
  new Hono<AppEnv>()
    .get('/apps/:app/credentials', async (c) => {
      const credentials = await c.var.gateway.directory.credentials(appId(c))
      return c.json({ credentials: credentials.map((one) => presentCredential(one)) })
    })

    .post('/apps/:app/credentials', body(CreateCredential), async (c) => {
      const { dialect, ...request } = c.req.valid('json')
      const plan = documents.secret(dialect, request)
      const credential = await c.var.gateway.directory.addCredential(appId(c), dialect, plan, by(c))
      return c.json(presentCredential(credential, plan.generated ? plan.secret : undefined), 201)
    })

    .delete('/apps/:app/credentials/:credential', check('query', CredentialQuery), async (c) => {
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
