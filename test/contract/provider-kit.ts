import { post as over } from '#runtime'
import type { Kept, KeptSecrets } from '../../src/delivery/kept.ts'
import type { LaneDeps, Push } from '../../src/delivery/provider.ts'
import { fetchTransport } from '../../src/delivery/transport/fetch.ts'
import type { Post } from '../../src/delivery/transport/transport.ts'

/** Stores the secrets of one lane in memory, as the store does. */
export function memoryKept(): KeptSecrets {
  const all = new Map<string, Kept>()
  return {
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

function testClock(at = new Date()): TestClock {
  return {
    at,
    pass(seconds) {
      this.at = new Date(this.at.getTime() + seconds * 1000)
    },
  }
}

export interface Deps extends LaneDeps {
  readonly clock: TestClock
  /** The lane's log. */
  readonly logged: unknown[]
  /** From now on requests time out after this, because tests do not wait as long as the gateway. */
  hurry(milliseconds?: number): void
}

/** A lane's dependencies; it reaches the servers of the test. */
export function laneDeps(given: Partial<LaneDeps> & { readonly clock?: TestClock } = {}): Deps {
  const { clock = testClock(), ...rest } = given
  let patience: number | undefined
  const post: Post = (url, call) =>
    over(url, { ...call, ...(patience !== undefined && { milliseconds: patience }) })
  const logged: unknown[] = []
  return {
    now: () => clock.at,
    post,
    transport: fetchTransport(post),
    kept: memoryKept(),
    log: (record) => void logged.push(record),
    vapid: async () => {
      throw new Error('this lane has no VAPID pair')
    },
    encrypt: async () => {
      throw new Error('this lane encrypts nothing')
    },
    allowPrivate: true,
    ...rest,
    clock,
    logged,
    hurry(milliseconds = 1000) {
      patience = milliseconds
    },
  }
}

/** The usual push of these tests. */
export const attempt = { ttl: 3600, id: '6f1d0a52-5f0e-5f43-9d0b-3b7f0f5c2a11' }

export const push = (body: unknown, more: Partial<Push> = {}): Push => ({
  body: typeof body === 'string' ? body : JSON.stringify(body),
  priority: 'high',
  ...more,
})
