import type { Hono } from 'hono'
import type { AppEnv } from '../../../src/adapter.ts'
import { GatewayError } from '../../../src/domain/error.ts'
import { readJsonObject } from '../../../src/wire/body.ts'
import { fault } from '../errors.ts'
import { instance, requireInstanceId, requireJson } from '../request.ts'
import { requireSecretKey } from '../secret-key.ts'
import { type Audience, publishDraft } from './check.ts'

const PUBLISHES = '/publish_api/v1/instances/:instance/publishes'
/**
 * Two SDKs use the first path for publishing to interests, the others use the second (contracts/sending.md
 * 3.1).
 */
const PATHS: readonly (readonly [path: string, audience: Audience])[] = [
  [PUBLISHES, 'interests'],
  [`${PUBLISHES}/interests`, 'interests'],
  [`${PUBLISHES}/users`, 'users'],
]
/** Most bytes of a body. */
const LIMITS = {
  interests: [10_240, 'interestsTooLarge'],
  users: [204_800, 'usersTooLarge'],
} as const

/** Publishing, by the customer's server; the checks are in the order of contracts/sending.md 3.2. */
export function publishRoutes(routes: Hono<AppEnv>): void {
  for (const [path, audience] of PATHS) {
    routes.post(path, async (c) => {
      requireInstanceId(c)
      if (c.req.header('authorization') === undefined) throw fault('publishHeaderMissing')
      const app = await instance(c)
      await requireSecretKey(c, app, { missing: 'publishHeaderMissing', wrong: 'publishKeyWrong' })
      requireJson(c)
      const [most, tooLarge] = LIMITS[audience]
      const body = await readJsonObject(c, most).catch((error: unknown) => {
        throw error instanceof GatewayError && error.code === 'too_large' ? fault(tooLarge) : error
      })
      const publishId = `pubid-${crypto.randomUUID()}`
      await c.get('gateway').messages.accept(app, [publishDraft(body, audience, publishId)])
      return c.json({ publishId })
    })
  }
}
