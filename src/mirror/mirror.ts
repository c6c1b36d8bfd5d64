import type { Context, MiddlewareHandler } from 'hono'
import type { Adapter, AppEnv } from '../adapter.ts'
import type { DialectApp } from '../domain/app.ts'
import type { Clock } from '../domain/ids.ts'
import { mirrorOf } from '../domain/mirror.ts'
import type { Outbound } from '../outbound/outbound.ts'
import { createCounts } from './counts.ts'
import { createCallPace } from './pace.ts'
import { forward, record } from './record.ts'
import { noted } from './report.ts'
import { routeFinder } from './routes.ts'
import { shadow } from './shadow.ts'
import type { Sharing } from './sharing.ts'
import { Turns } from './turns.ts'
import { createVendors } from './vendor.ts'
import { isLoop } from './wire.ts'

export interface MirrorDeps {
  readonly outbound: Outbound
  readonly now: Clock
  /** Makes sure that the list of mirrored apps is loaded. */
  readonly known?: ((c: Context<AppEnv>) => Promise<void> | undefined) | undefined
}

/** Shares the calls of mirrored apps with their vendors. */
export interface Mirror {
  /** Runs before the routes of a dialect; null if the dialect cannot be mirrored. */
  before(adapter: Adapter): MiddlewareHandler<AppEnv> | null
}

export function createMirror({ outbound, now, known: ensureKnown }: MirrorDeps): Mirror {
  const sharing: Sharing = {
    vendors: createVendors({ outbound, now }),
    counts: createCounts(now),
    pace: createCallPace(),
    turns: new Turns(),
    instance: crypto.randomUUID().slice(0, 8),
  }

  return {
    before(adapter) {
      const { mirror: mirroring } = adapter.capabilities
      if (!mirroring) return null
      const find = routeFinder(mirroring.routes)
      return async (c, next) => {
        const started = performance.now()
        if (ensureKnown) await ensureKnown(c)
        // The usual case: the request is not mirrored, and nothing was queried.
        if (c.get('gateway').mirrors.servers(adapter.name).length === 0) return next()
        const app = await c.get('tenant').peek()
        const known = app && mirrorOf(app)
        if (app && !known) return next()
        const route = find(c.req.method, c.req.path)
        const shared = app ?? (route?.ofClient ? await ofServer(c, adapter.name) : null)
        const mirror = shared && mirrorOf(shared)
        if (!mirror) return next()
        const passing = { c, app: shared, mirror, mirroring, route, started }
        const shadows = mirror.mode === 'shadow'
        // A client that is unknown here belongs to no app.
        if (shadows && !app) return next()
        if (isLoop(c.req.raw.headers)) {
          noted(c, sharing.counts, passing, 'notSent.loop')
          return next()
        }
        await c.get('tenant').enter(shared)
        if (shadows) return shadow(sharing, passing, next)
        return mirror.mode === 'record' ? record(sharing, passing, next) : forward(sharing, passing)
      }
    },
  }
}

/**
 * The app for a call whose client only the vendor knows: any mirrored app, if all of them are mirrored to the
 * same server. With several servers, the client's server is unknown.
 */
async function ofServer(c: Context<AppEnv>, dialect: string): Promise<DialectApp | null> {
  const { mirrors, apps } = c.get('gateway')
  const [server, ...more] = mirrors.servers(dialect)
  return server && more.length === 0 ? apps.findById(dialect, server.appId) : null
}
