/** How a queue is claimed from: what a claim says is what a store calls by the same names. */
export interface Terms {
  /** A name that no other claim has. */
  readonly lease: string
  readonly until: Date
  readonly horizon: Date
  readonly limit: number
}

/** The lease under which something is worked on. */
export interface Held {
  readonly lease: string
  /** Makes it last longer where half of it is over: for work of many parts, before each of them. */
  keep(): Promise<void>
}

export interface Source<Item> {
  claim(terms: Terms, at: Date): Promise<readonly Item[]>
  /** Of items that are not to be worked on twice at once here, even if the clock is set back meanwhile. */
  key?(item: Item): string
  /** Needed where work may take longer than a lease. */
  renew?(lease: string, until: Date): Promise<void>
}

export interface ConsumerOptions<Item> {
  readonly source: Source<Item>
  readonly now: () => Date
  readonly newLease: () => string
  /** How long a lease lasts, in milliseconds; of one who dies, work is claimed again after it. */
  readonly lease: number
  /** The longest time that anything waits; a later one means that the clock was set back. */
  readonly longestWait: number
  /** Most items at once. */
  readonly atOnce: number
}

/** Works on one item, and settles, postpones or releases it. */
export type Run<Item> = (item: Item, held: Held) => Promise<void>

/** No item begins once either is used up. */
export interface Bounds {
  readonly most: number
  readonly milliseconds: number
}

/** Takes what is due from a queue and works on it: the one way in which this is done, whatever waits. */
export interface Consumer<Item> {
  /** Claims once and begins; returns the number of items. Calls `ended` after each, with the error if it failed. */
  begin(run: Run<Item>, ended: (fault?: unknown) => void): Promise<number>
  /** Works until nothing is due or the bounds are reached, and waits for what began. Throws the first error. */
  drain(run: Run<Item>, bounds: Bounds): Promise<number>
  /** Resolves when nothing is worked on. */
  idle(): Promise<void>
}

interface Taken<Item> {
  readonly item: Item
  readonly key: string
  readonly held: Held
}

export function createConsumer<Item>(options: ConsumerOptions<Item>): Consumer<Item> {
  const { source, now, newLease, lease, longestWait, atOnce } = options
  /** What is worked on, and the end of its lease: after a change of the clock it could be claimed again. */
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
        // Where less was due than there were places, more is only once an item has ended.
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
