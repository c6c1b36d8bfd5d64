import type { Kept, KeptSecrets } from '../../src/delivery/kept.ts'
import type { LaneDeps } from '../../src/delivery/provider.ts'
import { fetchTransport } from '../../src/delivery/transport/fetch.ts'
import { createOutbound } from '../../src/outbound/outbound.ts'

/** Kept secrets of one lane in memory, as the store keeps them. */
export function memoryKept(): KeptSecrets & { readonly all: Map<string, Kept> } {
  const all = new Map<string, Kept>()
  return {
    all,
    get: async (name) => all.get(name) ?? null,
    async put(name, made, known) {
      const stands = all.get(name)
      if (stands && stands.value !== known?.value) return stands
      all.set(name, made)
      return made
    },
  }
}

/** A clock that only tests move. */
export interface TestClock {
  at: Date
  pass(seconds: number): void
}

export function testClock(at = new Date()): TestClock {
  return {
    at,
    pass(seconds) {
      this.at = new Date(this.at.getTime() + seconds * 1000)
    },
  }
}

/** What a lane needs, over the runtime's own `fetch`; everything that it logs is in `logged`. */
export function laneDeps(
  given: Partial<LaneDeps> & { readonly clock?: TestClock; readonly fetch?: typeof fetch } = {},
): LaneDeps & { readonly logged: unknown[] } {
  const { clock = testClock(), fetch: asked = fetch, ...rest } = given
  const outbound =
    given.outbound ?? createOutbound({ allowPrivate: true, fetch: (url, init) => asked(url, init) })
  const logged: unknown[] = []
  return {
    now: () => clock.at,
    outbound,
    transport: fetchTransport(outbound),
    kept: memoryKept(),
    log: (record) => void logged.push(record),
    vapid: async () => {
      throw new Error('this lane has no VAPID pair')
    },
    encrypt: async () => {
      throw new Error('this lane encrypts nothing')
    },
    ...rest,
    logged,
  }
}
