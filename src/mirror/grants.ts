import { LRUCache } from 'lru-cache'
import type { Clock } from '../domain/ids.ts'
import type { GrantRequest } from '../domain/mirroring.ts'
import type { Gateway } from '../gateway/gateway.ts'
import type { Mirrored } from './forward.ts'
import type { Vendors } from './vendor.ts'
import { parsed, verdictOf } from './verdict.ts'

/** The credentials of a copy. */
export type Grant =
  | { readonly authorization: string; readonly kept: boolean }
  /** The operator has not configured credentials. */
  | 'missing'
  /** The vendor issues none at present. */
  | 'refused'

/** Most cached tokens of vendors. */
const MOST = 1000
/** Seconds before expiry at which a token is renewed, so that it does not expire in transit. */
const EARLIER = 60

/**
 * Tokens that vendors issue for the operators' credentials; each is requested once and cached until it
 * expires.
 */
export class Grants {
  readonly #deps: { readonly gateway: Gateway; readonly vendors: Vendors; readonly now: Clock }
  readonly #kept = new LRUCache<string, { readonly authorization: string; readonly until: number }>({
    max: MOST,
  })
  readonly #asked = new Map<string, Promise<Grant>>()

  constructor(deps: { readonly gateway: Gateway; readonly vendors: Vendors; readonly now: Clock }) {
    this.#deps = deps
  }

  async of(of: Mirrored, target: string): Promise<Grant> {
    const credentials = await this.#deps.gateway.mirrors.credentials(of.app)
    const wanted = credentials && of.mirroring.grant?.(credentials, target)
    if (!wanted) return 'missing'
    if (typeof wanted === 'string') return { authorization: wanted, kept: false }
    const key = keyOf(of, wanted)
    const kept = this.#kept.get(key)
    if (kept && kept.until > this.#deps.now().getTime())
      return { authorization: kept.authorization, kept: true }
    const asked = this.#asked.get(key) ?? this.#got(of, wanted, key).finally(() => this.#asked.delete(key))
    this.#asked.set(key, asked)
    return asked
  }

  /** The vendor no longer accepts it. */
  forget(of: Mirrored): void {
    for (const key of this.#kept.keys()) if (key.startsWith(scopeOf(of))) this.#kept.delete(key)
  }

  async #got(
    { mirror }: Mirrored,
    { target, headers, body, read }: GrantRequest,
    key: string,
  ): Promise<Grant> {
    const call = {
      url: new URL(`${mirror.upstream}${target}`),
      method: 'POST',
      headers: headers.map(([name, value]): [string, string] => [name, value]),
      body: new Uint8Array(new TextEncoder().encode(body)),
      milliseconds: mirror.timeoutMs,
    }
    const called = await this.#deps.vendors.call(mirror, call, (answer) => verdictOf(answer, null) !== 'down')
    const good = !('failure' in called) && verdictOf(called, null) === 'accepted'
    const got = good ? read(parsed(called.body)) : null
    if (!got) return 'refused'
    const until = this.#deps.now().getTime() + Math.max(0, got.seconds - EARLIER) * 1000
    this.#kept.set(key, { authorization: got.authorization, until })
    return { authorization: got.authorization, kept: false }
  }
}

const scopeOf = ({ app }: Pick<Mirrored, 'app'>): string => `${app.app.id}/${app.dialect} `
/** Tokens are cached by credentials, scope and server. */
const keyOf = ({ app, mirror }: Mirrored, { target, headers, body }: GrantRequest): string =>
  scopeOf({ app }) + JSON.stringify([mirror.upstream, target, headers, body])
