export interface Room {
  /** One line for docs/architecture.md. */
  readonly says: string
  readonly floor: number
  readonly may: readonly string[]
}

/**
 * Every room: its floor, and what it may import (design.md, section 2). Imports lead down: to a room of a
 * lower floor that the list names, or to the room itself. A pattern for a folder ends in `/`; `types:` allows
 * only type imports.
 */
export const ROOMS: Record<string, Room> = {
  'schema/': {
    says: 'the tables, and the migrations generated from them',
    floor: 0,
    may: ['drizzle-orm', 'drizzle-kit'],
  },
  'src/domain/': {
    says: 'values and rules: app, device, push token, topic, tag, ids, length limits, retention, base64',
    floor: 0,
    may: [],
  },
  'src/version.ts': { says: 'the version in `package.json`', floor: 0, may: ['package.json'] },
  'src/config/': {
    says: 'the forms of settings: values, names with a prefix, misspelt names',
    floor: 0,
    may: ['zod'],
  },
  'src/work/': {
    says: 'background work: turns within a budget, runners, and consumers of queues',
    floor: 0,
    may: [],
  },

  'src/secrets/': {
    says: 'hashes, the encryption of secrets (vault), VAPID key pairs, APNs certificates',
    floor: 1,
    may: ['src/domain/', 'jose', '@noble/hashes', 'node-forge'],
  },
  'src/outbound/': {
    says: "all outgoing calls: which addresses may be called, Node's guarded `fetch`",
    floor: 1,
    may: ['src/domain/', 'ipaddr.js', 'node:', 'undici'],
  },

  'src/store/contract/': {
    says: 'the operations of a store in terms of the domain, one file per subject',
    floor: 1,
    may: ['types:src/domain/'],
  },

  'src/store/store.ts': {
    says: 'the index of the contract: `Store`',
    floor: 2,
    may: ['types:src/store/contract/'],
  },
  'src/store/row-ids.ts': {
    says: 'row ids, in order of creation',
    floor: 2,
    may: ['src/domain/'],
  },
  'src/limits/': {
    says: 'limits on requests, and on repeated failures',
    floor: 2,
    may: ['src/domain/', 'src/secrets/', 'lru-cache'],
  },

  'src/delivery/': {
    says: 'push services: their credentials, requests and answers, and when to retry',
    floor: 2,
    may: ['src/domain/', 'src/secrets/', 'types:src/outbound/', 'jose', 'uuid', 'zod'],
  },
  'src/gateway/': {
    says: 'use cases by subject: register, rotate, subscribe, tag, bind, erase, list, notify',
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
    says: 'imports and exports: files and encodings, columns, checks of rows, imports in steps',
    floor: 3,
    may: [
      ...['src/work/', 'src/domain/', 'src/secrets/'],
      ...['types:src/store/store.ts', 'types:src/store/contract/'],
    ],
  },

  'src/store/sql/': {
    says: 'the statements, shared by all engines, and the stores that run them as plans',
    floor: 3,
    may: [
      ...['types:schema/tables.ts', 'src/domain/', 'types:src/store/contract/', 'types:src/store/store.ts'],
      'drizzle-orm',
    ],
  },

  'src/store/sqlite/': {
    says: 'SQLite: drivers for better-sqlite3, the SQLite in Node.js and D1, their errors and readiness',
    floor: 4,
    may: [
      ...['src/domain/', 'types:src/store/contract/', 'src/store/sql/'],
      ...['better-sqlite3', 'drizzle-orm', 'node:'],
    ],
  },
  'src/store/postgres/': {
    says: 'PostgreSQL: its address, a connection pool over several hosts, plans in one round trip, errors',
    floor: 4,
    may: [
      ...['src/domain/', 'types:src/store/contract/', 'src/store/sql/'],
      ...['pg', 'rate-limiter-flexible', 'drizzle-orm', 'node:'],
    ],
  },
  'src/adapter.ts': {
    says: 'the interface of a dialect',
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
    says: 'reading requests: body, content coding, text, path, credentials, CORS',
    floor: 5,
    may: ['src/domain/', 'types:src/adapter.ts', 'hono', 'zod', '@hono/zod-validator'],
  },
  'src/events/': {
    says: "signed webhook calls to an app's back end",
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
    says: 'sending messages: audiences in pages, lanes with circuit breakers, results written in groups',
    floor: 5,
    may: [
      ...['src/delivery/', 'src/domain/', 'src/work/'],
      ...['src/gateway/lanes.ts', 'src/gateway/audience.ts', 'src/gateway/token-hashes.ts'],
      ...['types:src/adapter.ts', 'types:src/store/store.ts', 'types:src/store/contract/'],
      'types:src/gateway/activity.ts',
    ],
  },

  'src/reference/': {
    says: "the description of a dialect's API and the OpenAPI document generated from it; not part of the gateway",
    floor: 5,
    may: ['zod'],
  },
  'adapters/': {
    says: 'one folder per dialect: its routes, checks, answers and errors',
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
    says: "calls shared with an app's vendor: who answers, what is copied, and how answers compare",
    floor: 6,
    may: [
      ...['src/domain/', 'src/secrets/', 'src/wire/', 'types:src/adapter.ts', 'types:src/gateway/'],
      ...['types:src/outbound/', 'hono', 'lru-cache'],
    ],
  },

  'src/pull/': {
    says: "reading a vendor's own API at a limited rate, into a file with which an interrupted pull resumes",
    floor: 4,
    may: ['src/transfer/text/', 'src/domain/', 'node:'],
  },
  'src/conformance/': {
    says: 'tests that any server of a dialect must pass, over HTTP only',
    floor: 4,
    may: [],
  },
  'vendors/': {
    says: 'the vendor-specific parts of the command line: pulling devices, conformance requests',
    floor: 5,
    may: ['src/conformance/', 'src/pull/', 'src/transfer/text/', 'node:', 'csv-stringify', 'yauzl'],
  },
  'formats/': {
    says: 'export formats of vendors whose APIs Pushport does not implement, one file each',
    floor: 4,
    may: ['src/transfer/', 'src/domain/'],
  },
  'adapters/index.ts': {
    says: 'the list of dialects',
    floor: 7,
    may: ['adapters/*/index.ts', 'src/adapter.ts'],
  },
  'adapters/references.ts': {
    says: 'the API references of the dialects',
    floor: 7,
    may: ['adapters/*/reference.ts', 'types:src/reference/reference.ts'],
  },
  'src/console/': {
    says: "serves the console's pages and keeps its sessions",
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
    says: 'the Hono app: routing, the public address, the request log',
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
    says: 'the configuration, validated as a whole',
    floor: 8,
    may: [
      ...['src/config/', 'src/http/', 'src/limits/', 'src/secrets/', 'types:src/adapter.ts'],
      ...['types:src/domain/', 'zod'],
    ],
  },

  'src/build.ts': {
    says: 'assembles the parts over a store',
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
    says: 'log, counters and metrics of the Workers entry',
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
    says: 'HTTP server, stored secrets, log and arguments of the Node entry; HTTP/2 to push services, also as a relay',
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
    says: 'moving a database from one engine to another, with a comparison',
    floor: 5,
    may: [
      ...['schema/tables.ts', 'src/domain/', 'src/store/sql/', 'src/store/sqlite/', 'src/store/postgres/'],
      ...['drizzle-orm', 'pg', 'node:'],
    ],
  },
  'src/client/': {
    says: 'the typed client of the admin API, published as `pushport/client`',
    floor: 0,
    may: ['openapi-fetch'],
  },
  'console/': {
    says: "the console's pages, which use only the typed client",
    floor: 1,
    may: ['src/client/', 'preact', 'preact-iso', 'uplot'],
  },
  'src/compatibility/': {
    says: 'compatibility reports of the test suites or of any server, as JSON, pages and badges; not part of the gateway',
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
    says: 'the command line; uses only the client, except to run or repair a gateway on this machine',
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
    says: 'backups of the database file, and their verification',
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
  // The names of the migrations, without their content.
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
