import type { Accepted } from '../adapter.ts'
import type { Lesson } from '../domain/mirroring.ts'
import type { Passing } from './forward.ts'
import type { Sharing } from './sharing.ts'
import { parsed, verdictOf } from './verdict.ts'
import { requestHeaders } from './wire.ts'

/** Asks the vendor, once for each device, what it knows of it; beyond the limit, a later call of the device does. */
export async function learn(sharing: Sharing, passing: Passing, call: Accepted): Promise<void> {
  const lesson = passing.mirroring.lesson?.(call)
  if (!lesson) return
  const { c, app, mirror } = passing
  // At once, so that no call of the device comes between.
  const asking = sharing.turns.ask(turnOf(passing, lesson.subject))
  if (!asking) return
  try {
    if (!sharing.pace.admits(mirror, c.get('now')().getTime())) return
    if (await c.get('gateway').mirrors.once(app, 'learnt', lesson.subject)) {
      await asking.alone()
      await lesson.take(await answersOf(sharing, passing, lesson), asking.counted())
    }
    asking.told()
  } catch {
    // What could not be learnt is told by later calls of the device.
  } finally {
    asking.end()
  }
}

/** Whose turn it is: the device or user that calls are about, of one app in a dialect. */
export const turnOf = ({ app }: Passing, subject: string): string => `${app.app.id}/${app.dialect}/${subject}`

async function answersOf(
  { vendors, instance }: Sharing,
  passing: Passing,
  { asks }: Lesson,
): Promise<unknown[]> {
  const { c, mirror } = passing
  const answers: unknown[] = []
  for (const { method, target, body } of asks) {
    const headers = requestHeaders(c.req.raw.headers, instance).filter(([name]) => name !== 'content-type')
    const called = await vendors.call(
      mirror,
      {
        url: new URL(`${mirror.upstream}${target}`),
        method,
        headers: body === undefined ? headers : [...headers, ['content-type', 'application/json']],
        body: body === undefined ? null : new Uint8Array(new TextEncoder().encode(JSON.stringify(body))),
        milliseconds: mirror.timeoutMs,
      },
      (answer) => verdictOf(answer, null) !== 'down',
    )
    const good = !('failure' in called) && verdictOf(called, null) === 'accepted'
    answers.push(good ? parsed(called.body) : undefined)
  }
  return answers
}
