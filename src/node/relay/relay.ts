import { Hono } from 'hono'
import type { AppEnv } from '../../adapter.ts'
import { RELAY_PATH } from '../../delivery/transport/relay.ts'
import { type Answer, type Transport, Unanswered } from '../../delivery/transport/transport.ts'
import { GatewayError } from '../../domain/error.ts'
import { sameHash, sha256Hex } from '../../secrets/hash.ts'
import { bearerToken } from '../../wire/bearer.ts'
import { readJson } from '../../wire/body.ts'
import { limitFailures } from '../../wire/credentials.ts'
import { batch, type RelayedRequest } from './batch.ts'
import { createWays } from './ways.ts'

const APPLE = ['api.push.apple.com', 'api.sandbox.push.apple.com'].flatMap((host) => [
  `https://${host}`,
  `https://${host}:2197`,
])
const MOST_BYTES = 2 * 1024 * 1024
/**
 * Most bytes of an answer's body. APNs sends less; a longer body comes from elsewhere, and its status is
 * sufficient.
 */
const MOST_TEXT = 400
const MOST_HEADER = 64
const TOLD = ['apns-id', 'retry-after']

export interface RelayOptions {
  readonly key: string
  /** Addresses that may be called in addition to Apple's. */
  readonly services: readonly string[]
  readonly transport: Transport
}

/**
 * Calls APNs for instances that cannot: an instance with the key sends requests and gets the answer to each.
 */
export interface Relay {
  readonly routes: Hono<AppEnv>
  close(): Promise<void>
}

export function createRelay({ key, services, transport }: RelayOptions): Relay {
  const expected = sha256Hex(key)
  const known = new Set([...APPLE, ...services])
  const ways = createWays(transport)

  const asked = (service: string, request: RelayedRequest) =>
    ways.send(service, request).then(told, (error: unknown) => {
      if (!(error instanceof Unanswered)) throw error
      return { fault: error.kind, reason: error.message }
    })

  const routes = new Hono<AppEnv>().post(RELAY_PATH, async (c) => {
    const presented = bearerToken(c.req.header('authorization'))
    const allowed = await limitFailures(c, 'the relay', () =>
      typeof presented === 'object' && sameHash(sha256Hex(presented.token), expected) ? true : null,
    )
    if (!allowed)
      throw new GatewayError(
        'unauthorized',
        'This call needs Authorization: Bearer with the key of the relay.',
      )
    const { data, error } = batch.safeParse(await readJson(c, MOST_BYTES))
    if (!data) {
      const issues = error.issues.map(({ path }) => ({
        path: path.join('.'),
        message: 'is invalid',
      }))
      throw new GatewayError('invalid', 'The requests are not valid APNs requests.', {
        issues: issues.slice(0, 20),
      })
    }
    const { service, requests } = data
    if (!known.has(service))
      throw new GatewayError(
        'forbidden',
        'This relay sends only to Apple and to the addresses in its APNS_RELAY_TARGETS.',
      )
    c.header('Cache-Control', 'no-store')
    return c.json({ answers: await Promise.all(requests.map((one) => asked(service, one))) })
  })
  return { routes, close: ways.close }
}

function told({ status, headers, text }: Answer) {
  const named = TOLD.flatMap((name) =>
    headers[name] === undefined ? [] : [[name, headers[name].slice(0, MOST_HEADER)]],
  )
  const short = new TextEncoder().encode(JSON.stringify(text)).length <= MOST_TEXT
  return { status, headers: Object.fromEntries(named), text: short ? text : '' }
}
