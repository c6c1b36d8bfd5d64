import type { Hono } from 'hono'
import type { AppEnv, Request } from '../../../src/adapter.ts'
import type { DialectApp } from '../../../src/domain/app.ts'
import { randomHex } from '../../../src/domain/encoding.ts'
import { GatewayError } from '../../../src/domain/error.ts'
import { readJsonObject } from '../../../src/wire/body.ts'
import { parse } from '../../../src/wire/check.ts'
import type { Json } from '../../../src/wire/json.ts'
import { authorizedApp, BASE, notAllowed, requireJson, WORKSPACE } from '../request.ts'
import {
  inlineSend,
  type PLATFORMS,
  PushSend,
  platformsOf,
  pushSend,
  sendDraft,
  Transactional,
} from './requests.ts'

const PUSH = `${BASE}/push/send`
const TRANSACTIONAL = `${WORKSPACE}/transactional/send`
const TRANSACTIONAL_MEMBERS = ['user_id', 'template', 'data', 'variables', 'platform', 'channel']

/** Sending to one person (contracts/sending.md 7). */
export function sendRoutes(routes: Hono<AppEnv>): void {
  routes.post(PUSH, async (c) => {
    const { app, body } = await request(c)
    return send(c, app, body, pushSend(parse(PushSend, body)), Object.keys(PushSend.shape))
  })

  routes.post(TRANSACTIONAL, async (c) => {
    const { app, body } = await request(c)
    const { template, ...rest } = parse(Transactional, body)
    // Templates exist only in the vendor's console.
    if (!template) throw new GatewayError('not_found', 'There is no such template.')
    return send(c, app, body, inlineSend(template, rest), TRANSACTIONAL_MEMBERS)
  })

  for (const path of [PUSH, TRANSACTIONAL]) routes.all(path, (c) => notAllowed(c, 'POST'))
}

async function request(c: Request): Promise<{ app: DialectApp; body: Json }> {
  const app = await authorizedApp(c, 'campaigns:trigger')
  requireJson(c)
  return { app, body: await readJsonObject(c) }
}

/** Returns the person's current phones, because no answer waits for a push service. */
async function send(
  c: Request,
  app: DialectApp,
  body: Json,
  wanted: ReturnType<typeof pushSend>,
  known: readonly string[],
): Promise<Response> {
  const count = async (filter: { platform?: (typeof PLATFORMS)[number]; active?: boolean }) => {
    const page = { limit: 1, offset: 0, counted: true }
    const { total } = await c.get('gateway').devices.list({ app, user: wanted.person, ...filter, ...page })
    return total ?? 0
  }
  const counts = await Promise.all(
    platformsOf(wanted).map(async (platform) => ({
      platform,
      total: await count({ platform, active: true }),
    })),
  )
  const devices = counts.reduce((sum, { total }) => sum + total, 0)
  if (devices === 0 && (await count({})) === 0) {
    throw new GatewayError('device_unknown', 'The person has no devices.')
  }
  const id = `msg_${randomHex(16)}`
  await c.get('gateway').messages.accept(app, [sendDraft(id, wanted, body, known)])
  const reached = counts.filter(({ total }) => total > 0).map(({ platform }) => platform)
  return c.json({ success: true, message_id: id, delivered_to: reached, devices_count: devices })
}
