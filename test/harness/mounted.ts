import type { Hono } from 'hono'
import { onTestFinished } from 'vitest'
import { adapters as allAdapters } from '../../adapters/index.ts'
import { neighbours } from '../../formats/index.ts'
import { type Adapter, type AppEnv, configured } from '../../src/adapter.ts'
import { buildApp, type Chance } from '../../src/build.ts'
import type { Config } from '../../src/config.ts'
import type { ServedFile } from '../../src/console/pages.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import type { RequestRecord } from '../../src/http/app.ts'
import type { Fetch } from '../../src/outbound/outbound.ts'
import { notePlayed } from './played.ts'

export const ADMIN_TOKEN = 'test-admin-token-0123456789'

/** Stands in for the console's files, which only tests of a whole server have (test/console). */
const CONSOLE: Readonly<Record<string, ServedFile>> = {
  'index.html': { body: '<!doctype html>', type: 'text/html; charset=utf-8' },
  'app-A1B2C3D4.js': { body: 'export {}', type: 'text/javascript' },
}

/** A harness's own parts, whichever app answers its requests. */
export interface Owner {
  readonly gateway: Gateway
  readonly chance: Chance
  readonly log: RequestRecord[]
  readonly background: Promise<void>[]
}

/** Answers one harness at a time. */
interface Mounted {
  readonly app: Hono<AppEnv>
  owner: Owner
}

/** The shipped adapters, or only the one of this dialect. */
export const shipped = (config: Config, dialect: string | undefined): readonly Adapter[] =>
  configured(allAdapters, config).filter(({ name }) => dialect === undefined || name === dialect)

const idle = new Map<string, Mounted[]>()

/**
 * The shared app for harnesses without special parts, because mounting an app and its first request take
 * longer than most tests. A harness has it until the test ends; one that outlives its test gets a new one for
 * each test.
 */
export function lend(owner: Owner, config: Config, dialect: string | undefined): () => Hono<AppEnv> {
  const free = idle.get(dialect ?? '') ?? []
  idle.set(dialect ?? '', free)
  let lent: Mounted | undefined
  return () => {
    if (lent) return lent.app
    const mounted = free.pop() ?? mount(owner, config, { adapters: shipped(config, dialect) })
    mounted.owner = owner
    lent = mounted
    whenTheTestEnds(() => {
      lent = undefined
      free.push(mounted)
    })
    return mounted.app
  }
}

/** Outside a test, nothing shows when the app is free again, so it is kept. */
function whenTheTestEnds(work: () => void): void {
  try {
    onTestFinished(work)
  } catch {
    // Not in a test.
  }
}

interface Own {
  readonly adapters: readonly Adapter[]
  readonly fetch?: Fetch | undefined
}

export function mount(owner: Owner, config: Config, { adapters, fetch }: Own): Mounted {
  const mounted: Mounted = {
    owner,
    app: buildApp(config, {
      adapters,
      neighbours,
      fetch,
      gateway: () => mounted.owner.gateway,
      adminToken: () => ADMIN_TOKEN,
      consoleFile: async (_, name) => CONSOLE[name] ?? null,
      address: (c) => c.req.header('x-test-address') ?? '127.0.0.1',
      log(record) {
        mounted.owner.log.push(record)
        notePlayed(record)
      },
      later: (_, work) => mounted.owner.background.push(work),
      chance: {
        now: () => mounted.owner.chance.now(),
        ids: {
          row: () => mounted.owner.chance.ids.row(),
          app: () => mounted.owner.chance.ids.app(),
          secret: () => mounted.owner.chance.ids.secret(),
        },
      },
    }),
  }
  return mounted
}
