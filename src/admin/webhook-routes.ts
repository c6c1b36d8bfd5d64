import { Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { presentRevealed, presentWebhook } from './present.ts'
import { appId } from './request.ts'

/** Routes for an app's webhooks in all dialects: the state of their receivers, and the secret of one. */
export const webhookRoutes = () =>
  new Hono<AppEnv>()
    .get('/apps/:app/webhooks', async (c) => {
      const app = await c.var.gateway.directory.app(appId(c))
      const webhooks = await c.var.gateway.webhooks.states(app.id)
      return c.json({ webhooks: webhooks.map((one) => presentWebhook(one, c.var.now())) })
    })

    .get('/apps/:app/webhooks/:webhook', async (c) => {
      const app = await c.var.gateway.directory.app(appId(c))
      const webhook = await c.var.gateway.webhooks.reveal(app.id, c.req.param('webhook'))
      if (!webhook) throw new GatewayError('not_found', 'There is no such webhook.')
      return c.json(presentRevealed(webhook, c.var.now()))
    })
