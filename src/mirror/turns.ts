import { LRUCache } from 'lru-cache'

/** Most devices that are tracked at once. */
const MOST = 10_000
/** The longest wait of either side for the other, in milliseconds: about two seconds. */
const WAITS: readonly number[] = [1, 2, 4, 8, 15, ...Array.from({ length: 65 }, () => 30)]

/**
 * Separates, within one process, the calls of a device from the query to the vendor about it. The answer may
 * or may not include a call made meanwhile, which could then be applied twice or undone. Waiting is done by
 * polling, because on Workers a request must not wait for another request's promise.
 */
export class Turns {
  readonly #calls = new LRUCache<string, number>({ max: MOST })
  readonly #asking = new LRUCache<string, number>({ max: MOST })
  /** Values that were incremented or appended to here before the vendor's value was known. */
  readonly #counted = new LRUCache<string, Set<string>>({ max: MOST })

  /**
   * Waits until the vendor is not being asked about any of these. The call counts as in progress until the
   * result is called.
   */
  async enter(keys: readonly string[], counted: readonly string[]): Promise<() => void> {
    await until(() => !keys.some((key) => this.#isAsked(key)))
    for (const key of keys) {
      this.#calls.set(key, (this.#calls.get(key) ?? 0) + 1)
      if (counted.length > 0)
        this.#counted.set(key, new Set([...(this.#counted.get(key) ?? []), ...counted].slice(0, 1000)))
    }
    return () => {
      for (const key of keys) {
        const left = (this.#calls.get(key) ?? 1) - 1
        if (left > 0) this.#calls.set(key, left)
        else this.#calls.delete(key)
      }
    }
  }

  /** Blocks further calls until `end`; null if another query is in progress. */
  ask(key: string): Asking | null {
    if (this.#isAsked(key)) return null
    this.#asking.set(key, performance.now())
    return {
      alone: () => until(() => !this.#calls.has(key)),
      counted: () => this.#counted.get(key) ?? new Set(),
      told: () => void this.#counted.delete(key),
      end: () => void this.#asking.delete(key),
    }
  }

  /** A call that was aborted never reports its end. */
  #isAsked(key: string): boolean {
    const since = this.#asking.get(key)
    return since !== undefined && performance.now() - since < LONGEST
  }
}

/** The longest query: two answers, each within the longest `timeoutMs`. */
const LONGEST = 130_000

/** A query to the vendor about a device. */
export interface Asking {
  /** Waits for the calls in progress. */
  alone(): Promise<void>
  /** The names of the values that calls have incremented or appended to since the vendor was last asked. */
  counted(): ReadonlySet<string>
  /** Called when no value that started at zero is left. */
  told(): void
  end(): void
}

async function until(done: () => boolean): Promise<void> {
  for (const wait of WAITS) {
    if (done()) return
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
}
