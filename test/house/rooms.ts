export interface Room {
  readonly floor: number
  readonly may: readonly string[]
}

/**
 * Every room of the house: its floor, and what it may import (design.md, section 2). Imports lead down: to a room of a lower
 * floor that the list names, or to the room itself. A pattern ends in `/` for a folder; `types:` allows type imports only.
 */
export const ROOMS: Record<string, Room> = {
  'schema/': { floor: 0, may: ['drizzle-orm', 'drizzle-kit'] },
  'src/domain/': { floor: 0, may: [] },
  'src/version.ts': { floor: 0, may: ['package.json'] },
  'src/config/': { floor: 0, may: ['zod'] },
  'src/runner.ts': { floor: 0, may: [] },

  'src/secrets/': { floor: 1, may: ['src/domain/', 'jose', '@noble/hashes'] },
  'src/outbound/': { floor: 1, may: ['src/domain/', 'ipaddr.js', 'node:', 'undici'] },

  'src/store/contract/': { floor: 1, may: ['types:src/domain/'] },

  'src/store/store.ts': { floor: 2, may: ['types:src/store/contract/'] },
  'src/store/row-ids.ts': { floor: 2, may: ['uuid'] },
  'src/limits/': { floor: 2, may: ['src/domain/', 'src/secrets/', 'lru-cache'] },

  'src/gateway/': {
    floor: 3,
    may: [
      'src/domain/',
      'src/secrets/',
      'types:src/store/store.ts',
      'types:src/store/contract/',
      'lru-cache',
      'jose',
    ],
  },

  'src/store/sql/': {
    floor: 3,
    may: [
      ...['types:schema/tables.ts', 'src/domain/', 'types:src/store/contract/', 'types:src/store/store.ts'],
      'drizzle-orm',
    ],
  },

  'src/store/sqlite/': {
    floor: 4,
    may: [
      ...['src/domain/', 'types:src/store/contract/', 'src/store/sql/'],
      ...['better-sqlite3', 'drizzle-orm', 'node:'],
    ],
  },
  'src/adapter.ts': {
    floor: 4,
    may: [
      'types:src/domain/',
      'types:src/limits/',
      'types:src/outbound/',
      'types:src/gateway/',
      'types:hono',
      'types:zod',
    ],
  },

  'src/wire/': {
    floor: 5,
    may: ['src/domain/', 'types:src/adapter.ts', 'hono', 'zod', '@hono/zod-validator'],
  },
  'src/events/': {
    floor: 5,
    may: [
      'src/secrets/',
      'types:src/adapter.ts',
      'types:src/domain/',
      'types:src/gateway/',
      'types:src/outbound/',
      'standardwebhooks',
    ],
  },

  'adapters/': {
    floor: 6,
    may: [
      'src/adapter.ts',
      'src/domain/',
      'src/wire/',
      'types:src/gateway/',
      'hono',
      'zod',
      '@hono/zod-validator',
      'jose',
    ],
  },
  'adapters/mobilefirst/': { floor: 6, may: ['node-forge'] },
  'adapters/pushwoosh/': { floor: 6, may: ['libphonenumber-js'] },
  'src/admin/': {
    floor: 6,
    may: [
      'src/domain/',
      'src/secrets/',
      'src/wire/',
      'types:src/adapter.ts',
      'types:src/gateway/',
      'types:src/store/store.ts',
      'hono',
      'zod',
    ],
  },

  'adapters/index.ts': { floor: 7, may: ['adapters/*/index.ts', 'src/adapter.ts'] },
  'src/http/': {
    floor: 7,
    may: [
      'src/admin/',
      'src/domain/',
      'src/wire/',
      'src/version.ts',
      'types:src/adapter.ts',
      'types:src/gateway/',
      'types:src/limits/',
      'types:src/outbound/',
      'ipaddr.js',
      'hono',
    ],
  },

  'src/config.ts': {
    floor: 8,
    may: [
      ...['src/config/', 'src/http/', 'src/limits/', 'src/secrets/', 'types:src/adapter.ts'],
      ...['types:src/domain/', 'zod'],
    ],
  },

  'src/build.ts': {
    floor: 9,
    may: [
      ...[
        'types:src/adapter.ts',
        'types:src/config.ts',
        'types:src/domain/',
        'src/gateway/',
        'src/http/',
        'src/limits/',
      ],
      ...['src/outbound/', 'src/secrets/', 'types:src/store/store.ts', 'src/store/row-ids.ts', 'types:hono'],
    ],
  },
  'src/worker/': {
    floor: 9,
    may: ['types:src/config.ts', 'types:src/gateway/', 'types:src/limits/'],
  },
  'src/node/': {
    floor: 10,
    may: [
      ...[
        'src/admin/problem.ts',
        'src/admin/demo.ts',
        'src/build.ts',
        'src/runner.ts',
        'types:src/events/',
        'types:src/gateway/',
        'types:src/store/store.ts',
        'src/config.ts',
        'src/domain/',
        'src/wire/',
        'src/version.ts',
        'types:src/store/sqlite/node-file.ts',
      ],
      ...['node:', '@hono/node-server', 'pino', 'pino-pretty'],
    ],
  },

  'src/node.ts': { floor: 11, may: ['src/', 'adapters/index.ts', 'node:', '@hono/node-server'] },
  // The names of the migrations, without what they do.
  'src/worker.ts': {
    floor: 11,
    may: ['src/', 'adapters/index.ts', 'schema/migrations/meta/_journal.json', 'types:hono'],
  },
}
