import { Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { check } from '../wire/check.ts'
import { presentDevice, presentHeld } from './present.ts'
import { appId, by, next } from './request.ts'
import { CURSORS, DryRunQuery, UserQuery } from './schema.ts'

/** Routes for the data held about a user, and for its erasure. */
export const userRoutes = () =>
  new Hono<AppEnv>()
    .get('/apps/:app/users/:user', check('query', UserQuery), async (c) => {
      const { limit, cursor } = c.req.valid('query')
      const [app, userId] = [await c.var.gateway.directory.app(appId(c)), c.req.param('user')]
      const held = await c.var.gateway.directory.user(app.id, userId, {
        after: cursor ?? null,
        limit,
      })
      if (!held) throw unknownUser()
      const { devices } = held
      return c.json({
        userId,
        devices: devices.items.map(presentDevice),
        ...next(devices, CURSORS.userDevices),
        ...presentHeld(held),
      })
    })

    .delete('/apps/:app/users/:user', check('query', DryRunQuery), async (c) => {
      const { directory } = c.var.gateway
      const [app, userId] = [await directory.app(appId(c)), c.req.param('user')]
      if (c.req.valid('query').dryRun) return c.json({ would: await directory.userCounts(app.id, userId) })
      // A 204 for an unknown user would hide a typing error (newcomer F13, field-reports B01f).
      if (!(await directory.holds(app.id, userId))) throw unknownUser()
      await directory.eraseUser(app.id, userId, by(c))
      return c.body(null, 204)
    })

const unknownUser = () => new GatewayError('not_found', 'No data for this user.')
