import { applyD1Migrations, type D1Migration } from 'cloudflare:test'
import { env } from 'cloudflare:workers'
import { postOver } from '../../src/delivery/transport/fetch.ts'
import { createOutbound } from '../../src/outbound/outbound.ts'
import type { Db } from '../../src/store/sql/port.ts'
import { openD1 } from '../../src/store/sqlite/d1.ts'
import { outsideFetch } from './serve.workers.ts'

export const runtimeName = 'D1 in workerd'

/** The isolate's D1; migrations may be applied more than once. */
export const openDb = (): Promise<Db> => opened('DB')
/**
 * Other databases: for a test that looks at all apps of its database, and for one that replaces the keys of
 * everything in it.
 */
export const openOwnDb = (name: 'OWN' | 'KEYS' = 'OWN'): Promise<Db> => opened(name)

async function opened(name: 'DB' | 'OWN' | 'KEYS'): Promise<Db> {
  const bindings = env as unknown as Record<typeof name, D1Database> & { TEST_MIGRATIONS: D1Migration[] }
  await applyD1Migrations(bindings[name], bindings.TEST_MIGRATIONS)
  return openD1(bindings[name])
}

/** How push services are called. */
export const post = postOver(createOutbound({ allowPrivate: true, fetch: outsideFetch }))

export { webEncrypt as encrypt } from '../../src/delivery/providers/webpush/cipher.ts'
export { outsideFetch, serve } from './serve.workers.ts'
