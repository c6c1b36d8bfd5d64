// Makes a checkout runnable: installs the locked packages when they are missing or older than the lock file, then
// bundles src/node.ts into dist. Both `npm start` and `npm test` run it first, so neither needs anything prepared.
import { spawnSync } from 'node:child_process'
import { cpSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const at = (...parts) => join(root, ...parts)

const [major, minor] = process.versions.node.split('.').map(Number)
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Pushport needs Node.js 20.19 or newer; this is ${process.versions.node}.`)
  process.exit(1)
}

if (!installed()) {
  console.error('Installing the locked packages (npm ci); better-sqlite3 may take two minutes to compile.')
  const npm = process.env.npm_execpath
  const [command, args] = npm?.endsWith('.js') ? [process.execPath, [npm]] : ['npm', []]
  const { status } = spawnSync(command, [...args, 'ci', '--no-audit', '--no-fund'], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  })
  if (status !== 0) {
    console.error('npm ci failed, as told above; Pushport cannot start without its packages.')
    process.exit(1)
  }
}

/** Whether node_modules holds what package-lock.json names; optional packages are for other platforms. */
function installed() {
  // npm leaves the development packages out in production.
  const unneeded = ({ optional, dev }) => optional || (dev && process.env.NODE_ENV === 'production')
  try {
    const packagesOf = (...parts) => JSON.parse(readFileSync(at(...parts), 'utf8')).packages
    const present = packagesOf('node_modules', '.package-lock.json')
    return Object.entries(packagesOf('package-lock.json')).every(
      ([path, wanted]) => path === '' || unneeded(wanted) || present[path]?.version === wanted.version,
    )
  } catch {
    return false
  }
}

const { build, stop } = await import('esbuild')
await build({
  entryPoints: [at('src', 'node.ts'), at('.scripts', 'dev-worker.ts'), at('.scripts', 'demo.ts')],
  outdir: at('dist'),
  entryNames: '[name]',
  bundle: true,
  packages: 'external',
  platform: 'node',
  target: 'node20.19',
  format: 'esm',
  sourcemap: true,
  logLevel: 'warning',
})
await stop()
rmSync(at('dist', 'migrations'), { recursive: true, force: true })
cpSync(at('schema', 'migrations'), at('dist', 'migrations'), { recursive: true })
