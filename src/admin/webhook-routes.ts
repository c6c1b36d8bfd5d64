import { Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import type { WebhookState } from '../domain/webhook.ts'
import { appId } from './request.ts'

const present = ({ createdAt, updatedAt, restingUntil, ...state }: WebhookState, now: Date) => ({
  ...state,
  restingUntil: restingUntil > now ? restingUntil.toISOString() : null,
  createdAt: createdAt.toISOString(),
  updatedAt: updatedAt.toISOString(),
})

/** The webhooks that an app's back end set up in its dialects: how their receivers do, and the secret of one. */
export function webhookRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()

  routes.get('/apps/:app/webhooks', async (c) => {
    const app = await c.var.gateway.directory.app(appId(c))
    const webhooks = await c.var.gateway.webhooks.states(app.id)
    return c.json({ webhooks: webhooks.map((one) => present(one, c.var.now())) })
  })

  routes.get('/apps/:app/webhooks/:webhook', async (c) => {
    const app = await c.var.gateway.directory.app(appId(c))
    const webhook = await c.var.gateway.webhooks.reveal(app.id, c.req.param('webhook'))
    if (!webhook) throw new GatewayError('not_found', 'There is no such webhook.')
    return c.json(present(webhook, c.var.now()))
  })

  return routes
}
