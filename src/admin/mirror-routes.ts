import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { mirrorOf } from '../domain/mirror.ts'
import { SEVERITIES } from '../domain/mirror-report.ts'
import { check } from '../wire/check.ts'
import { presentDiff, presentSignature, presentSummary } from './present-mirrors.ts'
import { appId, body, by, next } from './request.ts'
import { CURSORS, pageQuery } from './schema.ts'

const DiffQuery = pageQuery(CURSORS.diffs).extend({
  route: z.string().min(1).max(200).optional(),
  signature: z.string().min(1).max(100).optional(),
  severity: z.enum(SEVERITIES, `must be one of ${SEVERITIES.join(', ')}`).optional(),
})

const Verdict = z.strictObject({
  accepted: z.boolean(),
  note: z.string().max(500).nullable().optional(),
})

/** Routes for reports about mirrors. */
export const mirrorRoutes = () =>
  new Hono<AppEnv>()
    .get('/apps/:app/mirror/:dialect/summary', async (c) => {
      const { scope, mirror } = await mirrored(c)
      const summary = await c.var.gateway.mirrors.reports.summary(scope, mirror)
      return c.json(presentSummary({ dialect: scope.dialect, mirror, ...summary }))
    })

    .get('/apps/:app/mirror/:dialect/diffs', check('query', DiffQuery), async (c) => {
      const { limit, cursor, ...filter } = c.req.valid('query')
      const { scope } = await mirrored(c)
      const page = await c.var.gateway.mirrors.reports.diffs(scope, filter, { after: cursor ?? null, limit })
      return c.json({ diffs: page.items.map(presentDiff), ...next(page, CURSORS.diffs) })
    })

    .post('/apps/:app/mirror/:dialect/signatures/:signature', body(Verdict), async (c) => {
      const { accepted, note = null } = c.req.valid('json')
      const { scope } = await mirrored(c)
      const { reports } = c.var.gateway.mirrors
      const found = await reports.accept(scope, c.req.param('signature'), { accepted, note }, by(c))
      if (!found) throw new GatewayError('not_found', 'There is no difference with this signature.')
      return c.json(presentSignature(found))
    })

/** The dialect in the path, which the app must speak, with its mirror if it has one. */
async function mirrored(c: Context<AppEnv>) {
  const app = await c.var.gateway.directory.app(appId(c))
  const dialect = c.req.param('dialect') ?? ''
  const setup = app.dialects.find((one) => one.dialect === dialect)
  if (!setup) throw new GatewayError('not_found', 'The app does not speak this dialect.')
  return { scope: { appId: app.id, dialect }, mirror: mirrorOf(setup) }
}
