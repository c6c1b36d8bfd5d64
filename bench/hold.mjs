// `npm run bench:hold`: for how long any single call keeps everybody else waiting, over 200,000 devices in one app and one
// user with 50,000 of them. HOLD_DEVICES=20000 is a quick look; HOLD_DIALECT=mobilefirst is one dialect alone.
import { rmSync } from 'node:fs'
import { build } from 'esbuild'

const out = 'dist/bench-hold.js'
await build({
  entryPoints: ['bench/hold.ts'],
  outfile: out,
  bundle: true,
  packages: 'external',
  // The harness of the tests, on Node; what of it asserts is not called.
  alias: { '#runtime': './test/harness/runtime.node.ts' },
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  logLevel: 'warning',
})
// One that hangs is not waited for.
const late = setTimeout(
  () => {
    console.error('The bench did not end in time.')
    process.exit(1)
  },
  Number(process.env.HOLD_SECONDS ?? 1800) * 1000,
)
const { measure } = await import('../dist/bench-hold.js')
await measure({
  devices: Number(process.env.HOLD_DEVICES ?? 200_000),
  dialect: process.env.HOLD_DIALECT,
  say: (line) => process.stdout.write(`${line}\n`),
})
clearTimeout(late)
rmSync(out, { force: true })
process.exit(0)
