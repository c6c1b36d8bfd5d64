import type { Hono } from 'hono'
import type { AppEnv, Request } from '../../src/adapter.ts'
import { readJsonObject } from '../../src/wire/body.ts'
import { fault } from './errors.ts'
import { afterCursor, INTERESTS, interestSet, isInterest, pageLimit, presentInterests } from './interests.ts'
import { DEVICE, deviceId, done, instance, unknownDevice, wellFormedDeviceId } from './request.ts'

/** Superseded devices count as unknown here. */
const RULES = { policy: INTERESTS, superseded: false }

export function interestRoutes(routes: Hono<AppEnv>): void {
  routes.get(`${DEVICE}/interests`, async (c) => {
    const app = await instance(c)
    const limit = pageLimit(c.req.query('limit'))
    const after = afterCursor(c.req.query('cursor'))
    const externalId = deviceId(c)
    const page = await c.get('gateway').topics.page({ app, externalId, after, limit, superseded: false })
    return c.json(presentInterests(page ?? unknownDevice()))
  })

  routes.put(`${DEVICE}/interests`, async (c) => {
    const app = await instance(c)
    const names = interestSet(await readJsonObject(c))
    const externalId = deviceId(c)
    const cause = c.get('requestId')
    return changed(c, await c.get('gateway').topics.replace({ app, externalId, names, ...RULES, cause }))
  })

  routes.post(`${DEVICE}/interests/:interest`, async (c) => {
    const app = await instance(c)
    const externalId = wellFormedDeviceId(c, 'deviceInvalid')
    const name = c.req.param('interest')
    if (!isInterest(name)) throw fault('interestInvalid')
    const cause = c.get('requestId')
    return changed(c, await c.get('gateway').topics.add({ app, externalId, names: [name], ...RULES, cause }))
  })

  routes.delete(`${DEVICE}/interests/:interest`, async (c) => {
    const app = await instance(c)
    const externalId = wellFormedDeviceId(c, 'removalDeviceInvalid')
    // The contract has no error for invalid names here; they cannot have been subscribed to.
    const names = [c.req.param('interest')].filter(isInterest)
    const cause = c.get('requestId')
    return changed(c, await c.get('gateway').topics.remove({ app, externalId, names, ...RULES, cause }))
  })
}

function changed(c: Request, outcome: 'done' | 'unknown' | 'limit'): Response {
  if (outcome === 'unknown') unknownDevice()
  if (outcome === 'limit') throw fault('interestsTooMany')
  return done(c)
}
