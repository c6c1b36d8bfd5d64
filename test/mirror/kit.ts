import { outsideFetch, serve } from '#runtime'
import { createHarness, type Harness, type HarnessOptions } from '../harness/harness.ts'

/** The vendor's server of a test: the calls it received, and its answers. */
export interface VendorServer {
  readonly origin: string
  readonly asked: Asked[]
  answer: (asked: Asked) => Response | Promise<Response>
  close(): void
}

export interface Asked {
  readonly method: string
  /** Path and query, as they arrived. */
  readonly target: string
  readonly headers: Headers
  readonly body: string
  readonly bytes: Uint8Array<ArrayBuffer>
}

export async function openVendor(
  answer: VendorServer['answer'] = () => Response.json({}),
): Promise<VendorServer> {
  const vendor = { asked: [] as Asked[], answer }
  const { origin, close } = await serve(async (request) => {
    const bytes = new Uint8Array(await request.arrayBuffer())
    const asked = {
      method: request.method,
      target: request.url.slice(request.url.indexOf('/', 8)),
      headers: request.headers,
      body: new TextDecoder().decode(bytes),
      bytes,
    }
    vendor.asked.push(asked)
    return vendor.answer(asked)
  })
  return Object.assign(vendor, { origin, close })
}

/** A gateway that may call servers on this machine. */
export const mirrorHarness = (options: HarnessOptions = {}): Promise<Harness> =>
  createHarness({ ...options, env: { ALLOW_PRIVATE_TARGETS: 'on', ...options.env }, fetch: outsideFetch })

/** Sets the mirror of an app's dialect. */
export async function setMirror(
  h: Harness,
  app: { readonly id: string },
  dialect: string,
  mirror: unknown,
): Promise<Response> {
  return h.admin('PATCH', `/apps/${app.id}`, { dialects: { [dialect]: { mirror } } })
}

/** Ways in which a vendor is effectively unreachable. */
export const HOSTILE: Readonly<Record<string, VendorServer['answer']>> = {
  'that answers HTML': () => new Response('<html>', { headers: { 'content-type': 'text/html' } }),
  'that answers HTML with 404': () =>
    new Response('<html>', { status: 404, headers: { 'content-type': 'text/html' } }),
  'that answers text which is no JSON': () =>
    new Response('OK then', { headers: { 'content-type': 'application/json' } }),
  'that redirects': () =>
    new Response(null, { status: 302, headers: { location: 'https://elsewhere.example/' } }),
  'that answers 500': () => Response.json({ error: 'oops' }, { status: 500 }),
  'that answers 503 with its own JSON': () => Response.json({ error: 'busy' }, { status: 503 }),
  'that limits calls': () =>
    Response.json({ error: 'slow down' }, { status: 429, headers: { 'retry-after': '7' } }),
  'that dies in the middle of a body': () =>
    new Response(
      new ReadableStream({
        start(controller) {
          controller.enqueue(new TextEncoder().encode('{"a":'))
          setTimeout(() => controller.error(new Error('gone')), 10)
        },
      }),
      { headers: { 'content-type': 'application/json' } },
    ),
  'that never answers': () => new Promise<Response>(() => {}),
  'that never ends its answer': () =>
    new Response(
      new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{')) }),
      { headers: { 'content-type': 'application/json' } },
    ),
}

/**
 * Uses an app of the gateway itself as the vendor: our texts in a request are replaced by the vendor's, and
 * back again in the answer. Only texts that are unique to our app must be named, because tokens and users
 * belong to each app separately.
 */
export function playedBy(h: Harness, names: Readonly<Record<string, string>>): VendorServer['answer'] {
  const [toVendor, toUs] = [Object.entries(names), Object.entries(names).map(([a, b]) => [b, a] as const)]
  const renamed = (text: string, pairs: readonly (readonly [string, string])[]) =>
    pairs.reduce((all, [from, to]) => all.replaceAll(from, to), text)
  return async ({ method, target, headers, bytes }) => {
    const sent = Object.fromEntries([...headers].map(([name, value]) => [name, renamed(value, toVendor)]))
    for (const name of ['host', 'content-length', 'connection', 'accept-encoding']) delete sent[name]
    const answer = await h.request(method, renamed(target, toVendor), {
      headers: sent,
      ...(bytes.byteLength > 0 && { body: bytesOf(renamed(textOf(bytes), toVendor)) }),
    })
    const kept = new Headers(answer.headers)
    kept.delete('content-length')
    const text = renamed(textOf(new Uint8Array(await answer.arrayBuffer())), toUs)
    return new Response(answer.status === 204 || text === '' ? null : bytesOf(text), {
      status: answer.status,
      headers: kept,
    })
  }
}

/** Byte for byte, so that binary calls stay valid. */
const textOf = (bytes: Uint8Array): string => Array.from(bytes, (byte) => String.fromCharCode(byte)).join('')
const bytesOf = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (one) => one.charCodeAt(0))
