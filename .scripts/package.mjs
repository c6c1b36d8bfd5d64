// Runs for `npm pack` and `npm publish`. Before: builds the published files in dist/npm, and writes a
// package.json that names them and depends on better-sqlite3 only. After: restores the package.json of the
// checkout.
import { execFileSync } from 'node:child_process'
import { copyFileSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build, copyMigrations, prepare } from './prepare.mjs'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const own = join(root, 'package.json')
const kept = join(root, 'dist', 'package.json')
const out = join(root, 'dist', 'npm')
const published = (name) => `./dist/npm/${name}`

if (process.argv[2] === 'after') restore()
else await pack()

async function pack() {
  // Left over from an interrupted run.
  restore()
  await prepare({ development: true })
  rmSync(out, { recursive: true, force: true })
  const { inputs } = await build(out, { sourcemap: false })
  copyMigrations(out)
  // Only the generator of migrations reads these.
  for (const name of readdirSync(out, { recursive: true, encoding: 'utf8' }))
    if (name.endsWith('_snapshot.json')) rmSync(join(out, name))
  describeClient()
  writeFileSync(join(out, 'LICENSES.txt'), licences(Object.keys(inputs)))
  copyFileSync(own, kept)
  writeFileSync(own, `${JSON.stringify(manifest(JSON.parse(readFileSync(own, 'utf8'))), null, 2)}\n`)
}

function restore() {
  if (!existsSync(kept)) return
  copyFileSync(kept, own)
  rmSync(kept)
}

function manifest({ name, version, description, license, type, engines, keywords, scripts, ...rest }) {
  return {
    ...{ name, version, description, license, keywords, type, engines },
    bin: { pushport: published('cli.js') },
    exports: {
      './client': { types: published('client.d.ts'), default: published('client.js') },
      './package.json': './package.json',
    },
    files: ['dist/npm', 'CHANGELOG.md'],
    // npm runs it after packing.
    scripts: { postpack: scripts.postpack },
    // If it cannot be built, the SQLite in Node.js is used.
    optionalDependencies: rest.optionalDependencies,
  }
}

/**
 * The types of `pushport/client`, together with those of its library, so that users need no further package.
 */
function describeClient() {
  const require = createRequire(import.meta.url)
  const tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc')
  const options = ['--declaration', '--emitDeclarationOnly', '--target', 'es2022', '--module', 'nodenext']
  const more = ['--allowImportingTsExtensions', '--skipLibCheck', '--ignoreConfig', '--types', 'node']
  const source = join(root, 'src', 'client', 'client.ts')
  execFileSync(process.execPath, [tsc, source, ...options, ...more, '--outDir', out], {
    stdio: ['ignore', 2, 2],
  })
  const modules = join(root, 'node_modules')
  const typed = [
    [join(out, 'client.d.ts'), 'client.d.ts'],
    [join(root, 'src', 'client', 'paths.d.mts'), 'paths.d.mts'],
    [join(modules, 'openapi-fetch', 'dist', 'index.d.mts'), 'openapi-fetch.d.mts'],
    [join(modules, 'openapi-typescript-helpers', 'dist', 'index.d.mts'), 'openapi-typescript-helpers.d.mts'],
  ]
  for (const [from, name] of typed) {
    const text = readFileSync(from, 'utf8')
    const beside = text.replace(/from (['"])(openapi-[a-z-]+)\1/g, "from './$2.mjs'")
    writeFileSync(join(out, name), beside)
  }
}

/** The licences of the packages bundled into the programs. */
function licences(inputs) {
  const packages = new Set(
    inputs.flatMap((path) => /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []),
  )
  return [...packages]
    .sort()
    .map((folder) => {
      const { name, version, license } = JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'))
      const files = readdirSync(join(root, folder)).filter((file) => /^(licen[cs]e|notice)/i.test(file))
      const texts = files.map((file) => readFileSync(join(root, folder, file), 'utf8').trim())
      return [`${name} ${version} (${license})`, ...texts].join('\n\n')
    })
    .join(`\n\n${'-'.repeat(80)}\n\n`)
}
