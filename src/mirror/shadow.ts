import type { Next } from 'hono'
import { toBase64Url } from '../domain/encoding.ts'
import { GatewayError } from '../domain/error.ts'
import type { Copying, MirroredRoute } from '../domain/mirroring.ts'
import type { CopyRequest } from '../gateway/copy-drafts.ts'
import { bodyOf, requestBody } from './bodies.ts'
import { isCoaxed } from './coaxing.ts'
import { type Passing, passOn, rawBody, send } from './forward.ts'
import { noted, seen } from './report.ts'
import type { Sharing } from './sharing.ts'
import { answerBytes } from './whole.ts'
import { requestHeaders } from './wire.ts'

/** How long the vendor is waited for whose id the app will keep, in milliseconds. */
const FIRST = 2000

/** A call of a route that is copied. */
type Copied = Passing & { readonly route: MirroredRoute }

/** We answer; the vendor gets a copy, which nobody waits for. */
export async function shadow(sharing: Sharing, passing: Passing, next: Next): Promise<undefined> {
  const { c, route } = passing
  if (!route) return void (await next())
  noted(c, sharing.counts, passing, 'requests')
  if (await isCoaxed(sharing, passing)) throw new GatewayError('device_unknown', 'Register again.')
  return copied(sharing, { ...passing, route }, next)
}

/** Answers the call here, and copies it, if it is one that is. */
export async function copied(sharing: Sharing, passing: Copied, next: Next): Promise<undefined> {
  const { c, mirroring, route } = passing
  const request = route.passes ? undefined : await requestBody(passing)
  const ungranted = route.granted === true && !passing.mirror.sealed
  const copying: Copying | undefined =
    route.passes || ungranted ? 'never' : (route.copied ?? mirroring.copying?.(request))
  if (copying === 'never') {
    noted(c, sharing.counts, passing, 'notSent.never')
    await next()
  } else await answered(sharing, passing, { request, once: copying === 'once', next })
}

interface Asked {
  readonly request: unknown
  readonly once: boolean
  readonly next: Next
}

async function answered(sharing: Sharing, passing: Copied, { request, once, next }: Asked): Promise<void> {
  const { c, app, mirroring, route } = passing
  const { copies } = c.get('gateway')
  const call = { c, app, route, request }
  const sent = { once, users: mirroring.users?.(call) ?? [], body: await rawBody(passing) }
  const copy = copyOf(sharing, passing, { ...sent, target: await mirroring.copiedTo?.(call) })
  const reads = c.req.method === 'GET'
  const known = await mirroring.subject?.(call)
  // Written with the change that the call makes; one that changes nothing is written after the answer.
  const carried = reads || known === undefined ? null : copies.carry(copy(known), c.get('requestId'))
  const began = performance.now()
  let written: string | null = null
  try {
    await next()
  } finally {
    written = carried?.end() ?? null
  }
  const ms = Math.round(performance.now() - began)
  const { status, headers } = c.res
  const body = bodyOf(mirroring, await answerBytes(c))
  const refused = status >= 300 || (mirroring.refuses?.(body) ?? false)
  if (refused && !reads) {
    if (written !== null) later(c, copies.takeBack(copy(known ?? null), written))
    return
  }
  const ours = { ...seen(status, headers, body), ms }
  const first = (await mirroring.first?.({ ...call, ours: body })) ?? false
  if (written !== null) {
    copies.answered(written, ours)
    if (first && (await adopted(sharing, passing, { request, ours: body })))
      await copies.takeBack(copy(known ?? null), written)
    return
  }
  const subject = known ?? (await mirroring.subject?.({ ...call, ours: body })) ?? null
  if (first && (await adopted(sharing, passing, { request, ours: body }))) return
  // Nobody else knows of this device: the copy is as durable as the device.
  if (first) await copies.add(copy(subject), ours)
  else unchanged(sharing, passing, { copy: copy(subject), ours })
}

/** Copies a call that changed nothing here; nobody waits for that. */
function unchanged(
  { counts }: Sharing,
  passing: Copied,
  { copy, ours }: { copy: CopyRequest; ours: unknown },
): void {
  const { c, route } = passing
  const { copies } = c.get('gateway')
  // What counts at the vendor, or ends something, is not told by the next call of the device.
  const alone = copy.once || route.ends || c.req.method === 'DELETE'
  const writing = alone ? copies.add(copy, ours) : copies.putOff(copy, ours)
  if (writing) later(c, writing)
  else noted(c, counts, passing, 'dropped', 'notSent.backlog')
}

const later = (c: Copied['c'], work: Promise<unknown>): void =>
  c.get('services').later(
    c,
    work.then(
      () => {},
      () => {},
    ),
  )

interface Sent extends Pick<CopyRequest, 'once' | 'users'> {
  readonly body: Uint8Array | null
  /** Undefined as it was sent. */
  readonly target: string | undefined
}

/** Everything of the call but the device. */
function copyOf(
  { instance }: Sharing,
  { c, app, route }: Copied,
  { once, users, body, target: another }: Sent,
): (subject: string | null) => CopyRequest {
  const { url, raw, method } = c.req
  const target = another ?? url.slice(url.indexOf('/', url.indexOf('://') + 3))
  const request = {
    ...{ method, target, headers: requestHeaders(raw.headers, instance) },
    body: body && toBase64Url(body),
  }
  return (subject) => ({ app, route: route.name, once, users, request: { ...request, subject } })
}

/** Asks the vendor at the first call of a device, since the app keeps the id that it is given. */
async function adopted(
  { vendors, counts, pace, instance }: Sharing,
  passing: Copied,
  said: { readonly request: unknown; readonly ours: unknown },
): Promise<boolean> {
  const { c, app, mirror, mirroring, route } = passing
  // A vendor that allows few calls is asked in the background where there are more.
  const limited = mirroring.maxPerSecond !== undefined
  if (limited && !pace.admits(mirror, c.get('now')().getTime())) return false
  const timeoutMs = Math.min(mirror.timeoutMs, FIRST)
  const asking = { ...passing, mirror: { ...mirror, timeoutMs }, started: performance.now() }
  const ending = await send(vendors, instance, asking)
  if ('failure' in ending) {
    noted(c, counts, passing, `failed.${ending.failure === 'timeout' ? 'timeout' : 'unreachable'}`)
    return false
  }
  const theirs = bodyOf(mirroring, ending.answer.body)
  if (ending.verdict === 'refused' || mirroring.refuses?.(theirs)) return false
  const heard = { c, app, route, theirs, ...said }
  if (!mirroring.gives?.(heard)) return false
  await mirroring.adopt?.(heard)
  noted(c, counts, passing, 'sent', 'notComparable')
  const passed = passOn(passing, ending.answer)
  c.res = undefined
  c.res = passed
  return true
}
