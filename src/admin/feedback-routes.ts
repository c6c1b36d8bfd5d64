import { Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../adapter.ts'
import { PROVIDERS } from '../domain/push-token.ts'
import { readText } from '../wire/body.ts'
import { parse } from '../wire/check.ts'
import { parseJson } from '../wire/json.ts'
import { appId, requireJson } from './request.ts'

const Row = z
  .strictObject({
    token: z.string().min(1).max(8192).optional(),
    device: z.string().min(1).max(200).optional(),
    provider: z.enum(PROVIDERS).optional(),
    outcome: z.enum(['dead', 'delivered']),
    at: z.iso
      .datetime({ offset: true })
      .transform((text) => new Date(text))
      .optional(),
    reason: z.string().max(500).optional(),
  })
  .refine(({ token, device }) => (token === undefined) !== (device === undefined), {
    path: ['token'],
    message: 'either token or device is required',
  })
const Rows = z.array(Row).max(1000, 'holds at most 1000 rows')
const Document = z.strictObject({ rows: Rows })

/** What whoever sends learns of push tokens. */
export function feedbackRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()

  routes.post('/apps/:app/feedback', async (c) => {
    const id = appId(c)
    requireJson(c)
    const { bulkBytes, jsonDepth } = c.get('limits')
    const document = parseJson(await readText(c, bulkBytes), jsonDepth)
    const rows = Array.isArray(document) ? parse(Rows, document) : parse(Document, document).rows
    const app = await c.var.gateway.directory.app(id)
    return c.json(await c.var.gateway.feedback.report(app.id, rows, c.var.requestId))
  })

  return routes
}
