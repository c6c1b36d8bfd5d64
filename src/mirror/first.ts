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
  /** The vendor's names for the device: queued copies that contain any of them are sent first. */
  readonly handles: readonly string[]
}

/** How long the call waits for the vendor whose id the app will keep, in milliseconds. */
const MOST = 2000
/** How often the queue of earlier copies is checked, in milliseconds. */
const LOOKS = 25

/**
 * Calls the vendor at the first call of a device, because the app keeps the id in the answer. Null if the app
 * gets the vendor's answer; otherwise the app keeps our id, and the copy is queued behind all copies that
 * contain these handles.
 */
export async function adopted(
  sharing: Sharing,
  passing: Copied,
  said: First,
): Promise<readonly string[] | null> {
  const { counts, pace } = sharing
  const { c, app, mirror, mirroring } = passing
  // If the vendor allows few calls, further ones are made in the background.
  const limited = mirroring.maxPerSecond !== undefined
  if (limited && !pace.admits(mirror, c.get('now')().getTime())) return said.handles
  const until = performance.now() + Math.min(mirror.timeoutMs, MOST)
  let { handles } = said
  for (;;) {
    const left = await untold(c, { app, handles, until })
    // The vendor would answer with an id that is about to be removed there.
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
    // The removal of this device has not arrived yet, so the vendor is asked again after it.
    handles = also
  }
}

/** The vendor's answer, and the id in it; null for none. */
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

/** Waits until no queued copy contains one of these; returns the remaining time, 0 for none. */
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
