import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../adapter.ts'
import type { AppRecord, DialectSetup } from '../domain/app.ts'
import { GatewayError } from '../domain/error.ts'
import type { ReadinessReport } from '../domain/readiness-report.ts'
import type { Counting, Curves, ReadinessQuery } from '../gateway/readiness.ts'
import { check, invalidAt } from '../wire/check.ts'
import { presentCurves, presentReadiness, presentRecord } from './present-readiness.ts'
import { PAGE_POLICY, recordPage } from './readiness-page.ts'
import { appId, body, by, next } from './request.ts'
import { CURSORS, pageQuery } from './schema.ts'

const since = z.iso
  .datetime({ offset: true })
  .or(z.iso.date())
  .transform((text) => new Date(text))
  .refine((at) => at.getTime() >= 0, 'must not be before 1970')

const DAYS = 'must be a whole number from 1 to 400'
const activeDays = z
  .string()
  .regex(/^[0-9]{1,3}$/, DAYS)
  .transform(Number)
  .refine((days) => days >= 1 && days <= 400, DAYS)
  .default(30)

const SHARES = 'must be up to 10 numbers between 0 and 1, separated by commas'
const isShare = (text: string) => /^0?\.[0-9]{1,9}$/.test(text) && Number(text) > 0
const targets = z
  .string()
  .max(200)
  .transform((text) => text.split(',').map((one) => one.trim()))
  .refine((shares) => shares.length <= 10 && shares.every(isShare), SHARES)
  .transform((shares) => shares.map(Number))
  .default([0.9, 0.95, 0.99])

const dialect = z.string().min(1).max(100)
const CurvesQuery = z.strictObject({ dialect: dialect.optional(), since: since.optional(), activeDays })
const ReportQuery = CurvesQuery.extend({ targets })
const SignOff = z.strictObject({
  dialect,
  since: since.optional(),
  activeDays: z.int().min(1, DAYS).max(400, DAYS).default(30),
  note: z.string().trim().min(1).max(2000).optional(),
})
const TARGETS = [0.9, 0.95, 0.99]
const RecordQuery = pageQuery(CURSORS.readinessRecords)

/** `Retry-After` in seconds while a count runs in the background. */
const RETRY = '2'

/** Routes for the progress of a move from a vendor. */
export const readinessRoutes = () =>
  new Hono<AppEnv>()
    .get('/apps/:app/readiness', check('query', ReportQuery), async (c) => {
      const { dialect, ...query } = c.req.valid('query')
      const app = await c.var.gateway.directory.app(appId(c))
      if (dialect !== undefined) {
        const found = await reported(c, app, spoken(app, dialect), query)
        if ('counting' in found) return counting(c, dialect, found.counting)
        return c.json(presentReadiness({ app: app.id, dialect }, found.report))
      }
      const shown: ReturnType<typeof presentReadiness>[] = []
      const open: string[] = []
      for (const setup of app.dialects) {
        const found = await reported(c, app, setup, { ...query, dialects: app.dialects.length })
        if ('counting' in found) open.push(setup.dialect)
        else shown.push(presentReadiness({ app: app.id, dialect: setup.dialect }, found.report))
      }
      return c.json({ dialects: shown, counting: open })
    })

    .get('/apps/:app/readiness/curves', check('query', CurvesQuery), async (c) => {
      const { dialect, ...query } = c.req.valid('query')
      const app = await c.var.gateway.directory.app(appId(c))
      if (dialect === undefined) throw invalidAt('dialect', 'is required')
      const found = await reported(c, app, spoken(app, dialect), { ...query, targets: TARGETS })
      if ('counting' in found) return counting(c, dialect, found.counting)
      return c.json(presentCurves(dialect, found.report, found.curves))
    })

    .post('/apps/:app/readiness/sign-off', body(SignOff), async (c) => {
      const { dialect, note = null, ...query } = c.req.valid('json')
      const app = await c.var.gateway.directory.app(appId(c))
      const found = await reported(c, app, spoken(app, dialect), { ...query, targets: TARGETS })
      if ('counting' in found) return counting(c, dialect, found.counting)
      const document = JSON.stringify(presentReadiness({ app: app.id, dialect }, found.report))
      const { readiness } = c.var.gateway
      const record = await readiness.sign({ appId: app.id, dialect }, { document, note }, by(c))
      return c.json(presentRecord(record ?? unspoken()), 201)
    })

    .get('/apps/:app/readiness/records', check('query', RecordQuery), async (c) => {
      const { limit, cursor } = c.req.valid('query')
      const app = await c.var.gateway.directory.app(appId(c))
      const page = await c.var.gateway.readiness.records(app.id, { after: cursor ?? null, limit })
      return c.json({ records: page.items.map(presentRecord), ...next(page, CURSORS.readinessRecords) })
    })

    .get('/apps/:app/readiness/records/:record', async (c) => {
      const { record } = await kept(c, c.req.param('record'))
      return c.json(presentRecord(record))
    })

    .get('/apps/:app/readiness/records/:record/page', async (c) => {
      const { app, record } = await kept(c, c.req.param('record'))
      c.header('Content-Security-Policy', PAGE_POLICY)
      return c.html(recordPage(presentRecord(record), app.name))
    })

type Found = { readonly report: ReadinessReport; readonly curves: Curves } | { readonly counting: Counting }

const reported = (
  c: Context<AppEnv>,
  app: AppRecord,
  of: DialectSetup,
  query: ReadinessQuery,
): Promise<Found> => c.var.gateway.readiness.report(app.id, of, query)

function counting(c: Context<AppEnv>, dialect: string, { devices }: Counting) {
  c.header('Retry-After', RETRY)
  return c.json({ dialect, devices }, 202)
}

const unspoken = (): never => {
  throw invalidAt('dialect', 'the app does not speak it')
}
const spoken = (app: AppRecord, dialect: string): DialectSetup =>
  app.dialects.find((one) => one.dialect === dialect) ?? unspoken()

async function kept(c: Context<AppEnv>, id: string) {
  const app = await c.var.gateway.directory.app(appId(c))
  const record = await c.var.gateway.readiness.record(app.id, id)
  if (!record) throw new GatewayError('not_found', 'The app has no record with this id.')
  return { app, record }
}
