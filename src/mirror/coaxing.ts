import type { MirroredRoute } from '../domain/mirroring.ts'
import type { Passing } from './forward.ts'
import type { Sharing } from './sharing.ts'
import { verdictOf } from './verdict.ts'
import { requestHeaders } from './wire.ts'

/**
 * Whether the device is told to register again, which happens at most once per device: only while the vendor
 * is available, because the device would otherwise have no id, and no more often than the operator allows.
 */
export async function isCoaxed(sharing: Sharing, passing: Passing): Promise<boolean> {
  const { c, app, mirror, mirroring, route } = passing
  const coaxed = mirror.coax && route && (await mirroring.coaxed?.({ c, app, route }))
  const { mirrors } = c.get('gateway')
  if (!coaxed || !(await mirrors.once(app, 'coaxed', coaxed.device))) return false
  const admitted = sharing.pace.admits(mirror, c.get('now')().getTime())
  if (admitted && (await answers(sharing, passing, coaxed.target))) return true
  await mirrors.again(app, 'coaxed', coaxed.device)
  return false
}

/** Whether the vendor is available. */
async function answers({ vendors, instance }: Sharing, { c, mirror }: Passing, target: string) {
  const called = await vendors.call(
    mirror,
    {
      url: new URL(`${mirror.upstream}${target}`),
      method: 'GET',
      headers: requestHeaders(c.req.raw.headers, instance).filter(([name]) => name !== 'content-type'),
      body: null,
      milliseconds: Math.min(mirror.timeoutMs, LONGEST),
    },
    (answer) => verdictOf(answer, ASKED) !== 'down',
  )
  return !('failure' in called) && ['accepted', 'refused'].includes(verdictOf(called, ASKED))
}

/** A device, as JSON. */
const ASKED: MirroredRoute = { name: '', method: 'GET', paths: [], answers: 'json' }
/** The device waits for this answer. */
const LONGEST = 2000
