import type { Outbound } from '../../outbound/outbound.ts'
import {
  ANSWER_BYTES,
  type Answer,
  type NoAnswer,
  type Post,
  REQUEST_MILLISECONDS,
  type Transport,
  Unanswered,
} from './transport.ts'

/** Connections over the guarded `fetch`: HTTP/1.1 on Node, the platform's choice on Workers. */
export function fetchTransport(post: Post): Transport {
  return {
    connect: (base) => ({
      send: ({ path, ...call }) => post(under(base, path), call),
      replace() {},
      async close() {},
    }),
  }
}

/** The URL of a path below a base, which may have a path itself. */
const under = (base: URL, path: string): URL => new URL(base.href.replace(/\/+$/, '') + path)

/** Posts over the guarded `fetch`; an interrupted body still counts as an answer. */
export const postOver =
  (outbound: Outbound): Post =>
  async (url, { headers, body, milliseconds = REQUEST_MILLISECONDS }) => {
    if (!outbound.allows(url)) throw new Unanswered('private', 'private-address')
    const started = performance.now()
    // Its size limit is larger than ours, which truncates the body instead of failing.
    const answer = { bytes: ANSWER_BYTES * 1024, milliseconds: REQUEST_MILLISECONDS }
    const response = await outbound
      .send(url, { method: 'POST', headers, body, milliseconds, answer })
      .catch((error: unknown) => {
        throw unanswered(error)
      })
    const left = Math.max(1, milliseconds - (performance.now() - started))
    const named = Object.fromEntries(response.headers)
    return { status: response.status, headers: named, ...(await readSome(response, left)) }
  }

/** The beginning of a body, as far as it arrives in time. */
async function readSome(response: Response, milliseconds: number): Promise<Pick<Answer, 'text' | 'whole'>> {
  const reader = response.body?.getReader()
  if (!reader) return { text: '', whole: true }
  const decoder = new TextDecoder()
  let [text, bytes, whole] = ['', 0, false]
  const timer = setTimeout(() => void reader.cancel().catch(() => {}), milliseconds)
  const late = performance.now() + milliseconds
  try {
    while (bytes < ANSWER_BYTES) {
      const { done, value } = await reader.read()
      if (done) {
        // Cancelling also ends the reader.
        whole = performance.now() < late
        break
      }
      const kept = value.subarray(0, ANSWER_BYTES - bytes)
      bytes += value.byteLength
      text += decoder.decode(kept, { stream: true })
    }
  } catch {
    // Interrupted: the part received so far is the answer.
  } finally {
    clearTimeout(timer)
    reader.cancel().catch(() => {})
  }
  return { text, whole }
}

/** Connection faults by Node's error codes; there are many for invalid certificates. */
const CODES: readonly (readonly [RegExp, NoAnswer])[] = [
  [/^EPRIVATE$/, 'private'],
  [/^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/, 'unreachable'],
  [/CERT|SELF_SIGNED|UNABLE_TO|^ERR_SSL/, 'unreachable'],
]

/** Classifies a failed call by the innermost error code, because messages contain host names. */
export function unanswered(error: unknown): Unanswered {
  if (error instanceof Unanswered) return error
  let code = ''
  let late = false
  for (let one = error, depth = 0; one instanceof Error && depth < 8; one = one.cause, depth++) {
    if ('code' in one && typeof one.code === 'string' && /^[A-Z][A-Z0-9_]+$/.test(one.code)) code = one.code
    late ||= /^no answer in \d+ ms$/.test(one.message)
  }
  if (late) return new Unanswered('timeout', 'timeout', { cause: error })
  const [, kind = 'lost'] = CODES.find(([form]) => form.test(code)) ?? []
  return new Unanswered(kind, code || kind, { cause: error })
}
