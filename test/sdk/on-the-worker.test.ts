import { readdirSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, vi } from 'vitest'
import { shareServer } from '../harness/server.ts'

// Every test of an official SDK again, with the gateway in workerd over a local D1 (test/harness/server.ts).
vi.stubEnv('TEST_RUNTIME', 'worker')
const stop = shareServer()
afterAll(async () => {
  vi.unstubAllEnvs()
  await stop()
})

const files = readdirSync(import.meta.dirname)
  .filter((name) => name.endsWith('.test.ts') && name !== basename(fileURLToPath(import.meta.url)))
  .map((name) => [name, join(import.meta.dirname, name)] as const)

// A local workerd on a busy machine has now and then lost a request of a browser, about once in some thousand tests.
describe.each(files)('%s in workerd', { retry: 1 }, async (_, file) => {
  await import(file)
})
