import { Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { check } from '../wire/check.ts'
import { presentProvider } from './present.ts'
import { appId, by, rawBody } from './request.ts'
import { DryRunQuery } from './schema.ts'
import { PutProvider } from './schema-providers.ts'

/** Routes for an app's credentials for push services. */
export const providerRoutes = () =>
  new Hono<AppEnv>()
    .get('/apps/:app/providers', async (c) => {
      const providers = await c.var.gateway.providers.list(appId(c))
      return c.json({ providers: providers.map((one) => presentProvider(one, c.var.now())) })
    })

    .get('/apps/:app/providers/:kind', async (c) => {
      const provider = await c.var.gateway.providers.find(appId(c), c.req.param('kind'))
      return c.json(presentProvider(provider, c.var.now()))
    })

    .put('/apps/:app/providers/:kind', rawBody(PutProvider), async (c) => {
      const document = c.req.valid('json')
      const { providers } = c.var.gateway
      const { created, provider } = await providers.put(appId(c), c.req.param('kind'), document, by(c))
      return c.json(presentProvider(provider, c.var.now()), created ? 201 : 200)
    })

    .post('/apps/:app/providers/:kind/probe', async (c) => {
      const { providers } = c.var.gateway
      const [app, kind] = [appId(c), c.req.param('kind')]
      await providers.find(app, kind)
      await providers.probe(app, kind)
      return c.json(presentProvider(await providers.find(app, kind), c.var.now()))
    })

    .delete('/apps/:app/providers/:kind', check('query', DryRunQuery), async (c) => {
      const { providers } = c.var.gateway
      const [app, kind] = [appId(c), c.req.param('kind')]
      if (c.req.valid('query').dryRun) {
        await providers.find(app, kind)
        return c.json({ would: { providers: 1 } })
      }
      await providers.remove(app, kind, by(c))
      return c.body(null, 204)
    })
