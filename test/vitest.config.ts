import { fileURLToPath } from 'node:url'
import { cloudflareTest, readD1Migrations } from '@cloudflare/vitest-pool-workers'
import { defineConfig } from 'vitest/config'

const root = fileURLToPath(new URL('..', import.meta.url))
const runtime = (name: string) => ({ '#runtime': `${root}test/harness/runtime.${name}.ts` })

/** Test files that run on Node alone say so in their names. */
const nodeOnly = ['test/**/*.node.test.ts', 'test/sdk/**/*.test.ts']

export default defineConfig(async () => ({
  root,
  test: {
    reporters: ['default', `${root}test/harness/reporter.ts`],
    projects: [
      {
        root,
        resolve: { alias: runtime('node') },
        test: {
          name: 'node',
          include: ['test/**/*.test.ts'],
          globalSetup: ['test/harness/bundle.ts'],
          setupFiles: ['test/harness/quiet.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
      {
        root,
        resolve: { alias: runtime('workers') },
        plugins: [
          cloudflareTest({
            main: './src/worker.ts',
            wrangler: { configPath: './wrangler.toml' },
            miniflare: {
              bindings: {
                TEST_MIGRATIONS: await readD1Migrations(`${root}schema/migrations`),
                ADMIN_TOKEN: 'test-admin-token-0123456789',
                MASTER_KEY: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
              },
            },
          }),
        ],
        test: {
          name: 'workers',
          include: ['test/**/*.test.ts'],
          exclude: nodeOnly,
          setupFiles: ['test/harness/quiet.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
}))
