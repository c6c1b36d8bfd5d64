// `npm run bench -- [suite …] [option …]`; `--help` lists them. Bundles the bench and runs it.
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, stop } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
process.chdir(root)
const args = process.argv.slice(2)

// Measures the Worker with its own tools.
if (args[0] === 'worker') await import('./worker.mjs')
else {
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
