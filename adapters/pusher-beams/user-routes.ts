import type { Hono } from 'hono'
import type { AppEnv, Request } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import { bearerToken } from '../../src/wire/bearer.ts'
import { PLATFORMS } from './devices.ts'
import { fault } from './errors.ts'
import { SECRET_KEY } from './provisioning.ts'
import {
  DEVICE,
  done,
  instance,
  platformOf,
  refuseOtherTypes,
  unknownDevice,
  wellFormedDeviceId,
} from './request.ts'
import { requireSecretKey } from './secret-key.ts'
import { MAX_USER_ID, verifiedUser, vouchedUser } from './user-token.ts'

/** Binding a user (by the device, with a signed token) and deleting one (by the customer's server). */
export function userRoutes(routes: Hono<AppEnv>): void {
  routes.put(`${DEVICE}/user`, async (c) => {
    refuseOtherTypes(c)
    const app = await instance(c)
    const externalId = wellFormedDeviceId(c, 'userDeviceInvalid')
    const user = await provedUser(c, app)
    const outcome = await c.get('gateway').users.bind({
      app,
      externalId,
      user: { id: user, proved: true },
      rules: { replace: false, limit: { devices: 100, among: PLATFORMS[platformOf(c)].devices } },
      cause: c.get('requestId'),
    })
    if (outcome === 'unknown') unknownDevice()
    if (outcome === 'taken') throw fault('userTaken')
    if (outcome === 'limit') throw fault('userLimit')
    return done(c)
  })

  // `.+` also accepts unescaped slashes in user ids, which the Python SDK sends.
  for (const base of ['/user_api/v1', '/customer_api/v1'] as const) {
    routes.delete(`${base}/instances/:instance/users/:user{.+}`, async (c) => {
      const app = await instance(c)
      await requireSecretKey(c, app, { missing: 'secretMissing', wrong: 'secretWrong' })
      const [userId, spaced] = userIds(c.req.path)
      if ([...userId].length > MAX_USER_ID) throw fault('userTooLong')
      const remove = (id: string) =>
        c.get('gateway').users.removeDevices({ app, userId: id, cause: c.get('requestId') })
      if ((await remove(userId)) === 0 && spaced !== userId) await remove(spaced)
      return done(c)
    })
  }
}

/**
 * The user id of a path, taken literally and with plus decoded as space: Java, PHP and Ruby encode a space as plus and a
 * plus as `%2B`, while Go leaves a plus unencoded (section 4).
 */
function userIds(path: string): readonly [literal: string, spaced: string] {
  const raw = path.replace(/^.*?\/users\//, '')
  return [decodeURIComponent(raw), decodeURIComponent(raw.replaceAll('+', '%20'))]
}

/** Failures are not rate-limited: a 429 would block the iOS SDK's queue permanently (section 6). */
async function provedUser(c: Request, app: DialectApp): Promise<string> {
  const presented = bearerToken(c.req.header('authorization'))
  if (presented === 'missing') throw fault('authorizationMissing')
  if (presented === 'malformed') throw fault('authorizationMalformed')
  if (c.get('notes').vendor) return vouchedUser(presented.token)
  const { apps } = c.get('gateway')
  const secrets = await apps.secrets(app, SECRET_KEY)
  const user = await verifiedUser({
    token: presented.token,
    secrets,
    instanceId: app.identifier,
    now: c.get('now')(),
  })
  // Records the use of the key, for operators.
  apps.verify(app, [SECRET_KEY], user.secret)
  return user.id
}
