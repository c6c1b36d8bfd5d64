import type { Context } from 'hono'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import type { AppEnv, Mirroring } from '../adapter.ts'
import type { DialectApp } from '../domain/app.ts'
import { GatewayError } from '../domain/error.ts'
import type { MirrorSettings } from '../domain/mirror.ts'
import type { MirroredRoute } from '../domain/mirroring.ts'
import { originalBody, readBytes } from '../wire/body.ts'
import type { Failure, VendorAnswer, Vendors } from './vendor.ts'
import { verdictOf } from './verdict.ts'
import { hasBody } from './whole.ts'
import { answerHeaders, ownLocation, requestHeaders, targetOf } from './wire.ts'

/** The app of a call, and how it is mirrored. */
export interface Mirrored {
  readonly app: DialectApp
  readonly mirror: MirrorSettings
  readonly mirroring: Mirroring
  readonly route: MirroredRoute | null
}

/** A request to a vendor. */
export interface Passing extends Mirrored {
  readonly c: Context<AppEnv>
  /** The path and query, if they differ from the request's. */
  readonly target?: string
  /** When the first byte was received (`performance.now`). */
  readonly started: number
}

/** The result of a call to the vendor. */
export type Ending =
  | { readonly verdict: 'accepted' | 'refused'; readonly answer: VendorAnswer }
  | { readonly verdict: 'throttled' | 'down'; readonly answer?: VendorAnswer; readonly failure: Failure }

/** Forwards a request to the vendor unchanged, within the time that the app's phones wait. */
export async function send(vendors: Vendors, instance: string, passing: Passing): Promise<Ending> {
  const { c, mirror, route, started } = passing
  const url =
    passing.target === undefined
      ? targetOf(mirror.upstream, c.req.url)
      : new URL(`${mirror.upstream}${passing.target}`)
  const body = await rawBody(passing)
  const called = await vendors.call(
    mirror,
    {
      url,
      method: c.req.method,
      headers: requestHeaders(c.req.raw.headers, instance),
      body,
      milliseconds: mirror.timeoutMs - (performance.now() - started),
    },
    (answer) => verdictOf(answer, route) !== 'down',
  )
  if ('failure' in called) return { verdict: 'down', failure: called.failure }
  const verdict = verdictOf(called, route)
  if (verdict === 'accepted' || verdict === 'refused') return { verdict, answer: called }
  return { verdict, answer: called, failure: 'unreachable' }
}

/** The body as it was sent, still compressed, kept for the dialect's own handler too. */
export async function rawBody({ c, route }: Passing): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!hasBody(c)) return null
  const { bulkBytes, bodyBytes } = c.get('limits')
  await readBytes(c, route === null || route.bulk ? bulkBytes : bodyBytes)
  const sent = await originalBody(c)
  return sent instanceof Uint8Array ? sent : null
}

/** The error for an unavailable vendor; every SDK retries after it. */
export function vendorDown(ending: Extract<Ending, { failure: Failure }>): GatewayError {
  const said = Number(ending.answer?.headers.get('retry-after'))
  const retryAfter = Number.isInteger(said) && said > 0 ? Math.min(said, 3600) : 5
  return new GatewayError('unavailable', 'Try again later.', { retryAfter, reason: reasonOf(ending) })
}

function reasonOf({ verdict, answer, failure }: Extract<Ending, { failure: Failure }>): string {
  if (verdict === 'throttled') return 'The vendor limits this gateway’s calls.'
  if (answer) return `The answer (status ${answer.status}) did not come from the vendor’s API.`
  return {
    unreachable: 'The vendor cannot be reached.',
    timeout: 'The vendor did not answer in time.',
    resting: 'The vendor failed too often, so calls to it are paused.',
    busy: 'Too many calls are waiting for the vendor.',
  }[failure]
}

/** The vendor's answer in the form that the caller gets. */
export function passOn(passing: Passing, answer: VendorAnswer): Response {
  const { c, mirroring } = passing
  const { status, headers } = answer
  const passed = Object.fromEntries(answerHeaders(headers))
  const location = locationOf(passing, headers.get('location'))
  if (location !== null) passed.location = location
  // A redirect to another server counts as a failure of the vendor.
  else if (status >= 300 && status < 400)
    throw vendorDown({ verdict: 'down', failure: 'unreachable', answer })
  const body = cleaned(mirroring, answer)
  if (status === 204 || status === 304) return c.body(null, status, passed)
  return c.body(body, status as ContentfulStatusCode, {
    ...passed,
    'content-length': String(body.byteLength),
  })
}

function locationOf({ c, mirror, route }: Passing, sent: string | null): string | null {
  if (sent === null) return null
  const asked = route?.sendsOn === undefined ? undefined : c.req.query(route.sendsOn)
  const { origin } = c.get('outside')
  return ownLocation(sent, { upstream: mirror.upstream, origin, ...(asked !== undefined && { asked }) })
}

function cleaned({ cleaned: clean }: Mirroring, { body }: VendorAnswer): Uint8Array<ArrayBuffer> {
  if (!clean) return body
  const text = new TextDecoder().decode(body)
  const made = clean(text)
  return made === text ? body : new Uint8Array(new TextEncoder().encode(made))
}
