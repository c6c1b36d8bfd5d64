import { Hono } from 'hono'
import type { AppEnv } from '../../src/adapter.ts'
import { BASE, MESSAGES } from './address.ts'
import { binary } from './binary.ts'
import { jsonBody } from './body.ts'
import { callerOf, idOf } from './caller.ts'
import { queriedDevice, queriedRows } from './data.ts'
import { cancel, findDevice, register, retrieveDevice } from './devices.ts'
import { fault } from './errors.ts'
import {
  CANCELLED,
  presentDeleted,
  presentInfo,
  presentRegistered,
  presentRetrieved,
  subscriptionId,
} from './present.ts'
import { registrationInput } from './registration.ts'
import { sendingRoutes } from './sending/routes.ts'
import { relay, upstreamInfo } from './upstream.ts'

const REGISTRATIONS = `${BASE}/messaging/registrations` as const

/**
 * The calls of sections 4, 9 and 10, and calls that send messages; all others are forwarded to the upstream.
 */
export function backendlessRoutes(): Hono<AppEnv> {
  const routes = new Hono<AppEnv>()

  routes.post(REGISTRATIONS, async (c) => {
    const caller = await callerOf(c)
    const body = await jsonBody(c)
    const device = await register(
      c,
      caller,
      registrationInput((name) => body[name], c.get('now')()),
    )
    return c.json(presentRegistered(device))
  })

  routes.get(`${REGISTRATIONS}/:device`, async (c) => {
    const caller = await callerOf(c)
    const device = await retrieveDevice(c, caller, idOf(c))
    if (!device) throw fault('retrieveUnknown')
    return c.json(presentRetrieved(caller, device))
  })

  // The vendor's own example uses `registration` (section 2).
  for (const path of [REGISTRATIONS, `${BASE}/messaging/registration`] as const) {
    routes.delete(`${path}/:device`, async (c) => {
      const caller = await callerOf(c)
      await cancel(c, caller, idOf(c))
      return c.json(CANCELLED)
    })
  }

  sendingRoutes(routes)

  routes.get(`${BASE}/info`, async (c) => {
    const caller = await callerOf(c)
    const own = presentInfo(caller.app.identifier)
    return c.json({ ...own, ...(await upstreamInfo(c, caller)), appId: own.appId })
  })

  routes.post(`${BASE}/data/DeviceRegistration/find`, async (c) => {
    const caller = await callerOf(c)
    const query = await jsonBody(c)
    const device = await findDevice(c, caller, queriedDevice(query))
    return c.json(queriedRows(device, query))
  })

  routes.delete(`${BASE}/data/DeviceRegistration/:row`, async (c) => {
    const { app } = await callerOf(c)
    const id = subscriptionId(idOf(c))
    const cause = c.get('requestId')
    const gone = id !== null && (await c.get('gateway').topics.leaveById({ app, subscriptionId: id, cause }))
    if (!gone) throw fault('rowUnknown')
    return c.json(presentDeleted(c.get('now')()))
  })

  routes.post(`${BASE}/binary`, binary)

  for (const path of [`${BASE}/*`, `${MESSAGES}/*`] as const) {
    routes.all(path, async (c) => relay(c, await callerOf(c)))
  }
  return routes
}
