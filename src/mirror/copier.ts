import { LRUCache } from 'lru-cache'
import type { Adapter } from '../adapter.ts'
import { fromBase64Url } from '../domain/encoding.ts'
import type { Clock } from '../domain/ids.ts'
import { mirrorOf } from '../domain/mirror.ts'
import type { Copied, Copy, CopySender } from '../gateway/copies.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Outbound } from '../outbound/outbound.ts'
import { bodyOf } from './bodies.ts'
import { type Counted, type Counts, createCounts } from './counts.ts'
import type { Mirrored } from './forward.ts'
import { Grants } from './grants.ts'
import { createCallPace } from './pace.ts'
import { type Compared, compare, differ, LATE, seen } from './report.ts'
import { createVendors, type VendorAnswer, type Vendors } from './vendor.ts'
import { verdictOf } from './verdict.ts'

export interface CopierDeps {
  readonly adapters: readonly Adapter[]
  readonly gateway: Gateway
  readonly outbound: Outbound
  readonly now: Clock
}

/** Most concurrent calls of one app in a dialect. */
const AT_ONCE = 32
const SECOND = 1000
const ENDED: Copied = { ended: true }

type Answered = Compared['ours']

/** Sends copies to the vendors and compares both sides' answers. */
export class Copier implements CopySender {
  readonly #deps: CopierDeps
  readonly #vendors: Vendors
  readonly #counts: Counts
  readonly #pace = createCallPace()
  readonly #grants: Grants
  readonly #repeated = new LRUCache<string, true>({ max: 10_000 })
  #counting: Promise<void> = Promise.resolve()
  readonly #running = new Map<string, number>()
  /** Queues that are paused, and until when. */
  readonly #rests = new Map<string, number>()

  constructor(deps: CopierDeps) {
    this.#deps = deps
    this.#vendors = createVendors(deps)
    this.#counts = createCounts(deps.now)
    this.#grants = new Grants({ ...deps, vendors: this.#vendors })
  }

  async send(copy: Copy): Promise<Copied> {
    const of = await this.#mirrored(copy)
    // Without a mirror there is no vendor to send it to.
    if (!of) return ENDED
    this.#running.set(copy.line, (this.#running.get(copy.line) ?? 0) + 1)
    try {
      return await this.#made(copy, of)
    } finally {
      const left = (this.#running.get(copy.line) ?? 1) - 1
      if (left > 0) this.#running.set(copy.line, left)
      else this.#running.delete(copy.line)
    }
  }

  resting(): readonly string[] {
    const at = this.#deps.now().getTime()
    for (const [line, until] of this.#rests) if (until <= at || until > at + SECOND) this.#rests.delete(line)
    const full = [...this.#running].filter(([, calls]) => calls >= AT_ONCE).map(([line]) => line)
    return [...new Set([...this.#rests.keys(), ...full])]
  }

  async givenUp(copy: Copy): Promise<void> {
    const of = await this.#mirrored(copy)
    if (of) this.#noted(of, 'dropped', 'diverged')
  }

  settled(): Promise<void> {
    return this.#counting
  }

  async #mirrored({ scope, route: name }: Copy): Promise<Mirrored | null> {
    const { gateway, adapters } = this.#deps
    const app = await gateway.apps.findById(scope.dialect, scope.appId)
    const mirroring = adapters.find((one) => one.name === scope.dialect)?.capabilities.mirror
    const route = mirroring?.routes.find((one) => one.name === name)
    const mirror = app && mirrorOf(app)
    return app && mirror && mirroring && route ? { app, mirror, mirroring, route } : null
  }

  #noted({ app, mirror, route }: Mirrored, ...names: Counted[]): void {
    if (!route) return
    this.#counts.add({ appId: app.app.id, dialect: app.dialect, mirror, route: route.name }, ...names)
    this.#counting = this.#counts.flush(this.#deps.gateway)
  }

  /** Retried after a second, because no calls are made to the vendor at present. */
  #unsent(line: string): Copied {
    this.#rests.set(line, this.#deps.now().getTime() + SECOND)
    return { ended: false, begun: false }
  }

  async #made(copy: Copy, of: Mirrored): Promise<Copied> {
    const { mirror, route } = of
    if (!this.#pace.admits(mirror, this.#deps.now().getTime())) return this.#unsent(copy.line)
    const grant = route?.granted ? await this.#grants.of(of, copy.request.target) : undefined
    if (grant === 'missing') {
      this.#noted(of, 'notSent.never')
      return ENDED
    }
    if (grant === 'refused') {
      this.#noted(of, 'failed.unreachable')
      return { ended: false, begun: !copy.once }
    }
    const called = await this.#called(copy, of, grant)
    // A cached token may have been revoked before it expired.
    if (grant?.kept && 'status' in called && called.status === 401) {
      this.#grants.forget(of)
      return this.#made(copy, of)
    }
    if (!('failure' in called)) return this.#judged(copy, of, called)
    if (called.failure === 'resting' || called.failure === 'busy') return this.#unsent(copy.line)
    this.#noted(of, `failed.${called.failure}`)
    return { ended: false, begun: !(copy.once && neverLeft(called.cause)) }
  }

  #called({ request, ids }: Copy, { mirror, route }: Mirrored, grant?: { readonly authorization: string }) {
    const { method, target, headers, body } = request
    const own = grant ? headers.filter(([name]) => name !== 'authorization') : headers
    const granted = grant ? [['authorization', grant.authorization] as const] : []
    const call = {
      url: new URL(`${mirror.upstream}${textRenamed(target, ids, 'ours')}`),
      method,
      headers: [...own, ...granted].map(([name, value]): [string, string] => [name, value]),
      body: body === null ? null : renamed(bytesOf(body), ids, 'ours'),
      milliseconds: mirror.timeoutMs,
    }
    return this.#vendors.call(mirror, call, (answer) => verdictOf(answer, route) !== 'down')
  }

  async #judged(copy: Copy, of: Mirrored, answer: VendorAnswer): Promise<Copied> {
    const { mirroring, route } = of
    const verdict = verdictOf(answer, route)
    if (verdict === 'throttled' || verdict === 'down') {
      this.#noted(of, 'failed.unreachable')
      const seconds = Number(answer.headers.get('retry-after'))
      const begun = !(copy.once && verdict === 'throttled')
      return { ended: false, begun, ...(seconds > 0 && { after: seconds * SECOND }) }
    }
    const theirs = bodyOf(mirroring, renamed(answer.body, copy.ids, 'vendor'))
    const vendor = { ...seen(answer.status, answer.headers, theirs), ms: answer.ms }
    if (this.#maybeLate(copy, of, vendor)) return { ended: false, begun: true, after: LATE }
    const refused = verdict === 'refused' || (mirroring.refuses?.(theirs) ?? false)
    const ours = copy.ours as Answered | undefined
    const alike = ours !== undefined && (ours.status >= 300 || (mirroring.refuses?.(ours.body) ?? false))
    if (refused) this.#noted(of, 'sent', 'failed.refused', ...(alike ? [] : (['diverged'] as const)))
    else this.#noted(of, 'sent')
    await this.#compared(copy, of, vendor)
    const { subject } = copy.request
    const pairs =
      !refused && route ? mirroring.pairs?.({ subject, route, ours: ours?.body, theirs }) : undefined
    return { ended: true, ids: pairs ?? [], gone: route?.ends === true }
  }

  /**
   * A difference in a read is reported only if it still exists after 2 seconds, because the vendor may return
   * written data with a delay.
   */
  #maybeLate(copy: Copy, { mirroring }: Mirrored, vendor: Answered): boolean {
    const ours = copy.ours as Answered | undefined
    if (!ours || copy.request.method !== 'GET' || this.#repeated.has(copy.id)) return false
    const late = differ(ours, vendor, mirroring)
    if (late) this.#repeated.set(copy.id, true)
    return late
  }

  async #compared(copy: Copy, of: Mirrored, theirs: Answered): Promise<void> {
    const ours = copy.ours as Answered | undefined
    if (!ours) return this.#noted(of, 'notComparable')
    const { shown = (body: unknown) => body } = of.mirroring
    const { gateway, now } = this.#deps
    const sides = {
      ours: { ...ours, body: shown(ours.body) },
      vendor: { ...theirs, body: shown(theirs.body) },
    }
    const request = bodyOf(of.mirroring, bytesOf(copy.request.body))
    const context = { gateway, at: now(), count: (...names: Counted[]) => this.#noted(of, ...names) }
    // A failure to store the result must not cause the call to be sent again.
    const { target: path } = copy.request
    await compare(context, { of, mode: 'shadow', copy: copy.id, path, request, ...sides }).catch(() => {})
  }
}

const bytesOf = (text: string | null): Uint8Array<ArrayBuffer> =>
  (text === null ? null : fromBase64Url(text)) ?? new Uint8Array()

/** Replaces the ids of one side by those of the other in a text. */
const textRenamed = (text: string, ids: Copy['ids'], from: 'ours' | 'vendor'): string =>
  ids.reduce((all, id) => all.replaceAll(id[from], id[from === 'ours' ? 'vendor' : 'ours']), text)

function renamed(body: Uint8Array<ArrayBuffer>, ids: Copy['ids'], from: 'ours' | 'vendor') {
  if (ids.length === 0) return body
  return new Uint8Array(new TextEncoder().encode(textRenamed(new TextDecoder().decode(body), ids, from)))
}

const UNREACHED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/**
 * Whether a call certainly did not reach the vendor; then even a call that must not arrive twice may be
 * repeated.
 */
function neverLeft(cause: unknown): boolean {
  for (let error = cause, deep = 0; error instanceof Error && deep < 5; error = error.cause, deep++) {
    if (UNREACHED.has(String((error as { readonly code?: unknown }).code))) return true
  }
  return false
}
