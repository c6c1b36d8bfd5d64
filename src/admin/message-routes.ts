import { type Context, Hono } from 'hono'
import type { Adapter, AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { check } from '../wire/check.ts'
import { presentFailure, presentMessage, presentReport } from './present-messages.ts'
import { appId, body, by, next } from './request.ts'
import { samplesOf } from './samples.ts'
import { CURSORS, DryRunQuery, FailureListQuery, MessageListQuery } from './schema.ts'
import { SendMessage } from './schema-message.ts'

function unknownMessage(): never {
  throw new GatewayError('not_found', 'The app has no message with this id.')
}

const appOf = async (c: Context<AppEnv>) => (await c.var.gateway.directory.app(appId(c))).id

/** Routes for messages of operators and of dialects. */
export const messageRoutes = (adapters: readonly Adapter[]) =>
  new Hono<AppEnv>()
    .post('/apps/:app/messages', check('query', DryRunQuery), body(SendMessage), async (c) => {
      const { audience, schedule, envelope, idempotencyKey, dryRun, ...message } = c.req.valid('json')
      const { messages, directory } = c.var.gateway
      const app = await directory.app(appId(c))
      const request = {
        ...{ message, audience },
        ...(schedule && { schedule }),
        ...(envelope !== undefined && { envelope }),
        ...(idempotencyKey !== undefined && { idempotencyKey }),
      }
      if (dryRun || c.req.valid('query').dryRun) {
        const rehearsed = await messages.rehearse(app.id, request)
        const setups = app.dialects.filter(({ dialect }) => dialect === (envelope ?? dialect))
        const sampled = { message, setups, platforms: audience.platforms, at: c.var.now() }
        return c.json({ ...rehearsed, payloads: samplesOf(adapters, messages.fault, sampled) })
      }
      const sent = await messages.send(app.id, request, by(c))
      c.header('Location', `${c.var.outside.base}/admin/v1/apps/${app.id}/messages/${sent.id}`)
      return c.json(presentMessage(sent), 202)
    })

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
