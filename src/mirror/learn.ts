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
    const { mirrors } = c.get('gateway')
    if (await mirrors.once(app, 'learnt', lesson.subject)) {
      await asking.alone()
      const answers = await answersOf(sharing, passing, lesson)
      // The vendor was not there: it is asked at a later call.
      if (!answers) return await mirrors.again(app, 'learnt', lesson.subject)
      await lesson.take(answers, asking.counted())
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

/** Undefined for what the vendor refused; null if it did not answer. */
async function answersOf(
  { vendors, instance }: Sharing,
  passing: Passing,
  { asks }: Lesson,
): Promise<unknown[] | null> {
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
    const verdict = 'failure' in called ? 'down' : verdictOf(called, null)
    if ('failure' in called || verdict === 'down' || verdict === 'throttled') return null
    answers.push(verdict === 'accepted' ? parsed(called.body) : undefined)
  }
  return answers
}
