import { Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../adapter.ts'
import { PROVIDERS } from '../domain/push-token.ts'
import { readJson } from '../wire/body.ts'
import { parse } from '../wire/check.ts'
import { presentFeedback } from './present.ts'
import { appId, body, requireJson } from './request.ts'

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

/** A list of rows, or a document with one: a bulk body. The app is recorded for the log even if the body is invalid. */
const rows = body(z.union([Rows, Document]), async (c) => {
  appId(c)
  requireJson(c)
  const document = await readJson(c, c.get('limits').bulkBytes)
  return Array.isArray(document) ? parse(Rows, document) : parse(Document, document)
})

/** Routes for senders' feedback about push tokens. */
export const feedbackRoutes = () =>
  new Hono<AppEnv>().post('/apps/:app/feedback', rows, async (c) => {
    const body = c.req.valid('json')
    const app = await c.var.gateway.directory.app(appId(c))
    const { feedback } = c.var.gateway
    const reports = 'rows' in body ? body.rows : body
    return c.json(presentFeedback(await feedback.report(app.id, reports, c.var.requestId)))
  })
