import { Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { check } from '../wire/check.ts'
import { presentReceipt, presentStats, presentTopic } from './present.ts'
import { appId, next } from './request.ts'
import { CURSORS, ReceiptListQuery, TopicListQuery } from './schema.ts'

/** Routes for topics, message reports and statistics. */
export const reportRoutes = () =>
  new Hono<AppEnv>()
    .get('/apps/:app/topics', check('query', TopicListQuery), async (c) => {
      const { limit, cursor } = c.req.valid('query')
      const app = await c.var.gateway.directory.app(appId(c))
      const page = await c.var.gateway.directory.topics(app.id, { after: cursor ?? null, limit })
      return c.json({ topics: page.items.map(presentTopic), ...next(page, CURSORS.topics) })
    })

    .get('/apps/:app/receipts', check('query', ReceiptListQuery), async (c) => {
      const { limit, cursor, device, message } = c.req.valid('query')
      const app = await c.var.gateway.directory.app(appId(c))
      const filter = { ...(device && { deviceId: device }), ...(message && { messageId: message }) }
      const page = await c.var.gateway.directory.receipts(app.id, filter, { after: cursor ?? null, limit })
      return c.json({ receipts: page.items.map(presentReceipt), ...next(page, CURSORS.receipts) })
    })

    .get('/apps/:app/stats', async (c) => {
      const app = await c.var.gateway.directory.app(appId(c))
      return c.json(presentStats(await c.var.gateway.directory.stats(app.id)))
    })
