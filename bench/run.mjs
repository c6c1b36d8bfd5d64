// `npm run bench -- [suite …] [option …]`; `--help` tells which there are. Bundles the bench and runs it.
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, stop } from 'esbuild'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
process.chdir(root)
const args = process.argv.slice(2)

// It measures the Worker, and brings its own tools.
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
    // A suite is read when it is asked for.
    splitting: true,
    // The harness of the tests, which `hold` calls the product with.
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
  // Whatever a suite left running goes with it.
  process.exit()
}
