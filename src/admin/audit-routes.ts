import { Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { check } from '../wire/check.ts'
import { presentEntry } from './present.ts'
import { next } from './request.ts'
import { AuditQuery, CURSORS } from './schema.ts'

/** Routes for the audit trail. */
export const auditRoutes = () =>
  new Hono<AppEnv>().get('/audit', check('query', AuditQuery), async (c) => {
    const { limit, cursor, app } = c.req.valid('query')
    const page = await c.var.gateway.directory.audit({ after: cursor ?? null, limit }, app ?? null)
    return c.json({ entries: page.items.map(presentEntry), ...next(page, CURSORS.audit) })
  })
