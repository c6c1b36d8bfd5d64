import type { MirroredRoute } from '../domain/mirroring.ts'
import type { CopyRequest } from '../gateway/copy-drafts.ts'
import { bodyOf } from './bodies.ts'
import { type Passing, passOn, send } from './forward.ts'
import { noted } from './report.ts'
import type { Sharing } from './sharing.ts'

/** A call of a route that is copied. */
export type Copied = Passing & { readonly route: MirroredRoute }

interface First {
  readonly request: unknown
  readonly ours: unknown
  /** By which the vendor knows the device: what waits that names any of them is told first. */
  readonly handles: readonly string[]
}

/** How long the vendor is waited for whose id the app will keep, in milliseconds. */
const MOST = 2000
/** How often it is looked whether the vendor has heard of what comes before, in milliseconds. */
const LOOKS = 25

/**
 * Asks the vendor at the first call of a device, since the app keeps the id that it is given. Null if the app gets the vendor's
 * answer; otherwise it keeps ours, and the copy of the call goes behind all that names these handles.
 */
export async function adopted(
  sharing: Sharing,
  passing: Copied,
  said: First,
): Promise<readonly string[] | null> {
  const { counts, pace } = sharing
  const { c, app, mirror, mirroring } = passing
  // A vendor that allows few calls is asked in the background where there are more.
  const limited = mirroring.maxPerSecond !== undefined
  if (limited && !pace.admits(mirror, c.get('now')().getTime())) return said.handles
  const until = performance.now() + Math.min(mirror.timeoutMs, MOST)
  let { handles } = said
  for (;;) {
    const left = await untold(c, { app, handles, until })
    // It would answer with an id that is about to end there.
    if (left <= 0) return handles
    const heard = await answerOf(sharing, passing, { ...said, handles, milliseconds: left })
    if (!heard) return handles
    const also = [...handles, heard.id]
    if (
      handles.includes(heard.id) ||
      !(await c.get('gateway').copies.precede({ app, handles: [heard.id] }))
    ) {
      await mirroring.adopt?.(heard.call)
      noted(c, counts, passing, 'sent', 'notComparable')
      const passed = passOn(passing, heard.answer)
      c.res = undefined
      c.res = passed
      return null
    }
    // The end of that very device has not arrived: it is asked once more behind it.
    handles = also
  }
}

/** What the vendor answers, and the id that it gives; null for none. */
async function answerOf(
  { vendors, counts, instance }: Sharing,
  passing: Copied,
  { milliseconds, request, ours }: First & { readonly milliseconds: number },
) {
  const { c, app, mirror, mirroring, route } = passing
  const asking = {
    ...passing,
    mirror: { ...mirror, timeoutMs: milliseconds },
    started: performance.now(),
  }
  const ending = await send(vendors, instance, asking)
  if ('failure' in ending) {
    noted(c, counts, passing, `failed.${ending.failure === 'timeout' ? 'timeout' : 'unreachable'}`)
    return null
  }
  const theirs = bodyOf(mirroring, ending.answer.body)
  if (ending.verdict === 'refused' || mirroring.refuses?.(theirs)) return null
  const call = { c, app, route, theirs, request, ours }
  const id = mirroring.gives?.(call) ?? null
  return id === null ? null : { id, call, answer: ending.answer }
}

/** Waits until no copy is on its way any more that names one of these; what is left of the time then, 0 for none. */
async function untold(
  c: Copied['c'],
  { until, ...handled }: Pick<CopyRequest, 'app' | 'handles'> & { readonly until: number },
): Promise<number> {
  const { copies } = c.get('gateway')
  while (await copies.precede(handled)) {
    if (performance.now() + LOOKS >= until) return 0
    await new Promise((resolve) => setTimeout(resolve, LOOKS))
  }
  return Math.round(until - performance.now())
}
