import { Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { check } from '../wire/check.ts'
import { presentReceipt, presentStats } from './present.ts'
import { appId, list } from './request.ts'
import { ReceiptListQuery, TopicListQuery } from './schema.ts'

/** Topics, reports about messages, and counts. */
export function reportRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()

  routes.get('/apps/:app/topics', check('query', TopicListQuery), async (c) => {
    const { limit, cursor } = c.req.valid('query')
    const app = await c.var.gateway.directory.app(appId(c))
    const page = await c.var.gateway.directory.topics(app.id, { after: cursor ?? '', limit })
    return c.json(list('topics', page, (topic) => topic))
  })

  routes.get('/apps/:app/receipts', check('query', ReceiptListQuery), async (c) => {
    const { limit, cursor, device, message } = c.req.valid('query')
    const app = await c.var.gateway.directory.app(appId(c))
    const filter = { ...(device && { deviceId: device }), ...(message && { messageId: message }) }
    const page = await c.var.gateway.directory.receipts(app.id, filter, { after: cursor ?? null, limit })
    return c.json(list('receipts', page, presentReceipt))
  })

  routes.get('/apps/:app/stats', async (c) => {
    const app = await c.var.gateway.directory.app(appId(c))
    return c.json(presentStats(await c.var.gateway.directory.stats(app.id)))
  })

  return routes
}
