import { type Context, Hono } from 'hono'
import * as z from 'zod'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { type Operator, ROLES } from '../domain/operator.ts'
import type { Owner } from '../gateway/operators.ts'
import { presentOperator, presentOperatorKey } from './present-operators.ts'
import { body, by } from './request.ts'
import { tokenName } from './schema.ts'
import { adminMark } from './sign-in.ts'

const CreateToken = z.strictObject({ name: tokenName, role: z.enum(ROLES) })
/** Most admin tokens; the list is returned in one page. */
const MOST_TOKENS = 200

/** The owner of what a caller creates: the caller's token, with which it ends, or the configured admin token. */
export const ownerOf = ({ name, role, key }: Operator, adminToken: string): Owner => ({
  ...{ name, role, parent: key ?? adminMark(adminToken) },
})

/** Routes for named admin tokens, sessions of the console, and links that open one. */
export const operatorRoutes = (adminToken: (c: Context<AppEnv>) => string) =>
  new Hono<AppEnv>()
    .get('/whoami', (c) => c.json(presentOperator(operatorFor(c))))

    .get('/tokens', async (c) => {
      const tokens = await c.var.gateway.operators.list('token')
      return c.json({ tokens: tokens.map((key) => presentOperatorKey(key)) })
    })

    .post('/tokens', body(CreateToken), async (c) => {
      const { operators } = c.var.gateway
      if ((await operators.list('token')).length >= MOST_TOKENS)
        throw new GatewayError('limit', `There are already ${MOST_TOKENS} tokens; revoke one first.`)
      const { key, secret } = await operators.createToken(c.req.valid('json'), by(c))
      return c.json(presentOperatorKey(key, secret), 201)
    })

    .delete('/tokens/:token', async (c) => {
      const known = await c.var.gateway.operators.revoke('token', c.req.param('token'), by(c))
      if (!known) throw new GatewayError('not_found', 'There is no token with this id.')
      return c.body(null, 204)
    })

    .get('/sessions', async (c) => {
      const sessions = await c.var.gateway.operators.list('session')
      const own = operatorFor(c).key
      return c.json({
        sessions: sessions.map((key) => ({ ...presentOperatorKey(key), own: key.id === own })),
      })
    })

    .delete('/sessions/:session', async (c) => {
      const known = await c.var.gateway.operators.revoke('session', c.req.param('session'), by(c))
      if (!known) throw new GatewayError('not_found', 'There is no session with this id.')
      return c.body(null, 204)
    })

    .post('/login-links', async (c) => {
      const owner = ownerOf(operatorFor(c), adminToken(c))
      const { secret, key } = await c.var.gateway.operators.link(owner, by(c))
      const link = signInLink(c.var.outside.origin, secret)
      return c.json({ link, expiresAt: key.expiresAt?.toISOString() ?? '' }, 201)
    })

/** The secret is in the fragment, which browsers do not send to servers, so no log contains it. */
export const signInLink = (origin: string, secret: string): string => `${origin}/console/sign-in#${secret}`

function operatorFor(c: Context<AppEnv>): Operator {
  const { operator } = c.var.notes
  if (!operator) throw new Error('nobody signed in')
  return operator
}
