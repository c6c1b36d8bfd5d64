import type { Caller } from '../conformance/samples.ts'
import { EXIT, Fault } from './faults.ts'

/** How long an answer may take, in milliseconds, and how long a server may ask to wait. */
const [LONGEST, LONGEST_WAIT] = [30_000, 60_000]

/** Sends requests to any server, as a phone does. Throws a `Fault` if the server does not answer. */
export function callerAt(target: string): Caller {
  return {
    async request(method, path, { headers = {}, body } = {}) {
      for (let waited = 0; ; ) {
        const response = await reached(target, method, path, { headers, body })
        const wait = Number(response.headers.get('Retry-After') ?? 1) * 1000
        if (response.status !== 429 || !(wait + waited <= LONGEST_WAIT)) return response
        waited += wait
        await new Promise((resume) => setTimeout(resume, wait))
      }
    },
  }
}

async function reached(
  target: string,
  method: string,
  path: string,
  { headers, body }: { readonly headers: Readonly<Record<string, string>>; readonly body: unknown },
): Promise<Response> {
  const plain = typeof body === 'string' || body instanceof Uint8Array
  const sent = new Headers(headers)
  if (body !== undefined && !plain && !sent.has('Content-Type')) sent.set('Content-Type', 'application/json')
  const bytes = body === undefined || plain ? body : JSON.stringify(body)
  const signal = AbortSignal.timeout(LONGEST)
  const init = {
    ...{ method, headers: sent, redirect: 'manual' as const, signal },
    ...(bytes !== undefined && { body: typeof bytes === 'string' ? new TextEncoder().encode(bytes) : bytes }),
  }
  try {
    return await fetch(`${target}${path}`, init as RequestInit)
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
    if (code === 'ECONNREFUSED' || code === 'ENOTFOUND')
      throw new Fault(EXIT.unreachable, `No answer from ${target}: ${code}.`)
    throw error
  }
}
