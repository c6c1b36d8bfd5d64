import { availableParallelism } from 'node:os'
import { fileURLToPath } from 'node:url'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-pool-workers'
import { configDefaults, defineConfig } from 'vitest/config'
import { readyNodes } from '../.scripts/nodes.mjs'
import { findPostgres } from '../.scripts/postgres.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const runtime = (name: string) => ({ '#runtime': `${root}test/harness/runtime.${name}.ts` })

/** Test files that run on Node alone say so in their names. */
const nodeOnly = ['test/**/*.node.test.ts', 'test/sdk/**/*.test.ts']
/** And those that run in workerd alone. */
const workersOnly = ['test/**/*.workers.test.ts']
/** What also runs with servers on other versions of Node (`npm test` gets those): only what may depend on the version. */
const servers = [
  'test/node.node.test.ts',
  'test/node/{arguments,collection,lock,stop}.node.test.ts',
  'test/durability.node.test.ts',
]
/** What must have its modules or its database for itself; all else shares them, which takes a third of the time. */
const alone = ['test/edge/maintenance.test.ts', 'test/sdk/**/*.test.ts']
/**
 * What asks the Worker as a whole, or must be the only one to leave something to be done by the clock. These share three
 * workerds with one another alone: a test that needs a fresh isolate takes a D1 binding of its own.
 */
const edge = ['test/edge/**/*.test.ts']

/**
 * What holds whichever engine is under the store, and may differ by engine: these run over PostgreSQL, too. What only
 * reads and answers requests runs there no other way.
 */
const onPostgres = {
  include: [
    'test/{gateway,identity,removals}/**/*.test.ts',
    'test/store/{same-effects,short-plans,store,ways}.test.ts',
    'test/cross/pairs.test.ts',
    // Import, export, mirror, readiness and undo (contracts/migration.md, section 9).
    'test/transfer/{adoption,export,live}.test.ts',
    'test/mirror/{aliases,erasure,granted,shadow,signed-out}.test.ts',
    'test/readiness/*.test.ts',
    // The conformance of each dialect, and what its calls change at once or in large lists.
    'test/adapters/*/{contract,field-reports,identity,jobs,registration,tags,users,webhooks}.test.ts',
    'test/adapters/*/{bulk,device-races,interests,tag-limits,tag-removal}.test.ts',
  ],
  exclude: ['test/**/*.node.test.ts'],
}

/** Bounds that only something that hangs reaches, also on a busy machine that is three times slower than usual. */
const patience = { testTimeout: 300_000, hookTimeout: 300_000, expect: { poll: { timeout: 60_000 } } }

function nodeProject(
  name: string,
  files: { include: string[]; exclude: string[] },
  isolate: boolean,
  own = 'node',
) {
  return {
    root,
    resolve: { alias: runtime(own) },
    test: {
      name,
      isolate,
      include: files.include,
      exclude: [...configDefaults.exclude, ...workersOnly, ...files.exclude],
      globalSetup: ['test/harness/bundle.ts', 'test/harness/postgres/setup.ts'],
      setupFiles: ['test/harness/quiet.ts', 'test/harness/programs.ts'],
      ...patience,
    },
  }
}

async function workersProject(
  name: string,
  files: { include: string[]; exclude: string[] },
  isolate: boolean,
) {
  return {
    root,
    resolve: { alias: runtime('workers') },
    plugins: [
      cloudflareTest({
        main: './src/worker.ts',
        wrangler: { configPath: './wrangler.toml' },
        miniflare: {
          // Besides the one of wrangler.toml, a database that nobody has migrated, and those of openOwnDb.
          d1Databases: { EMPTY: 'empty', OWN: 'own', KEYS: 'keys' },
          // The runtime's own binding, which takes points and keeps none; under another name than the gateway's.
          analyticsEngineDatasets: { DATASET: { dataset: 'points' } },
          // Under another name than the gateway's: only the test of it rings.
          queueProducers: { BELL: 'doorbell' },
          bindings: {
            TEST_MIGRATIONS: await readD1Migrations(`${root}schema/migrations`),
            ADMIN_TOKEN: 'test-admin-token-0123456789',
            MASTER_KEY: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
          },
        },
      }),
    ],
    test: {
      name,
      isolate,
      include: files.include,
      exclude: [...configDefaults.exclude, ...nodeOnly, ...files.exclude],
      setupFiles: ['test/harness/quiet.ts'],
      ...patience,
    },
  }
}

/** The tests run on this Node, and the servers that they start on the other one. */
const otherNodes = () =>
  readyNodes().map(({ name, program, home }) => {
    const { test, ...rest } = nodeProject(name, { include: servers, exclude: [] }, false)
    return { ...rest, test: { ...test, env: { TEST_NODE: program, TEST_DIST: `${home}/dist` } } }
  })

const without = (apart: string[]) => ({ include: ['test/**/*.test.ts'], exclude: apart })
const only = (apart: string[]) => ({ include: apart, exclude: [] })

export default defineConfig(async () => ({
  root,
  test: {
    // The main thread waits for its workers, and many tests wait for servers: one more than there are cores.
    maxWorkers: availableParallelism() + 1,
    reporters: [
      'default',
      `${root}test/harness/reporter.ts`,
      ...(process.env.COMPATIBILITY === undefined ? [] : [`${root}test/compatibility/reporter.ts`]),
    ],
    projects: [
      nodeProject('node', without(alone), false),
      nodeProject('node-alone', only(alone), true),
      ...(findPostgres() || process.env.REQUIRE_POSTGRES === '1'
        ? [nodeProject('postgres', onPostgres, false, 'postgres')]
        : []),
      await workersProject('workers', without(edge), false),
      // A workerd for each file would take twice the CPU time.
      await workersProject('workers-alone', only(edge), false),
      ...otherNodes(),
    ],
  },
}))
