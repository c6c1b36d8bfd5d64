export interface Room {
  /** One line for docs/architecture.md. */
  readonly says: string
  readonly floor: number
  readonly may: readonly string[]
}

/**
 * Every room of the house: its floor, and what it may import (design.md, section 2). Imports lead down: to a room of a lower
 * floor that the list names, or to the room itself. A pattern ends in `/` for a folder; `types:` allows type imports only.
 */
export const ROOMS: Record<string, Room> = {
  'schema/': {
    says: 'every table, each a few lines, and the migrations that made them',
    floor: 0,
    may: ['drizzle-orm', 'drizzle-kit'],
  },
  'src/domain/': {
    says: 'values and rules: app, device, push token, topic, tag, ids, limits of lengths, retention, base64',
    floor: 0,
    may: [],
  },
  'src/version.ts': { says: 'the version in `package.json`', floor: 0, may: ['package.json'] },
  'src/config/': {
    says: 'how a variable is written: forms, names with a prefix, near misses',
    floor: 0,
    may: ['zod'],
  },
  'src/work/': {
    says: 'work without a request: what it is, in turns within a budget, a runner of its own, what is claimed from a queue',
    floor: 0,
    may: [],
  },

  'src/secrets/': {
    says: 'hashes, the vault that seals what must stay readable, VAPID pairs, the certificates of APNs',
    floor: 1,
    may: ['src/domain/', 'jose', '@noble/hashes', 'node-forge'],
  },
  'src/outbound/': {
    says: "the one way out: which addresses may be called, Node's guarded `fetch`",
    floor: 1,
    may: ['src/domain/', 'ipaddr.js', 'node:', 'undici'],
  },

  'src/store/contract/': {
    says: 'what a store can do, one file a subject, in words of the domain',
    floor: 1,
    may: ['types:src/domain/'],
  },

  'src/store/store.ts': {
    says: 'the index of that contract: `Store`',
    floor: 2,
    may: ['types:src/store/contract/'],
  },
  'src/store/row-ids.ts': {
    says: 'ids of rows, in the order in which they are made',
    floor: 2,
    may: ['src/domain/'],
  },
  'src/limits/': {
    says: 'bounds of requests, and what is counted against repeated failures',
    floor: 2,
    may: ['src/domain/', 'src/secrets/', 'lru-cache'],
  },

  'src/delivery/': {
    says: 'push services: what each takes as a credential, how it is asked, what its answers mean, when to try again',
    floor: 2,
    may: ['src/domain/', 'src/secrets/', 'types:src/outbound/', 'jose', 'uuid', 'zod'],
  },
  'src/gateway/': {
    says: 'use cases by subject: register, rotate, subscribe, tag, bind, erase, list, tell',
    floor: 3,
    may: [
      'src/work/',
      'src/domain/',
      'src/secrets/',
      'types:src/delivery/',
      'types:src/store/store.ts',
      'types:src/store/contract/',
      'lru-cache',
      'jose',
    ],
  },

  'src/transfer/': {
    says: 'in and out: files and their encodings, what their columns mean, what a row must be, imports in steps, exports',
    floor: 3,
    may: [
      ...['src/work/', 'src/domain/', 'src/secrets/'],
      ...['types:src/store/store.ts', 'types:src/store/contract/'],
    ],
  },

  'src/store/sql/': {
    says: 'statements written once over the tables of the schema, and the stores that run them as plans',
    floor: 3,
    may: [
      ...['types:schema/tables.ts', 'src/domain/', 'types:src/store/contract/', 'types:src/store/store.ts'],
      'drizzle-orm',
    ],
  },

  'src/store/sqlite/': {
    says: 'SQLite: drivers for better-sqlite3, the SQLite in Node.js and D1, their faults and readiness',
    floor: 4,
    may: [
      ...['src/domain/', 'types:src/store/contract/', 'src/store/sql/'],
      ...['better-sqlite3', 'drizzle-orm', 'node:'],
    ],
  },
  'src/store/postgres/': {
    says: 'PostgreSQL: its address, a pool of connections over several hosts, plans in one turn, their faults',
    floor: 4,
    may: [
      ...['src/domain/', 'types:src/store/contract/', 'src/store/sql/'],
      ...['pg', 'rate-limiter-flexible', 'drizzle-orm', 'node:'],
    ],
  },
  'src/adapter.ts': {
    says: 'what a dialect has to bring',
    floor: 4,
    may: [
      'types:src/domain/',
      'types:src/delivery/',
      'types:src/limits/',
      'types:src/outbound/',
      'types:src/gateway/',
      'types:src/transfer/format.ts',
      'types:hono',
      'types:zod',
    ],
  },

  'src/wire/': {
    says: 'reading requests: body, content coding, text, path, credentials, cross-origin',
    floor: 5,
    may: ['src/domain/', 'types:src/adapter.ts', 'hono', 'zod', '@hono/zod-validator'],
  },
  'src/events/': {
    says: "telling an app's back end: webhooks, signed",
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

  'src/sending/': {
    says: 'messages on their way: audiences in pages, lanes with circuits, results written a few dozen at a time',
    floor: 5,
    may: [
      ...['src/delivery/', 'src/domain/', 'src/work/'],
      ...['src/gateway/lanes.ts', 'src/gateway/audience.ts', 'src/gateway/token-hashes.ts'],
      ...['types:src/adapter.ts', 'types:src/store/store.ts', 'types:src/store/contract/'],
      'types:src/gateway/activity.ts',
    ],
  },

  'src/reference/': {
    says: 'what a dialect says of its API in words and schemas, and the OpenAPI document made of it; no part of the gateway',
    floor: 5,
    may: ['zod'],
  },
  'adapters/': {
    says: 'one folder a dialect: its routes, checks, answers and error shapes',
    floor: 6,
    may: [
      'src/adapter.ts',
      'src/domain/',
      'src/transfer/',
      'src/wire/',
      'types:src/reference/reference.ts',
      'types:src/delivery/rendering.ts',
      'types:src/gateway/',
      'hono',
      'zod',
      '@hono/zod-validator',
      'jose',
    ],
  },
  'adapters/mobilefirst/': {
    says: 'IBM MobileFirst, with certificates',
    floor: 6,
    may: ['src/secrets/apns-certificate.ts', 'node-forge'],
  },
  'adapters/pushwoosh/': { says: 'Pushwoosh, with phone numbers', floor: 6, may: ['libphonenumber-js'] },
  'src/admin/': {
    says: "the operators' API",
    floor: 6,
    may: [
      'src/domain/',
      'src/secrets/',
      'src/transfer/',
      'src/wire/',
      'src/reference/json-schema.ts',
      'types:src/adapter.ts',
      'types:src/delivery/rendering.ts',
      'types:src/gateway/',
      'types:src/store/store.ts',
      'src/version.ts',
      'hono',
      'zod',
    ],
  },

  'src/mirror/': {
    says: "calls shared with an app's vendor: who answers, what goes out, what an answer is worth",
    floor: 6,
    may: [
      ...['src/domain/', 'src/secrets/', 'src/wire/', 'types:src/adapter.ts', 'types:src/gateway/'],
      ...['types:src/outbound/', 'hono', 'lru-cache'],
    ],
  },

  'src/pull/': {
    says: "reading a vendor's own API: politely, into a file that an interrupted pull goes on with",
    floor: 4,
    may: ['src/transfer/text/', 'src/domain/', 'node:'],
  },
  'src/conformance/': {
    says: 'what a server of any dialect must answer, in rows that run over HTTP alone',
    floor: 4,
    may: [],
  },
  'vendors/': {
    says: 'what the command line alone knows of vendors: how their APIs give out devices, what they must answer',
    floor: 5,
    may: ['src/conformance/', 'src/pull/', 'src/transfer/text/', 'node:', 'csv-stringify', 'yauzl'],
  },
  'formats/': {
    says: 'what vendors export whose APIs nobody speaks here, one file each',
    floor: 4,
    may: ['src/transfer/', 'src/domain/'],
  },
  'adapters/index.ts': {
    says: 'the list of dialects',
    floor: 7,
    may: ['adapters/*/index.ts', 'src/adapter.ts'],
  },
  'adapters/references.ts': {
    says: 'the references of the dialects',
    floor: 7,
    may: ['adapters/*/reference.ts', 'types:src/reference/reference.ts'],
  },
  'src/console/': {
    says: "what serves the console's pages, and its sessions",
    floor: 7,
    may: [
      'src/admin/',
      'src/domain/',
      'src/wire/',
      'types:src/adapter.ts',
      'types:src/gateway/',
      'hono',
      'zod',
    ],
  },
  'src/http/': {
    says: 'the Hono app: routing, the outer address, the log of requests',
    floor: 7,
    may: [
      'src/admin/',
      'src/domain/',
      'src/wire/',
      'src/version.ts',
      'types:src/transfer/format.ts',
      'types:src/adapter.ts',
      'types:src/gateway/',
      'types:src/limits/',
      'types:src/mirror/',
      'types:src/outbound/',
      'ipaddr.js',
      'hono',
    ],
  },

  'src/config.ts': {
    says: 'the configuration, checked as a whole',
    floor: 8,
    may: [
      ...['src/config/', 'src/http/', 'src/limits/', 'src/secrets/', 'types:src/adapter.ts'],
      ...['types:src/domain/', 'zod'],
    ],
  },

  'src/build.ts': {
    says: 'puts the parts together over a store',
    floor: 9,
    may: [
      ...[
        'types:src/adapter.ts',
        'types:src/config.ts',
        'types:src/domain/',
        'src/delivery/',
        'src/console/',
        'src/gateway/',
        'src/http/',
        'src/limits/',
        'src/mirror/',
        'src/sending/',
        'src/transfer/',
      ],
      ...['src/outbound/', 'src/secrets/', 'types:src/store/store.ts', 'src/store/row-ids.ts', 'types:hono'],
    ],
  },
  'src/worker/': {
    says: 'the log, the counters and the metrics of the Workers entry',
    floor: 9,
    may: [
      'types:src/config.ts',
      'types:src/console/',
      'src/domain/',
      'src/version.ts',
      'types:src/gateway/',
      'types:src/limits/',
      'types:src/sending/',
      'types:src/transfer/',
      'types:src/work/',
    ],
  },
  'src/node/': {
    says: 'the HTTP server, kept secrets, log and arguments of the Node entry; HTTP/2 to push services, also for others (relay)',
    floor: 10,
    may: [
      ...[
        'types:src/adapter.ts',
        'src/admin/problem.ts',
        'src/admin/metrics-routes.ts',
        'src/admin/client.ts',
        'src/admin/demo.ts',
        'src/build.ts',
        'types:src/console/',
        'src/work/',
        'src/gateway/work.ts',
        'types:src/events/',
        'types:src/gateway/',
        'types:src/sending/',
        'types:src/transfer/',
        'types:src/store/store.ts',
        'types:src/store/sql/port.ts',
        'src/store/sql/store.ts',
        'src/config.ts',
        'src/limits/',
        'undici',
        'src/delivery/',
        'src/domain/',
        'src/outbound/',
        'src/secrets/hash.ts',
        'src/wire/',
        'src/mirror/',
        'src/version.ts',
        'types:src/store/sql/opening.ts',
      ],
      ...[
        'node:',
        '@hono/node-server',
        'hono',
        'pino',
        'pino-pretty',
        'prom-client',
        'zod',
        '@opentelemetry/',
      ],
      'types:src/config/telemetry.ts',
    ],
  },

  'src/move/': {
    says: 'moving house: every row from one engine to another, compared on both sides',
    floor: 5,
    may: [
      ...['schema/tables.ts', 'src/domain/', 'src/store/sql/', 'src/store/sqlite/', 'src/store/postgres/'],
      ...['drizzle-orm', 'pg', 'node:'],
    ],
  },
  'src/client/': {
    says: 'the typed client of the admin API, for programs of others too (`pushport/client`)',
    floor: 0,
    may: ['openapi-fetch'],
  },
  'console/': {
    says: "the console's pages, for browsers: over the typed client alone",
    floor: 1,
    may: ['src/client/', 'preact', 'preact-iso', 'uplot'],
  },
  'src/compatibility/': {
    says: 'what works with what: of the suites or of any server, as JSON, pages and badges; no part of the gateway',
    floor: 6,
    may: [
      'types:src/adapter.ts',
      'types:src/reference/reference.ts',
      'types:src/conformance/',
      'src/domain/groups.ts',
      'zod',
    ],
  },
  'src/cli/': {
    says: 'the command line: over the client alone, but for what runs or repairs a gateway on this machine',
    floor: 12,
    may: [
      ...['src/client/', 'src/version.ts', 'src/node.ts', 'src/node/backup/', 'src/transfer/text/'],
      ...['src/move/', 'src/domain/', 'src/pull/', 'src/conformance/', 'vendors/'],
      ...['src/compatibility/', 'adapters/references.ts'],
      ...['src/config.ts', 'src/config/', 'adapters/index.ts'],
      ...['node:', 'citty', '@clack/prompts'],
    ],
  },

  'src/node/backup/': {
    says: 'copies of the database file, and what they hold',
    floor: 10,
    may: [
      'types:src/admin/backups.ts',
      'src/store/sqlite/node-file.ts',
      'src/store/sqlite/driver.ts',
      'src/domain/',
      'node:',
    ],
  },
  'src/node.ts': {
    says: 'the entry on Node',
    floor: 11,
    may: ['src/', 'adapters/index.ts', 'formats/index.ts', 'node:', '@hono/node-server'],
  },
  'src/worker-gateway.ts': {
    says: 'the gateway on Cloudflare Workers, over any store',
    floor: 11,
    may: ['src/', 'adapters/index.ts', 'formats/index.ts', 'types:hono'],
  },
  // The names of the migrations, without what they do.
  'src/worker.ts': {
    says: 'the entry on Cloudflare Workers, over D1',
    floor: 12,
    may: ['src/', 'schema/migrations/meta/_journal.json'],
  },
  'src/worker-postgres.ts': {
    says: 'the entry on Cloudflare Workers, over PostgreSQL behind Hyperdrive',
    floor: 12,
    may: ['src/', 'schema/postgres/meta/_journal.json'],
  },
}
