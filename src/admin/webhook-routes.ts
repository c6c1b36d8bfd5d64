import { type Context, Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { check, invalidAt } from '../wire/check.ts'
import { presentRevealed, presentWebhook } from './present.ts'
import { deliveryRef, presentDelivery, presentFeedWebhook } from './present-feed.ts'
import { appId, body, by, next } from './request.ts'
import { CURSORS } from './schema.ts'
import { ChangeWebhook, CreateWebhook, DeliveryQuery, ReplayWebhook } from './schema-webhooks.ts'

function unknownWebhook(): never {
  throw new GatewayError('not_found', 'There is no such webhook.')
}

/** Checks only the text of the URL; the resolved address is checked on every call. */
function requireAllowed(c: Context<AppEnv>, url: string | undefined): void {
  if (url !== undefined && !c.var.services.outbound.allows(new URL(url)))
    throw invalidAt('url', 'leads to a private address')
}

/** Routes for an app's webhooks: receivers of its feed, and webhooks that its back ends set up in dialects. */
export const webhookRoutes = () =>
  new Hono<AppEnv>()
    .get('/apps/:app/webhooks', async (c) => {
      const app = await c.var.gateway.directory.app(appId(c))
      const [webhooks, feed] = await Promise.all([
        c.var.gateway.webhooks.states(app.id),
        c.var.gateway.feedHooks.list(app.id),
      ])
      const now = c.var.now()
      return c.json({
        webhooks: webhooks.map((one) => presentWebhook(one, now)),
        feed: feed.map((one) => presentFeedWebhook(one, now)),
      })
    })

    .post('/apps/:app/webhooks', body(CreateWebhook), async (c) => {
      const app = await c.var.gateway.directory.app(appId(c))
      const { events: kinds, after: from, ...draft } = c.req.valid('json')
      requireAllowed(c, draft.url)
      const { secret, ...hook } = await c.var.gateway.feedHooks.create(app, { ...draft, kinds, from }, by(c))
      return c.json({ ...presentFeedWebhook(hook, c.var.now()), secret }, 201)
    })

    .get('/apps/:app/webhooks/:webhook', async (c) => {
      const app = await c.var.gateway.directory.app(appId(c))
      const id = c.req.param('webhook')
      const { feedHooks, webhooks } = c.var.gateway
      const [hook, secret] = await Promise.all([feedHooks.find(app.id, id), feedHooks.secret(app.id, id)])
      if (hook && secret !== null) return c.json({ ...presentFeedWebhook(hook, c.var.now()), secret })
      const webhook = await webhooks.reveal(app.id, id)
      return c.json(presentRevealed(webhook ?? unknownWebhook(), c.var.now()))
    })

    .patch('/apps/:app/webhooks/:webhook', body(ChangeWebhook), async (c) => {
      const app = await c.var.gateway.directory.app(appId(c))
      const { url, events: kinds, paused: stopped } = c.req.valid('json')
      requireAllowed(c, url)
      const patch = { url, kinds, stopped }
      const hook = await c.var.gateway.feedHooks.change(app.id, c.req.param('webhook'), patch, by(c))
      return c.json(presentFeedWebhook(hook ?? unknownWebhook(), c.var.now()))
    })

    .delete('/apps/:app/webhooks/:webhook', async (c) => {
      const app = await c.var.gateway.directory.app(appId(c))
      const known = await c.var.gateway.feedHooks.remove(app.id, c.req.param('webhook'), by(c))
      if (!known) unknownWebhook()
      return c.body(null, 204)
    })

    .post('/apps/:app/webhooks/:webhook/replay', body(ReplayWebhook), async (c) => {
      const app = await c.var.gateway.directory.app(appId(c))
      const { after, since } = c.req.valid('json')
      const from = since ?? after ?? 'start'
      const hook = await c.var.gateway.feedHooks.replay(app, c.req.param('webhook'), from, by(c))
      return c.json(presentFeedWebhook(hook ?? unknownWebhook(), c.var.now()))
    })

    .get('/apps/:app/webhooks/:webhook/deliveries', check('query', DeliveryQuery), async (c) => {
      const { state, limit, cursor } = c.req.valid('query')
      const { hook } = await found(c)
      const page = await c.var.gateway.feedHooks.deliveries(hook.id, state === 'dead', {
        after: cursor ?? null,
        limit,
      })
      return c.json({ deliveries: page.items.map(presentDelivery), ...next(page, CURSORS.deliveries) })
    })

    .post('/apps/:app/webhooks/:webhook/deliveries/:delivery/replay', async (c) => {
      const { app, hook } = await found(c)
      const of = deliveryRef(c.req.param('delivery'))
      const known = of && (await c.var.gateway.feedHooks.retry(app, hook.id, of, by(c)))
      if (!known)
        throw new GatewayError(
          'not_found',
          'There is no such dead delivery, or it concerns more than one device: replay the webhook from its position instead.',
        )
      return c.body(null, 204)
    })

async function found(c: Context<AppEnv>) {
  const app = await c.var.gateway.directory.app(appId(c))
  const hook = await c.var.gateway.feedHooks.find(app.id, c.req.param('webhook') ?? '')
  return { app: app.id, hook: hook ?? unknownWebhook() }
}
