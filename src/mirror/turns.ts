import { LRUCache } from 'lru-cache'

/** Most devices that are looked after at once. */
const MOST = 10_000
/** Longest that one of both waits for the other, in milliseconds: about two seconds. */
const WAITS: readonly number[] = [1, 2, 4, 8, 15, ...Array.from({ length: 65 }, () => 30)]

/**
 * Keeps the calls of a device and the question to the vendor about it apart, in one process: a call that is on its way while
 * the vendor is asked may be in the answer or not, and would be applied twice, or undone.
 *
 * Whoever waits looks again and again: on Workers, a request must not wait for the promise of another one.
 */
export class Turns {
  readonly #calls = new LRUCache<string, number>({ max: MOST })
  readonly #asking = new LRUCache<string, number>({ max: MOST })
  /** What was counted up or added to here before the vendor told from where. */
  readonly #counted = new LRUCache<string, Set<string>>({ max: MOST })

  /** Waits until the vendor is not asked about any of these. The call is on its way until the result is called. */
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

  /** Lets no further call begin until `end`; null if somebody else asks. */
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

  /** One that was broken off never says that it has ended. */
  #isAsked(key: string): boolean {
    const since = this.#asking.get(key)
    return since !== undefined && performance.now() - since < LONGEST
  }
}

/** No asking takes longer: two answers, each within the longest `timeoutMs`. */
const LONGEST = 130_000

/** A question to the vendor about a device. */
export interface Asking {
  /** Waits for the calls that are on their way. */
  alone(): Promise<void>
  /** The names of what calls have counted up or added to since the vendor was last asked. */
  counted(): ReadonlySet<string>
  /** Nothing is left that was counted from nothing. */
  told(): void
  end(): void
}

async function until(done: () => boolean): Promise<void> {
  for (const wait of WAITS) {
    if (done()) return
    await new Promise((resolve) => setTimeout(resolve, wait))
  }
}
