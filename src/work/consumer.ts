/** The parameters of a claim, in the terms of the store's claim methods. */
export interface Terms {
  /** A unique name of this claim. */
  readonly lease: string
  readonly until: Date
  readonly horizon: Date
  readonly limit: number
}

/** The lease under which an item is processed. */
export interface Held {
  readonly lease: string
  /** Renews the lease if half of it is over. Work with many steps calls this before each step. */
  keep(): Promise<void>
}

export interface Source<Item> {
  claim(terms: Terms, at: Date): Promise<readonly Item[]>
  /** The key under which an item is processed only once at a time in this process, even if the clock is set back. */
  key?(item: Item): string
  /** Required if work may take longer than a lease. */
  renew?(lease: string, until: Date): Promise<void>
}

export interface ConsumerOptions<Item> {
  readonly source: Source<Item>
  readonly now: () => Date
  readonly newLease: () => string
  /** The duration of a lease in milliseconds; if a process crashes, its items are claimed again afterwards. */
  readonly lease: number
  /** The longest delay of any item; a later due time means that the clock was set back. */
  readonly longestWait: number
  /** Most items processed at once. */
  readonly atOnce: number
}

/** Processes one item, and settles, postpones or releases it. */
export type Run<Item> = (item: Item, held: Held) => Promise<void>

/** Limits of one run: no item begins once either is reached. */
export interface Bounds {
  readonly most: number
  readonly milliseconds: number
}

/** Claims due items of a queue and processes them. Used by every queue. */
export interface Consumer<Item> {
  /** Claims once and starts the items; returns their number. Calls `ended` after each, with the error if it failed. */
  begin(run: Run<Item>, ended: (fault?: unknown) => void): Promise<number>
  /** Processes items until none is due or the bounds are reached, and waits for all of them. Throws the first error. */
  drain(run: Run<Item>, bounds: Bounds): Promise<number>
  /** Resolves when no item is being processed. */
  idle(): Promise<void>
}

interface Taken<Item> {
  readonly item: Item
  readonly key: string
  readonly held: Held
}

export function createConsumer<Item>(options: ConsumerOptions<Item>): Consumer<Item> {
  const { source, now, newLease, lease, longestWait, atOnce } = options
  /** Keys in process, with the end of their leases: after a clock change they could be claimed again. */
  const running = new Map<string, number>()
  const waiters = new Set<() => void>()
  const nextEnd = () => new Promise<void>((resolve) => waiters.add(resolve))

  async function take(): Promise<readonly Taken<Item>[]> {
    const at = now()
    const later = (milliseconds: number) => new Date(at.getTime() + milliseconds)
    const limit = atOnce - running.size
    if (limit <= 0) return []
    const terms = { lease: newLease(), until: later(lease), horizon: later(longestWait + lease), limit }
    const items = await source.claim(terms, at)
    const keyed = items.map((item, place) => ({ item, key: source.key?.(item) ?? `${terms.lease} ${place}` }))
    const fresh = keyed.filter(({ key }) => (running.get(key) ?? 0) <= at.getTime())
    for (const { key } of fresh) running.set(key, terms.until.getTime())
    return fresh.map(({ item, key }) => ({ item, key, held: holding(key, terms) }))
  }

  function holding(key: string, terms: Terms): Held {
    let end = terms.until.getTime()
    return {
      lease: terms.lease,
      async keep() {
        const at = now().getTime()
        if (end - at > lease / 2) return
        end = at + lease
        running.set(key, end)
        await source.renew?.(terms.lease, new Date(end))
      },
    }
  }

  /** Calls `ended` before it resolves the waiters, which read what `ended` counted. */
  async function work({ item, key, held }: Taken<Item>, run: Run<Item>, ended: (fault?: unknown) => void) {
    let fault: unknown
    try {
      await run(item, held)
    } catch (error) {
      fault = error
    }
    running.delete(key)
    ended(fault)
    const woken = [...waiters]
    waiters.clear()
    for (const resolve of woken) resolve()
  }

  async function begin(run: Run<Item>, ended: (fault?: unknown) => void): Promise<number> {
    const taken = await take()
    for (const one of taken) void work(one, run, ended)
    return taken.length
  }

  return {
    begin,

    async drain(run, { most, milliseconds }) {
      let [made, ends] = [0, 0]
      let fault: unknown
      const ended = (error?: unknown) => {
        ends++
        fault ??= error
      }
      const stop = performance.now() + milliseconds
      while (fault === undefined && made < most && performance.now() < stop) {
        const [before, places] = [ends, atOnce - running.size]
        const begun = await begin(run, ended)
        made += begun
        // If a claim returned fewer items than there were slots, wait for an item to end before claiming again.
        if ((begun > 0 && begun === places) || ends > before) continue
        if (ends === made) break
        await nextEnd()
      }
      while (ends < made) await nextEnd()
      if (fault !== undefined) throw fault
      return made
    },

    async idle() {
      while (running.size > 0) await nextEnd()
    },
  }
}
