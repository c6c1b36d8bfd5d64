import { Hono } from 'hono'
import type { AppEnv, Request } from '../../../src/adapter.ts'
import { isRemoved } from '../caller.ts'
import { fault } from '../errors.ts'
import { DIALECT } from '../provisioning.ts'
import {
  acknowledge,
  authorize,
  preauthorize,
  register,
  registerAgain,
  showCode,
  showRegistration,
} from './mobile.ts'
import { token } from './token.ts'

/** The authorization server below the runtime context, such as `/mfp/api` (sections 7 and 8). */
export function authorizationRoutes(base: string): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()
  const both = (path: string) => [`${base}${path}`, `${base}${path}/`]
  const on = (method: string, path: string, answer: (c: Request) => Promise<Response>) =>
    routes.on(method, both(path), answer)

  on('POST', '/az/v1/token', token)
  on('POST', '/registration/v1/self', (c) => register(c, base))
  on('PUT', '/registration/v1/self/:client', registerAgain)
  on('GET', '/registration/v1/self/:client', showRegistration)
  on('POST', '/preauth/v1/preauthorize', preauthorize)
  on('POST', '/preauth/v1/heartbeat', acknowledge)
  on('POST', '/preauth/v1/logout', acknowledge)
  on('GET', '/az/v1/authorization', (c) => authorize(c, base))
  on('GET', '/az/v1/authorization/redirect/:client', showCode)
  // An addition to the vendor's API: the key set for verifying tokens offline (section 7).
  on('GET', '/az/v1/keys/:app', async (c) => {
    const name = c.req.param('app') ?? ''
    const app = await c.get('gateway').apps.find(DIALECT, name)
    if (!app || isRemoved(app)) throw fault('notFound', name)
    await c.get('tenant').enter(app)
    return c.json({ keys: await c.get('gateway').auth.publicKeys(app) })
  })
  return routes
}
