import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

const NODE_ONLY =
  /(?:from|require\(|import\()\s*["'](?:node:[^"']+|better-sqlite3|pino|@hono\/node-server)["']/g

/** The bundle as wrangler would upload it. */
async function bundled(...flags: readonly string[]): Promise<string> {
  const out = mkdtempSync(join(tmpdir(), 'pushport-bundle-'))
  const wrangler = join('node_modules', 'wrangler', 'bin', 'wrangler.js')
  await promisify(execFile)(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', out, ...flags], {
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' },
    timeout: 60_000,
  })
  return readdirSync(out)
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(out, name), 'utf8'))
    .join('\n')
}

test('the Worker bundle holds no Node-only module and stays under 424 KiB compressed: 300 of issue 8, point 14, the imports, webhooks of the feed, mirrors, readiness, undo with its conflicts and what is kept for it of issues 13 and 14, and the sign-in of issue 15', async () => {
  const bundle = await bundled()
  expect(bundle.match(NODE_ONLY)).toBeNull()
  expect(bundle).not.toContain('better-sqlite3')
  expect(gzipSync(bundle).byteLength).toBeLessThan(424 * 1024)
})

test('the Worker over PostgreSQL takes of Node what workerd has, and at most 40 KiB compressed more', async () => {
  const bundle = await bundled('--config', 'wrangler.postgres.toml')
  const builtIn = [...new Set(bundle.match(NODE_ONLY)?.map((found) => /["'](.*)["']/.exec(found)?.[1]))]
  expect(builtIn.filter((name) => !name?.startsWith('node:'))).toEqual([])
  for (const name of ['better-sqlite3', 'rate-limiter-flexible', 'drizzle_migrations ('])
    expect(bundle).not.toContain(name)
  expect(gzipSync(bundle).byteLength).toBeLessThan(456 * 1024)
})
