import type { Next } from 'hono'
import { toBase64Url } from '../domain/encoding.ts'
import { GatewayError } from '../domain/error.ts'
import type { Copying } from '../domain/mirroring.ts'
import type { CopyRequest } from '../gateway/copy-drafts.ts'
import { requestTarget } from '../wire/path.ts'
import { bodyOf, requestBody } from './bodies.ts'
import { isCoaxed } from './coaxing.ts'
import { adopted, type Copied } from './first.ts'
import { type Passing, rawBody } from './forward.ts'
import { noted, seen } from './report.ts'
import type { Sharing } from './sharing.ts'
import { answerBytes } from './whole.ts'
import { requestHeaders } from './wire.ts'

/** The gateway answers; the vendor gets a copy, for which no caller waits. */
export async function shadow(sharing: Sharing, passing: Passing, next: Next): Promise<undefined> {
  const { c, route } = passing
  if (!route) return void (await next())
  noted(c, sharing.counts, passing, 'requests')
  if (await isCoaxed(sharing, passing)) throw new GatewayError('device_unknown', 'Register again.')
  return copied(sharing, { ...passing, route }, next)
}

/** Answers the call here, and copies it if its route is copied. */
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
  const handles = (await mirroring.handles?.(call)) ?? []
  const sent = { once, users: mirroring.users?.(call) ?? [], handles, body: await rawBody(passing) }
  const copy = copyOf(sharing, passing, { ...sent, target: await mirroring.copiedTo?.(call) })
  const reads = c.req.method === 'GET'
  const known = await mirroring.subject?.(call)
  // Written in the same transaction as the call's change; for a call without a change, written after the
  // answer.
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
    const passed = first && !(await adopted(sharing, passing, { request, ours: body, handles }))
    if (passed) await copies.takeBack(copy(known ?? null), written)
    // Not earlier: a copy that is sent while the vendor is asked gets its second answer, which is not to be compared.
    else copies.answered(written, ours)
    return
  }
  const subject = known ?? (await mirroring.subject?.({ ...call, ours: body })) ?? null
  if (first) {
    const behind = await adopted(sharing, passing, { request, ours: body, handles })
    // Only this side knows the device, so the copy is as durable as the device.
    if (behind) await copies.add({ ...copy(subject), handles: behind }, ours)
  } else unchanged(sharing, passing, { copy: copy(subject), ours })
}

/** Copies a call that changed nothing here; no caller waits for it. */
function unchanged(
  { counts }: Sharing,
  passing: Copied,
  { copy, ours }: { copy: CopyRequest; ours: unknown },
): void {
  const { c, route } = passing
  const { copies } = c.get('gateway')
  // The next call of the device does not repeat an event or a removal.
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

interface Sent extends Pick<CopyRequest, 'once' | 'users' | 'handles'> {
  readonly body: Uint8Array | null
  /** Undefined if sent unchanged. */
  readonly target: string | undefined
}

/** Everything in the call except the device. */
function copyOf(
  { instance }: Sharing,
  { c, app, route }: Copied,
  { once, users, handles, body, target: another }: Sent,
): (subject: string | null) => CopyRequest {
  const { url, raw, method } = c.req
  const target = another ?? requestTarget(url)
  const request = {
    ...{ method, target, headers: requestHeaders(raw.headers, instance) },
    body: body && toBase64Url(body),
  }
  return (subject) => ({ app, route: route.name, once, users, handles, request: { ...request, subject } })
}
