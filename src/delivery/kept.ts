import type { Clock } from '../domain/ids.ts'

/** An access token or a signed JWT. */
export interface Kept {
  readonly value: string
  readonly madeAt: Date
  readonly expiresAt: Date
}

/** Short-lived secrets of one lane, sealed, and shared by all processes and isolates. */
export interface KeptSecrets {
  get(name: string): Promise<Kept | null>
  /**
   * Stores `made` if the stored value is still `known` (what the caller read; null for none), and returns the
   * stored value. If several processes create one at the same time, all use the first.
   */
  put(name: string, made: Kept, known: Kept | null): Promise<Kept>
}

interface SharedOptions {
  readonly name: string
  readonly kept: KeptSecrets
  readonly now: Clock
  /** Whether the secret should be replaced. If that fails, an unexpired secret stays in use. */
  readonly due: (kept: Kept, now: Date) => boolean
  readonly make: () => Promise<Kept>
}

/** One secret for all requests of a lane. */
export interface Shared {
  current(): Promise<string>
  /** The secret, if it is available without waiting, as for nearly all requests; otherwise undefined. */
  ready(): string | undefined
  /** Replaces a secret that the service refused. */
  renewed(refused: string): Promise<string>
}

/** Milliseconds between a failed renewal and the next attempt. */
const REST = 10_000

/** Keeps a secret: created once for any number of concurrent callers, and renewed when due. */
export function shared({ name, kept, now, due, make }: SharedOptions): Shared {
  let known: Kept | null = null
  let making: Promise<Kept> | undefined
  let restsUntil = 0

  const valid = (one: Kept, refused?: string): boolean => one.value !== refused && one.expiresAt > now()
  const fresh = (one: Kept, refused?: string): boolean =>
    valid(one, refused) && (now().getTime() < restsUntil || !due(one, now()))

  async function find(refused: string | undefined): Promise<Kept> {
    const stored = await kept.get(name)
    if (stored && fresh(stored, refused)) return stored
    try {
      return await kept.put(name, await make(), stored)
    } catch (error) {
      if (!stored || !valid(stored, refused)) throw error
      restsUntil = now().getTime() + REST
      return stored
    }
  }

  async function take(refused?: string): Promise<string> {
    if (known && fresh(known, refused)) return known.value
    making ??= find(refused).finally(() => {
      making = undefined
    })
    known = await making
    return known.value
  }

  return {
    current: () => take(),
    ready: () => (known && fresh(known) ? known.value : undefined),
    renewed: take,
  }
}
