import type { Next } from 'hono'
import { GatewayError } from '../domain/error.ts'
import type { MirroredRoute } from '../domain/mirroring.ts'
import { requestTarget } from '../wire/path.ts'
import { bodyOf, requestBody } from './bodies.ts'
import { isCoaxed } from './coaxing.ts'
import type { Counted } from './counts.ts'
import { type Ending, type Passing, passOn, send, vendorDown } from './forward.ts'
import { learn, turnOf } from './learn.ts'
import { type Compared, compare, differ, LATE, noted, seen } from './report.ts'
import { copied } from './shadow.ts'
import type { Sharing } from './sharing.ts'
import type { VendorAnswer } from './vendor.ts'

/** The vendor answers, and nothing is stored here. */
export async function forward(sharing: Sharing, passing: Passing): Promise<Response> {
  const ending = await asked(sharing, passing)
  return passOn(passing, ending.answer)
}

/** Calls the vendor and counts the result. Throws the error for an unavailable vendor. */
async function asked({ vendors, counts, instance }: Sharing, passing: Passing) {
  const ending = await send(vendors, instance, passing)
  const { c } = passing
  if ('failure' in ending) {
    noted(
      c,
      counts,
      passing,
      'requests',
      `failed.${ending.failure === 'timeout' ? 'timeout' : 'unreachable'}`,
    )
    throw vendorDown(ending)
  }
  const refused = ending.verdict === 'refused' || refusedBy(passing, ending)
  noted(c, counts, passing, 'requests', 'sent', ...(refused ? (['failed.refused'] as const) : []))
  return { ...ending, refused }
}

const refusedBy = ({ mirroring }: Passing, ending: Extract<Ending, { answer: VendorAnswer }>): boolean =>
  mirroring.refuses?.(bodyOf(mirroring, ending.answer.body)) ?? false

/** The vendor answers; a call that it accepted is then applied here by the dialect's own handler. */
export async function record(sharing: Sharing, passing: Passing, next: Next): Promise<Response | undefined> {
  const { c, app, mirroring, mirror, route } = passing
  if (!route || route.passes) return forward(sharing, passing)
  if (await isCoaxed(sharing, passing)) throw new GatewayError('device_unknown', 'Register again.')
  const of = { ...passing, route }
  if (!mirror.learn) return recorded(sharing, of, next)
  const request = await requestBody(passing)
  const call = { c, app, route, request }
  const about = [await mirroring.subject?.(call), ...(mirroring.users?.(call) ?? [])]
  const keys = new Set(about.filter((one) => one != null).map((one) => turnOf(passing, one)))
  const leave = await sharing.turns.enter([...keys], mirroring.counted?.(request) ?? [])
  try {
    return await recorded(sharing, of, next)
  } finally {
    leave()
  }
}

async function recorded(
  sharing: Sharing,
  passing: Passing & { readonly route: MirroredRoute },
  next: Next,
): Promise<Response | undefined> {
  const { c, app, mirroring, mirror, route } = passing
  const ending = await asked(sharing, passing).catch((error: unknown) => {
    if (mirror.fallback !== 'local') throw error
    return null
  })
  // Answered and stored here; the vendor gets a copy when it is available again.
  if (!ending) return copied(sharing, passing, next)
  const { answer, refused } = (await byPresentId(sharing, passing, ending)) ?? ending
  const passed = passOn(passing, answer)
  if (refused) return passed
  const theirs = bodyOf(mirroring, answer.body)
  const request = await requestBody(passing)
  const call = { c, app, route, request, theirs }
  c.get('notes').vendor = { answer: theirs }
  const began = performance.now()
  const fresh = (await mirroring.unknown?.(call).catch(() => false)) ?? false
  const first = (await mirroring.prepare?.(call).catch(() => false)) ?? false
  await next()
  const applied = c.res
  const ms = Math.round(performance.now() - began)
  const ours = bodyOf(mirroring, new Uint8Array(await applied.arrayBuffer()))
  const good = applied.status < 300 && !(mirroring.refuses?.(ours) ?? false)
  const adopted = good && (await done(mirroring.adopt?.({ ...call, ours })))
  // The vendor has accepted the call. If it failed here, the next call of the device corrects that. A read
  // changes nothing.
  const unread = fresh && c.req.method === 'GET'
  if (!adopted && !unread) noted(c, sharing.counts, passing, 'diverged')
  const one = { ...seen(applied.status, applied.headers, ours), ms }
  // From here on, both sides know the device.
  const untold = fresh && differ(one, seen(answer.status, answer.headers, theirs), mirroring)
  if (first || untold) noted(c, sharing.counts, passing, 'notComparable')
  else {
    const { shown = (body: unknown) => body } = mirroring
    const count = (...names: Counted[]) => noted(c, sharing.counts, passing, ...names)
    const comparing = { gateway: c.get('gateway'), at: c.get('now')(), count }
    const compared = settled(sharing, passing, one, answer).then((vendor) => {
      const sides = { ours: { ...one, body: shown(ours) }, vendor: { ...vendor, body: shown(vendor.body) } }
      const { pathname, search } = new URL(c.req.url)
      const path = `${pathname}${search}`
      return compare(comparing, { of: passing, mode: 'record', path, request, ...sides })
    })
    c.get('services').later(
      c,
      compared.catch(() => {}),
    )
  }
  if (mirror.learn) c.get('services').later(c, learn(sharing, passing, call))
  // The answer of this side is discarded: its headers must not mix with the vendor's.
  c.res = undefined
  c.res = passed
  return undefined
}

/**
 * Repeats a call that the vendor refuses under the device's former id, with its current id; null for any
 * other call.
 */
async function byPresentId(
  { vendors, instance }: Sharing,
  passing: Passing & { readonly route: MirroredRoute },
  { refused }: { readonly refused: boolean },
): Promise<{ readonly answer: VendorAnswer; readonly refused: boolean } | null> {
  const { c, app, mirroring, route } = passing
  if (!refused || !mirroring.renames) return null
  const alias = await mirroring.subject?.({ c, app, route, request: await requestBody(passing) })
  const externalId = alias && (await c.get('gateway').mirrors.aliased(app, alias))
  if (!externalId) return null
  const target = requestTarget(c.req.url).replaceAll(alias, externalId)
  const ending = await send(vendors, instance, { ...passing, target })
  return 'failure' in ending
    ? null
    : { ...ending, refused: ending.verdict === 'refused' || refusedBy(passing, ending) }
}

/** The vendor's answer; for a read that differs, the answer after a further 2 seconds. */
async function settled(
  { vendors, instance }: Sharing,
  passing: Passing,
  ours: Compared['ours'],
  answer: VendorAnswer,
): Promise<Compared['vendor']> {
  const { c, mirroring } = passing
  const asSeen = ({ status, headers, body, ms }: VendorAnswer) => ({
    ...seen(status, headers, bodyOf(mirroring, body)),
    ms,
  })
  const first = asSeen(answer)
  if (c.req.method !== 'GET' || !differ(ours, first, mirroring)) return first
  await new Promise((resolve) => setTimeout(resolve, LATE))
  const ending = await send(vendors, instance, { ...passing, started: performance.now() })
  return 'failure' in ending ? first : asSeen(ending.answer)
}

const done = (work: Promise<void> | undefined): Promise<boolean> =>
  (work ?? Promise.resolve()).then(
    () => true,
    () => false,
  )
