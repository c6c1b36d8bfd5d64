import { Hono } from 'hono'
import type { AppEnv, CrossOrigin, Request } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { turn } from '../../src/domain/turn.ts'
import type { JobRow } from '../../src/gateway/jobs.ts'
import { readJsonObject } from '../../src/wire/body.ts'
import { limitFailures } from '../../src/wire/credentials.ts'
import { bulkRow, MOST_ROWS, presentJob } from './bulk.ts'
import { AUDIENCE_BASE, argument, MESSAGING_BASE } from './errors.ts'
import { bulkMembers, requestOf, UNWRAPPED } from './identify.ts'
import { deviceMethods } from './methods/devices.ts'
import { emailMethods } from './methods/email.ts'
import { eventMethods } from './methods/events.ts'
import { multiMethods } from './methods/multi.ts'
import { startupMethods } from './methods/startup.ts'
import { tagMethods } from './methods/tags.ts'
import { userMethods } from './methods/users.ts'
import { API_TOKEN, DIALECT, isStrict, LONGEST_TOKEN } from './provisioning.ts'
import type { Method } from './request.ts'
import { serverMethods } from './sending/methods.ts'
import { answerServer } from './sending/server.ts'
import { cancel, notify } from './sending/v2.ts'

/** Old builds use 1.2, with the same meaning (section 2). */
export const JSON_BASES = ['/json/1.3', '/json/1.2'] as const
export const DEVICE_BASE = '/api/v2/device-api'
const JOB_ID = /^[0-9a-f-]{36}$/i
export const BASES = [...JSON_BASES, AUDIENCE_BASE, DEVICE_BASE, MESSAGING_BASE] as const

/** With a token, the web SDK sends credentials, for which `*` does not suffice (section 12). */
export const CROSS_ORIGIN: CrossOrigin = {
  credentials: true,
  allowMethods: ['POST'],
  allowHeaders: ['Authorization', 'Content-Type'],
  maxAge: 86_400,
}

export const METHODS: Readonly<Record<string, Method>> = {
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
    for (const base of name === UNWRAPPED ? [...JSON_BASES, DEVICE_BASE] : JSON_BASES) {
      const at = `${base}/${name}`
      routes.post(at, (c) => answer(c, method))
      routes.all(at, () => wrongVerb())
    }
  }

  for (const [name, method] of Object.entries(serverMethods)) {
    for (const base of JSON_BASES) {
      const at = `${base}/${name}`
      routes.post(at, (c) => answerServer(c, method))
      routes.all(at, () => wrongVerb())
    }
  }

  routes.post(`${MESSAGING_BASE}/notify`, notify)
  routes.all(`${MESSAGING_BASE}/notify`, () => wrongVerb())
  routes.post(`${MESSAGING_BASE}/cancel`, cancel)
  routes.all(`${MESSAGING_BASE}/cancel`, () => wrongVerb())

  routes.post(`${AUDIENCE_BASE}/bulkRegisterDevice`, (c) => bulkRegister(c))
  routes.all(`${AUDIENCE_BASE}/bulkRegisterDevice`, () => wrongVerb())
  routes.get(`${AUDIENCE_BASE}/bulkRegisterDevice/:job`, async (c) => {
    const { jobs } = c.get('gateway')
    const id = c.req.param('job')
    const job = JOB_ID.test(id) ? await jobs.find(DIALECT, id) : null
    if (!job) throw new GatewayError('not_found', 'not found')
    const detailed = /^(true|1)$/i.test(c.req.query('detailed') ?? '')
    return c.json(presentJob(job, detailed ? await jobs.results(job.id) : undefined))
  })
  return routes
}

function wrongVerb(): never {
  throw new GatewayError('method_not_allowed', 'Method not allowed')
}

async function answer(c: Request, method: Method): Promise<Response> {
  const request = await requestOf(c)
  const app = await application(c)
  // The vendor has accepted the call, so its token is not checked again.
  if (isStrict(app) && !c.get('notes').vendor) requireToken(c, app)
  const response = await method({ c, gateway: c.get('gateway'), app, request })
  return c.json({ status_code: 200, status_message: 'OK', response })
}

/** The app check of every method (section 14); a missing code counts as unknown. */
async function application(c: Request): Promise<DialectApp> {
  const tenant = await c.get('tenant').find()
  if (!tenant) throw new GatewayError('app_unknown', 'Application not found')
  return tenant.app
}

/** Placeholders that SDKs send without a configured token count as absent (section 1, #7). Not rate-limited: SDK call. */
function requireToken(c: Request, app: DialectApp): void {
  const presented = /^token +(.*)$/i.exec(c.req.header('authorization') ?? '')?.[1]?.trim() ?? ''
  if (presented === '' || presented === 'null' || presented === '(null)') {
    throw new GatewayError('unauthorized', 'Authorization: Token is required')
  }
  const match = c.get('gateway').apps.verify(app, [API_TOKEN], presented)
  if (!match) throw new GatewayError('unauthorized', 'The API token is wrong')
}

/** Answered before the first row is registered (section 10). */
async function bulkRegister(c: Request): Promise<Response> {
  const app = await serverApp(c)
  // The large body is parsed only for holders of a valid key.
  const { devices } = await readJsonObject(c, c.get('limits').bulkBytes)
  if (!Array.isArray(devices)) throw new GatewayError('bad_body', 'devices must be an array')
  if (devices.length > MOST_ROWS) throw argument(`devices has more than ${MOST_ROWS} rows`)
  const id = await c.get('gateway').jobs.create({ app, rows: await rowsOf(devices, c.get('now')()) })
  c.get('services').wakeJobs(c)
  return c.json({ request_id: id, status: 'Pending' })
}

/** Finds and authenticates the app of a bulk body, without parsing its rows. */
async function serverApp(c: Request): Promise<DialectApp> {
  const { found } = await bulkMembers(c)
  if (!found?.arrays.has('devices')) throw new GatewayError('bad_body', 'devices must be an array')
  const app = await application(c)
  const auth = found.texts.get('auth')
  const match = await limitFailures(c, app.app.id, () =>
    auth !== undefined && auth.length <= LONGEST_TOKEN
      ? c.get('gateway').apps.verify(app, [API_TOKEN], auth)
      : null,
  )
  if (!match) throw new GatewayError('unauthorized', 'unauthorized')
  return app
}

/** Rows parsed before other requests get a turn. */
const ROWS = 200

async function rowsOf(devices: readonly unknown[], now: Date): Promise<readonly JobRow[]> {
  const rows: JobRow[] = []
  for (let at = 0; at < devices.length; at += ROWS) {
    if (at > 0) await turn()
    rows.push(...devices.slice(at, at + ROWS).map((row) => bulkRow(row, now)))
  }
  return rows
}
