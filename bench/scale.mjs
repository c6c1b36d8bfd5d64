// How the store grows: bytes per device and the time of each query at 1,000, 100,000 and 1,000,000 devices, with the
// statements of src/store over better-sqlite3 in a temporary folder. SCALE_DEVICES=100000 stops earlier.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { build } from 'esbuild'

await build({
  entryPoints: ['bench/scale.ts'],
  outfile: 'dist/bench-scale.js',
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  logLevel: 'warning',
})
// A run takes two to four minutes; one that hangs is not waited for.
setTimeout(() => process.exit(1), 15 * 60_000).unref()
const { measure } = await import('../dist/bench-scale.js')
const folder = mkdtempSync(join(tmpdir(), 'pushport-scale-'))
try {
  const most = Number(process.env.SCALE_DEVICES || 1_000_000)
  await measure({
    file: join(folder, 'scale.db'),
    steps: [1000, 100_000, 1_000_000].filter((step) => step <= most),
    say: (line) => process.stdout.write(`${line}\n`),
  })
} finally {
  rmSync(folder, { recursive: true, force: true })
}
