import { LRUCache } from 'lru-cache'
import { joined } from '../domain/encoding.ts'
import type { Clock } from '../domain/ids.ts'
import type { MirrorSettings } from '../domain/mirror.ts'
import type { Outbound } from '../outbound/outbound.ts'
import { Circuit } from './circuit.ts'

/** A call to a vendor. */
export interface VendorCall {
  readonly url: URL
  readonly method: string
  readonly headers: readonly [string, string][]
  readonly body: Uint8Array<ArrayBuffer> | null
  /** Milliseconds until the last byte of the answer. */
  readonly milliseconds: number
}

/** A vendor's complete answer. */
export interface VendorAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Uint8Array<ArrayBuffer>
  readonly ms: number
}

/** Why there is no answer to pass on. */
export type Failure = 'unreachable' | 'timeout' | 'resting' | 'busy'
export type Called = VendorAnswer | { readonly failure: Failure; readonly cause?: unknown }

/** Calls vendors: each has a circuit, and a share of the connections that others cannot use. */
export interface Vendors {
  /**
   * `judge` returns whether the answer comes from the vendor itself; any other answer counts as a failure.
   */
  call(
    mirror: Pick<MirrorSettings, 'upstream'>,
    call: VendorCall,
    judge: (answer: VendorAnswer) => boolean,
  ): Promise<Called>
}

/** Most concurrent calls to one vendor. */
const AT_ONCE = 256
const MOST_VENDORS = 1000
/** Most bytes of an answer. */
const ANSWER_BYTES = 10 * 1024 * 1024
/** How much too early a timer may fire, in milliseconds, because fractions are cut off. */
const EARLY = 2

interface Vendor {
  readonly circuit: Circuit
  running: number
}

export function createVendors({ outbound, now }: { outbound: Outbound; now: Clock }): Vendors {
  const vendors = new LRUCache<string, Vendor>({ max: MOST_VENDORS })

  function vendorOf(upstream: string): Vendor {
    const known = vendors.get(upstream)
    if (known) return known
    const vendor = { circuit: new Circuit(), running: 0 }
    vendors.set(upstream, vendor)
    return vendor
  }

  return {
    async call({ upstream }, call, judge) {
      const vendor = vendorOf(upstream)
      if (vendor.running >= AT_ONCE) return { failure: 'busy' }
      if (!vendor.circuit.admits(now().getTime())) return { failure: 'resting' }
      vendor.running++
      try {
        const called = await answered(outbound, call)
        if ('failure' in called || !judge(called)) vendor.circuit.failed(now().getTime())
        else vendor.circuit.succeeded()
        return called
      } finally {
        vendor.running--
      }
    },
  }
}

async function answered(
  outbound: Outbound,
  { url, method, headers, body, milliseconds }: VendorCall,
): Promise<Called> {
  const started = performance.now()
  const spent = () => performance.now() - started
  if (milliseconds <= 0) return { failure: 'timeout' }
  try {
    const bare = method === 'GET' || method === 'HEAD' || body === null || body.byteLength === 0
    const begun = await outbound.send(url, {
      method,
      headers: [...headers],
      ...(!bare && { body }),
      milliseconds,
      answer: { bytes: ANSWER_BYTES, milliseconds },
    })
    const whole = await within(milliseconds - spent(), begun)
    return whole === null
      ? { failure: 'timeout' }
      : { status: begun.status, headers: begun.headers, body: whole, ms: Math.round(spent()) }
  } catch (cause) {
    return { failure: spent() >= milliseconds - EARLY ? 'timeout' : 'unreachable', cause }
  }
}

/** The body of an answer; null if it takes too long, and the answer is then cancelled. */
async function within(milliseconds: number, answer: Response): Promise<Uint8Array<ArrayBuffer> | null> {
  if (!answer.body) return new Uint8Array()
  const reader = answer.body.getReader()
  const chunks: Uint8Array[] = []
  let late = false
  const timer = setTimeout(
    () => {
      late = true
      reader.cancel().catch(() => {})
    },
    Math.max(0, milliseconds),
  )
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return late ? null : joined(chunks)
      chunks.push(value)
    }
  } finally {
    clearTimeout(timer)
  }
}
