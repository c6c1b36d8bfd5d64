import { type Context, Hono } from 'hono'
import { deleteCookie, getCookie, setCookie } from 'hono/cookie'
import * as z from 'zod'
import type { AppEnv } from '../adapter.ts'
import { ownerOf } from '../admin/operator-routes.ts'
import { presentOperator } from '../admin/present-operators.ts'
import { adminMark, bearerOf, fromConsole, sessionCookie } from '../admin/sign-in.ts'
import { GatewayError } from '../domain/error.ts'
import type { Owner } from '../gateway/operators.ts'
import { readJsonObject } from '../wire/body.ts'
import { parse } from '../wire/check.ts'
import { limitFailures } from '../wire/credentials.ts'

const SignIn = z.union([
  z.strictObject({ token: z.string().min(1).max(1000) }),
  z.strictObject({ link: z.string().min(1).max(1000) }),
])

type TokenOf = (c: Context<AppEnv>) => string

/** Signing in to the console and out of it: an admin token or a one-time link for a cookie of 12 hours. */
export const sessionRoutes = (adminToken: TokenOf) =>
  new Hono<AppEnv>()
    .use('/console/session', async (c, next) => {
      c.header('Cache-Control', 'no-store')
      if (!fromConsole(c))
        throw new GatewayError('forbidden', 'Only the console’s own pages may sign in and out.')
      await next()
    })

    .post('/console/session', async (c) => {
      const given = parse(SignIn, await readJsonObject(c))
      const owner = await limitFailures(c, 'the console', () => ownerBy(c, given, adminToken(c)))
      if (!owner) throw new GatewayError('unauthorized', saying(given))
      const by = { actor: owner.name, cause: c.var.requestId }
      const { secret, key } = await c.var.gateway.operators.open(
        owner,
        c.req.header('user-agent') ?? null,
        by,
      )
      const { name, secure } = sessionCookie(c.var.outside)
      const expires = key.expiresAt ?? undefined
      setCookie(c, name, secret, {
        path: '/',
        httpOnly: true,
        sameSite: 'Strict',
        secure,
        ...(expires && { expires }),
      })
      return c.json(presentOperator({ ...key, key: key.id }), 201)
    })

    .delete('/console/session', async (c) => {
      const { name, secure } = sessionCookie(c.var.outside)
      const secret = getCookie(c, name)
      const { operators } = c.var.gateway
      const key = secret === undefined ? null : await operators.find('session', secret)
      if (key) await operators.revoke('session', key.id, { actor: key.name, cause: c.var.requestId })
      deleteCookie(c, name, { path: '/', secure })
      return c.body(null, 204)
    })

async function ownerBy(
  c: Context<AppEnv>,
  given: z.infer<typeof SignIn>,
  adminToken: string,
): Promise<Owner | null> {
  if ('token' in given) {
    const operator = await bearerOf(c, given.token, adminToken)
    return operator && ownerOf(operator, adminToken)
  }
  const link = await c.var.gateway.operators.redeem(given.link)
  // A link of an admin token that was replaced meanwhile opens nothing.
  return link?.parent?.startsWith('admin ') && link.parent !== adminMark(adminToken) ? null : link
}

const saying = (given: z.infer<typeof SignIn>) =>
  'token' in given
    ? 'This is not a valid admin token.'
    : 'This link has already been used or is older than 30 minutes. Create a new one with `pushport login-link`.'
