import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { gzipSync } from 'node:zlib'
import { expect, test } from 'vitest'

test('the Worker bundle holds no Node-only module and stays under 366 KiB compressed: 300 of issue 8, point 14, the imports and mirrors of issues 13 and 14, and the sign-in of issue 15', async () => {
  const out = mkdtempSync(join(tmpdir(), 'pushport-bundle-'))
  const wrangler = join('node_modules', 'wrangler', 'bin', 'wrangler.js')
  await promisify(execFile)(process.execPath, [wrangler, 'deploy', '--dry-run', '--outdir', out], {
    env: { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true' },
    timeout: 60_000,
  })
  const bundle = readdirSync(out)
    .filter((name) => name.endsWith('.js'))
    .map((name) => readFileSync(join(out, name), 'utf8'))
    .join('\n')
  const nodeOnly =
    /(?:from|require\(|import\()\s*["'](?:node:[^"']+|better-sqlite3|pino|@hono\/node-server)["']/g
  expect(bundle.match(nodeOnly)).toBeNull()
  expect(bundle).not.toContain('better-sqlite3')
  expect(gzipSync(bundle).byteLength).toBeLessThan(366 * 1024)
})
