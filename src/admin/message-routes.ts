import { type Context, Hono } from 'hono'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { check } from '../wire/check.ts'
import { presentFailure, presentMessage, presentReport } from './present-messages.ts'
import { appId, by, next } from './request.ts'
import { CURSORS, DryRunQuery, FailureListQuery, MessageListQuery } from './schema.ts'

function unknownMessage(): never {
  throw new GatewayError('not_found', 'The app has no message with this id.')
}

const appOf = async (c: Context<AppEnv>) => (await c.var.gateway.directory.app(appId(c))).id

/** Routes for messages: those of operators, and those of dialects' calls. */
export const messageRoutes = () =>
  new Hono<AppEnv>()
    .get('/apps/:app/messages', check('query', MessageListQuery), async (c) => {
      const { limit, cursor, state } = c.req.valid('query')
      const states = state === undefined ? null : [state]
      const page = await c.var.gateway.messages.list(await appOf(c), states, { after: cursor ?? null, limit })
      return c.json({ messages: page.items.map(presentMessage), ...next(page, CURSORS.messages) })
    })

    .get('/apps/:app/messages/:message', async (c) => {
      const report = await c.var.gateway.messages.report(await appOf(c), c.req.param('message'))
      return c.json(presentReport(report ?? unknownMessage()))
    })

    .get('/apps/:app/messages/:message/failures', check('query', FailureListQuery), async (c) => {
      const { limit, cursor } = c.req.valid('query')
      const [app, message] = [await appOf(c), c.req.param('message')]
      const page = await c.var.gateway.messages.failures(app, message, { after: cursor ?? null, limit })
      const { items, next: following } = page ?? unknownMessage()
      return c.json({
        failures: items.map(presentFailure),
        ...next({ next: following }, CURSORS.failures),
      })
    })

    .delete('/apps/:app/messages/:message', check('query', DryRunQuery), async (c) => {
      const { dryRun } = c.req.valid('query')
      await c.var.gateway.messages.stop(await appOf(c), c.req.param('message'), by(c), dryRun)
      return dryRun ? c.json({ would: { messages: 1 } }) : c.body(null, 204)
    })
