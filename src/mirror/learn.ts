import type { Accepted } from '../adapter.ts'
import type { Lesson } from '../domain/mirroring.ts'
import type { Passing } from './forward.ts'
import type { Sharing } from './sharing.ts'
import { parsed, verdictOf } from './verdict.ts'
import { requestHeaders } from './wire.ts'

/**
 * Asks the vendor, once per device, for its data of the device. Beyond the rate limit, a later call of the
 * device repeats this.
 */
export async function learn(sharing: Sharing, passing: Passing, call: Accepted): Promise<void> {
  const lesson = passing.mirroring.lesson?.(call)
  if (!lesson) return
  const { c, app, mirror } = passing
  // Marked immediately, so that no call of the device comes in between.
  const asking = sharing.turns.ask(turnOf(passing, lesson.subject))
  if (!asking) return
  try {
    if (!sharing.pace.admits(mirror, c.get('now')().getTime())) return
    const { mirrors } = c.get('gateway')
    if (await mirrors.once(app, 'learnt', lesson.subject)) {
      await asking.alone()
      const answers = await answersOf(sharing, passing, lesson)
      // The vendor was unavailable: a later call asks again.
      if (!answers) return await mirrors.again(app, 'learnt', lesson.subject)
      await lesson.take(answers, asking.counted())
    }
    asking.told()
  } catch {
    // Later calls of the device report what could not be read.
  } finally {
    asking.end()
  }
}

/** The key of a device or user that calls are about, within one app and dialect. */
export const turnOf = ({ app }: Passing, subject: string): string => `${app.app.id}/${app.dialect}/${subject}`

/** Undefined if the vendor refused the call; null if it did not answer. */
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
