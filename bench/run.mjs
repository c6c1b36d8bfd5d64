// `npm run bench -- [suite …] [option …]`; `--help` lists them. Bundles the bench and runs it.
import { spawnSync } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, stop } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
process.chdir(root)
const args = process.argv.slice(2)

/**
 * A million simulated phones need more heap than Node.js allows by default, and each collection of new objects looks at every
 * page of it, so there must be few of them.
 */
const LARGE_HEAP = ['--max-old-space-size=16384', '--min-semi-space-size=256', '--max-semi-space-size=512']

// Measures the Worker with its own tools.
if (args[0] === 'worker') await import('./worker.mjs')
else if (args.includes('migration') && !process.execArgv.includes(LARGE_HEAP[0])) {
  const again = [...LARGE_HEAP, fileURLToPath(import.meta.url), ...args]
  const { status } = spawnSync(process.execPath, again, { stdio: 'inherit' })
  process.exit(status ?? 1)
} else {
  const outdir = join(root, 'dist', 'bench')
  await build({
    entryPoints: {
      main: 'bench/main.ts',
      generator: 'bench/load/generator.ts',
      wrk: 'bench/load/wrk.ts',
      echo: 'bench/limits/echo.ts',
      direct: 'bench/limits/direct.ts',
      service: 'bench/send/service.ts',
      bare: 'bench/send/bare.ts',
      cipher: 'bench/send/cipher.ts',
    },
    outdir,
    bundle: true,
    // A suite is loaded on demand.
    splitting: true,
    // The test harness with which `hold` calls the product.
    alias: { '#runtime': './test/harness/runtime.node.ts' },
    packages: 'external',
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    logLevel: 'warning',
  })
  await stop()
  const { main } = await import(pathToFileURL(join(outdir, 'main.js')).href)
  try {
    await main(args)
  } catch (error) {
    console.error(error instanceof Error ? (error.stack ?? error.message) : error)
    process.exitCode = 1
  }
  // Processes that a suite left running are ended too.
  process.exit()
}
