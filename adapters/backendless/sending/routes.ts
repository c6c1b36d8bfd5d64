import type { Hono } from 'hono'
import type { AppEnv } from '../../../src/adapter.ts'
import { readText } from '../../../src/wire/body.ts'
import { BASE, MESSAGES } from '../address.ts'
import { jsonBody } from '../body.ts'
import { callerOf, idOf } from '../caller.ts'
import { cancelMessage, messageStatus, publish, pushUnnamed, pushWithTemplate } from './publish.ts'
import { templatesOf } from './templates.ts'

const MESSAGING = `${BASE}/messaging` as const

/** Calls that send (section 6.1). */
export function sendingRoutes(routes: Hono<AppEnv>): void {
  routes.get(`${MESSAGING}/pushtemplates`, async (c) => {
    const { options } = await callerOf(c)
    // Only the Swift SDK sends this request without a platform.
    return c.json(templatesOf(options.pushTemplates, 'ios'))
  })
  routes.get(`${MESSAGING}/pushtemplates/:os`, async (c) => {
    const { options } = await callerOf(c)
    return c.json(templatesOf(options.pushTemplates, idOf(c)))
  })

  routes.post(`${MESSAGING}/push`, async (c) => {
    const { messageId, errorMessage } = await pushUnnamed(c, await callerOf(c), await jsonBody(c))
    const amounts = { sendingTimeInMillis: 0, successfulSendsAmount: 0, failedSendsAmount: 0 }
    return c.json({ messageId, errorMessage, status: 'SCHEDULED', ...amounts })
  })
  routes.post(`${MESSAGING}/push/:template`, async (c) => {
    const caller = await callerOf(c)
    // Version 4 of the JavaScript SDK sends no body.
    const { templateValues = {} } = (await readText(c)) === '' ? {} : await jsonBody(c)
    return c.json(await pushWithTemplate(c, caller, idOf(c), templateValues))
  })

  const named = `${MESSAGES}/:name` as const
  routes.post(named, async (c) => {
    const caller = await callerOf(c)
    return c.json(await publish(c, caller, idOf(c), await jsonBody(c)))
  })
  routes.get(named, async (c) => c.json(await messageStatus(c, await callerOf(c), idOf(c))))
  routes.delete(named, async (c) => c.json(await cancelMessage(c, await callerOf(c), idOf(c))))
}
