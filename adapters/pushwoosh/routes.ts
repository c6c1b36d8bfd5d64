import { type Context, Hono } from 'hono'
import type { AppEnv } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { readJsonObject } from '../../src/wire/body.ts'
import { guarded } from '../../src/wire/credentials.ts'
import type { CrossOrigin } from '../../src/wire/cross-origin.ts'
import { enter } from '../../src/wire/enter.ts'
import { tried } from '../../src/wire/refused.ts'
import { bulkRow, MOST_ROWS, presentJob } from './bulk.ts'
import { AUDIENCE_BASE, argument } from './errors.ts'
import { deviceMethods } from './methods/devices.ts'
import { emailMethods } from './methods/email.ts'
import { eventMethods } from './methods/events.ts'
import { multiMethods } from './methods/multi.ts'
import { startupMethods } from './methods/startup.ts'
import { tagMethods } from './methods/tags.ts'
import { userMethods } from './methods/users.ts'
import { API_TOKEN, DIALECT, isStrict } from './provisioning.ts'
import { isObject, type Json, type Method } from './request.ts'

type Request = Context<AppEnv>

const JSON_BASE = '/json/1.3'
const DEVICE_BASE = '/api/v2/device-api'
export const BASES = [JSON_BASE, AUDIENCE_BASE, DEVICE_BASE] as const

/** Section 12: with a token the web SDK sends credentials, for which `*` is not enough. */
export const CROSS_ORIGIN: CrossOrigin = {
  credentials: true,
  allowMethods: ['POST'],
  allowHeaders: ['Authorization', 'Content-Type'],
  maxAge: 86_400,
}

const METHODS: Readonly<Record<string, Method>> = {
  ...deviceMethods,
  ...emailMethods,
  ...tagMethods,
  ...userMethods,
  ...eventMethods,
  ...startupMethods,
  ...multiMethods,
}

/** Every method of the contract's sections 4 and 5, and the Audience API's bulk registration. */
export function pushwooshRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()

  for (const [name, method] of Object.entries(METHODS)) {
    const path = `${JSON_BASE}/${name}`
    const unwrapped = name === 'setMADID'
    for (const at of unwrapped ? [path, `${DEVICE_BASE}/${name}`] : [path]) {
      routes.post(at, (c) => answer(c, method, unwrapped))
      routes.all(at, () => wrongVerb())
    }
  }

  routes.post(`${AUDIENCE_BASE}/bulkRegisterDevice`, (c) => bulkRegister(c))
  routes.all(`${AUDIENCE_BASE}/bulkRegisterDevice`, () => wrongVerb())
  routes.get(`${AUDIENCE_BASE}/bulkRegisterDevice/:job`, async (c) => {
    const { jobs } = c.var.gateway
    const job = await jobs.find(DIALECT, c.req.param('job'))
    if (!job) throw new GatewayError('not_found', 'not found')
    const detailed = c.req.query('detailed') === 'true'
    return c.json(presentJob(job, detailed ? await jobs.results(job.id) : undefined))
  })
  return routes
}

function wrongVerb(): never {
  throw new GatewayError('method_not_allowed', 'Method not allowed')
}

/** SDKs send the JSON under any content type (section 1, #3). */
async function answer(c: Request, method: Method, unwrapped: boolean): Promise<Response> {
  const request = requestOf(await readJsonObject(c), unwrapped)
  const app = await application(c, request)
  if (isStrict(app)) requireToken(c, app)
  const response = await method({ c, gateway: c.var.gateway, app, request })
  return c.json({ status_code: 200, status_message: 'OK', response })
}

function requestOf(body: Json, unwrapped: boolean): Json {
  if (isObject(body.request)) return body.request
  if (unwrapped && body.request === undefined) return body
  throw new GatewayError('bad_body', 'The body has no request object.')
}

/** One check for every method (section 14): a missing code is as good as an unknown one. */
async function application(c: Request, { application: code }: Json): Promise<DialectApp> {
  if (typeof code === 'string') tried(c, code)
  const app = typeof code === 'string' && code !== '' ? await c.var.gateway.apps.find(DIALECT, code) : null
  if (!app) throw new GatewayError('app_unknown', 'Application not found')
  await enter(c, app)
  return app
}

/** What SDKs write without a configured token (section 1, #7) is none. Unlimited, as all that SDKs call. */
function requireToken(c: Request, app: DialectApp): void {
  const presented = /^token +(.*)$/i.exec(c.req.header('authorization') ?? '')?.[1]?.trim() ?? ''
  if (presented === '' || presented === 'null' || presented === '(null)') {
    throw new GatewayError('unauthorized', 'Authorization: Token is required')
  }
  const match = c.var.gateway.apps.verify(app, [API_TOKEN], presented)
  if (!match) throw new GatewayError('unauthorized', 'The API token is wrong')
}

/** Answered before the first row is registered (section 10). */
async function bulkRegister(c: Request): Promise<Response> {
  const body = await readJsonObject(c, c.var.limits.bulkBytes)
  const { auth, devices } = body
  if (!Array.isArray(devices)) throw new GatewayError('bad_body', 'devices must be an array')
  const app = await application(c, body)
  const match = await guarded(c, app.app.id, () =>
    typeof auth === 'string' ? c.var.gateway.apps.verify(app, [API_TOKEN], auth) : null,
  )
  if (!match) throw new GatewayError('unauthorized', 'unauthorized')
  if (devices.length > MOST_ROWS) throw argument(`devices has more than ${MOST_ROWS} rows`)
  const now = c.var.now()
  const rows = devices.map((row: unknown) => bulkRow(row, now))
  const id = await c.var.gateway.jobs.create({ app, rows })
  c.var.wakeJobs()
  return c.json({ request_id: id, status: 'Pending' })
}
