// Makes a checkout runnable: installs the locked packages, compiles better-sqlite3 for this Node, and builds the bundles
// in dist. Skips what is up to date, so that a restart is fast. `node .scripts/prepare.mjs` is for tests and tools and
// installs development packages too; `npm start` does not. `--nodes` also installs the other versions of Node.js,
// and a PostgreSQL where the machine has none.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bundleConsole } from './console.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const at = (...parts) => join(root, ...parts)
const text = (...parts) => readFileSync(at(...parts), 'utf8')

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await prepare({ development: true })
  if (process.argv.includes('--nodes')) {
    const { prepareNodes } = await import('./nodes.mjs')
    const fault = prepareNodes(npm)
    if (fault && process.env.REQUIRE_NODES) end(`No other versions of Node.js: ${fault}.`)
    if (fault) console.error(`The server suites run only on this Node.js: ${fault}.`)
    const { preparePostgres } = await import('./postgres.mjs')
    const database = preparePostgres(npm)
    if (database.fault) end(database.fault)
    console.error(database.told)
  }
}

/** `development`: includes the packages that only tests and tools need. Exits the process on failure. */
export async function prepare({ development }) {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major < 20 || (major === 20 && minor < 19)) {
    end(`Pushport needs Node.js 20.19 or newer; this is ${process.versions.node}.`)
  }
  if (!installed(development)) install(development)
  if (!addonLoads() && existsSync(at('node_modules', 'better-sqlite3'))) rebuildAddon()
  await bundle()
}

function end(message) {
  console.error(message)
  process.exit(1)
}

function npm(...args) {
  const path = process.env.npm_execpath
  const script = path?.endsWith('.js') ? path : undefined
  const [command, first] = script ? [process.execPath, [script]] : ['npm', []]
  const shell = !script && process.platform === 'win32'
  return spawnSync(command, [...first, ...args], { cwd: root, stdio: ['ignore', 2, 2], shell }).status === 0
}

/** Whether node_modules matches package-lock.json; optional packages for other platforms may be missing. */
function installed(development) {
  const unneeded = ({ optional, dev, devOptional }) => optional || ((dev || devOptional) && !development)
  const present = packagesOf('node_modules', '.package-lock.json')
  return Object.entries(packagesOf('package-lock.json') ?? {}).every(
    ([path, wanted]) => path === '' || unneeded(wanted) || present?.[path]?.version === wanted.version,
  )
}

function packagesOf(...parts) {
  try {
    return JSON.parse(text(...parts)).packages
  } catch {
    return undefined
  }
}

/** If node_modules exists, npm adds missing packages and keeps compiled addons. */
function install(development) {
  const fresh = packagesOf('node_modules', '.package-lock.json') === undefined
  const command = fresh ? ['ci'] : ['install', '--no-save']
  const which = development ? '--include=dev' : '--omit=dev'
  const told = ['npm', ...command, which].join(' ')
  console.error(`Installing the locked packages (${told}); better-sqlite3 may take two minutes to compile.`)
  if (!npm(...command, which, '--no-audit', '--no-fund')) {
    end(`${told} failed, see above; Pushport cannot start without its packages.`)
  }
}

/** Whether better-sqlite3's addon exists and is compiled for this version of Node. */
function addonLoads() {
  try {
    createRequire(import.meta.url)('../node_modules/better-sqlite3/build/Release/better_sqlite3.node')
    return true
  } catch {
    return false
  }
}

function rebuildAddon() {
  console.error(
    `better-sqlite3 is not built for Node.js ${process.versions.node}; npm rebuild better-sqlite3 (up to two minutes).`,
  )
  if (npm('rebuild', 'better-sqlite3')) return
  const failed = 'npm rebuild better-sqlite3 failed, see above'
  if (!process.getBuiltinModule?.('node:sqlite')) end(`${failed}; Node.js 22.16 and newer work without it.`)
  console.error(`${failed}: the SQLite in Node.js is used instead.`)
}

/** The sources of the bundles, by name, size and modification time. */
function stamp() {
  const folders = [
    'console',
    'src',
    'adapters',
    'formats',
    'vendors',
    'schema/migrations',
    'schema/postgres',
    'simulator',
    'test/fixtures/push-services',
    '.scripts',
  ]
  const sources = folders.flatMap((folder) =>
    readdirSync(at(folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  const hash = createHash('sha256')
  for (const name of [...sources, 'package.json', 'package-lock.json'].sort()) {
    const { size, mtimeMs } = statSync(at(name))
    hash.update(`${name} ${size} ${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

/**
 * Bundles everything except the addon: a start reads a few files instead of a thousand. Parts of former builds stay,
 * because a running gateway may still load them.
 */
async function bundle() {
  const wanted = stamp()
  const current = () => readFileSync(at('dist', 'stamp'), 'utf8') === wanted
  try {
    if (current()) return
  } catch {
    // There is no build yet.
  }
  // Built in a separate folder and then moved, because another process may be starting from the current one.
  const out = at('dist', `building-${process.pid}`)
  const programs = ['dev-worker.ts', 'demo.ts', 'demo-migration.ts', 'push-server.ts']
  await build(out, {
    also: programs.map((name) => at('.scripts', name)),
    sourcemap: true,
  })
  // The documentation has a separate build (.scripts/docs.mjs), which takes longer than a start may.
  if (existsSync(at('dist', 'assets', 'docs')))
    cpSync(at('dist', 'assets', 'docs'), join(out, 'assets', 'docs'), { recursive: true, force: false })
  rmSync(at('dist', 'assets'), { recursive: true, force: true })
  for (const name of readdirSync(out)) renameSync(join(out, name), at('dist', name))
  rmSync(out, { recursive: true })
  copyMigrations(at('dist'))
  writeFileSync(at('dist', 'stamp'), wanted)
}

/**
 * Builds the programs and the console into a folder; `also`: further entry points. Returns the files that
 * were bundled.
 */
export async function build(out, { also = [], sourcemap }) {
  const { build: bundled, stop } = await import('esbuild')
  const { metafile } = await bundled({
    entryPoints: [
      ...[at('src', 'node.ts'), at('src', 'node', 'cipher-thread.ts')],
      at('src', 'node', 'backup', 'backup-thread.ts'),
      at('src', 'store', 'sqlite', 'writer', 'writer-thread.ts'),
      ...also,
      { in: at('src', 'cli', 'program.ts'), out: 'cli' },
      { in: at('src', 'client', 'client.ts'), out: 'client' },
    ],
    outdir: out,
    metafile: true,
    absWorkingDir: root,
    entryNames: '[name]',
    // Code that is loaded on demand is a separate file, which a start does not read.
    splitting: true,
    chunkNames: 'part-[hash]',
    bundle: true,
    external: ['better-sqlite3', 'pg-native', 'cloudflare:sockets'],
    platform: 'node',
    target: 'node20.19',
    format: 'esm',
    // Keeps names, so that stack traces are readable without the source map.
    minifySyntax: true,
    minifyWhitespace: true,
    // CommonJS packages load Node's built-in modules with require().
    banner: {
      js: "import{createRequire as bundled}from'node:module';const require=bundled(import.meta.url);",
    },
    sourcemap,
    sourcesContent: false,
    legalComments: 'none',
    logLevel: 'warning',
  })
  await bundleConsole(bundled, at('console'), join(out, 'assets'))
  await stop()
  return metafile
}

export function copyMigrations(out) {
  for (const folder of ['migrations', 'postgres']) {
    mkdirSync(join(out, folder), { recursive: true })
    cpSync(at('schema', folder), join(out, folder), { recursive: true })
    for (const name of readdirSync(join(out, folder), { recursive: true, encoding: 'utf8' })) {
      if (!statSync(at('schema', folder, name), { throwIfNoEntry: false })) rmSync(join(out, folder, name))
    }
  }
}
