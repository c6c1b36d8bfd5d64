import type { Context, MiddlewareHandler } from 'hono'
import { getCookie } from 'hono/cookie'
import type { AppEnv } from '../adapter.ts'
import { GatewayError } from '../domain/error.ts'
import { allows, type Operator, type Role } from '../domain/operator.ts'
import { sameHash, sha256Hex } from '../secrets/hash.ts'
import type { OperatorKey } from '../store/store.ts'
import { bearerToken } from '../wire/bearer.ts'
import { limitFailures } from '../wire/credentials.ts'
import { roleFor } from './roles.ts'

/**
 * A header required of console calls in addition to the cookie. Another site's page cannot send it without a CORS preflight,
 * which the gateway never allows.
 */
const CONSOLE_HEADER = 'X-Pushport-Console'

/** Identifies the admin token in its sessions: with a new token the mark changes, and the sessions end. */
export const adminMark = (adminToken: string): string =>
  `admin ${sha256Hex(sha256Hex(adminToken)).slice(0, 16)}`

/**
 * The cookie's name. Browsers reject `__Host-` cookies over plain http. The port separates gateways on one machine, since
 * browsers share cookies between ports.
 */
export function sessionCookie({ origin, host }: AppEnv['Variables']['outside']) {
  const secure = origin.startsWith('https:')
  return { name: secure ? '__Host-pushport' : `pushport-${host.match(/:([0-9]+)$/)?.[1] ?? '80'}`, secure }
}

/** Whether the request comes from the gateway's own console, as far as the browser's headers show. */
export function fromConsole(c: Context<AppEnv>): boolean {
  const site = c.req.header('sec-fetch-site')
  return c.req.header(CONSOLE_HEADER) === '1' && (site === undefined || site === 'same-origin')
}

const operatorOf = ({ id, name, role, expiresAt }: OperatorKey): Operator => ({
  ...{ name, role, key: id, expiresAt },
})

/** The operator with this admin token: the configured one, or a named one. */
export async function bearerOf(
  c: Context<AppEnv>,
  token: string,
  adminToken: string,
): Promise<Operator | null> {
  if (sameHash(sha256Hex(token), sha256Hex(adminToken)))
    return { name: 'admin', role: 'admin', key: null, expiresAt: null }
  if (!token.startsWith('pp_token_')) return null
  const key = await c.var.gateway.operators.find('token', token)
  return key && operatorOf(key)
}

async function sessionOf(c: Context<AppEnv>, adminToken: string): Promise<Operator | null> {
  const secret = fromConsole(c) ? getCookie(c, sessionCookie(c.var.outside).name) : undefined
  const key = secret === undefined ? null : await c.var.gateway.operators.find('session', secret)
  if (!key) return null
  return key.parent?.startsWith('admin ') && key.parent !== adminMark(adminToken) ? null : operatorOf(key)
}

/** Admits holders of an admin token or console session to the calls that their role allows. */
export function signedIn(tokenOf: (c: Context<AppEnv>) => string): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const adminToken = tokenOf(c)
    const presented = bearerToken(c.req.header('authorization'))
    const operator = await limitFailures(c, 'the admin API', async () => {
      if (presented === 'missing') return sessionOf(c, adminToken)
      return presented === 'malformed' ? null : bearerOf(c, presented.token, adminToken)
    })
    if (!operator)
      throw new GatewayError('unauthorized', 'This call needs Authorization: Bearer with the admin token.')
    await c.var.services.rates.adminCalls.consume(c.var.outside.address)
    require(operator, roleFor(c.req.method, c.req.path))
    c.var.notes.operator = operator
    await next()
  }
}

function require({ role }: Operator, needed: Role): void {
  if (allows(role, needed)) return
  throw new GatewayError('forbidden', `This call needs the role ${needed}; yours is ${role}.`)
}
