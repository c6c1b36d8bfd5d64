import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { output } from '../kit/child.ts'
import { data } from '../kit/paths.ts'

export const PARSE = '9.10.0'
/** Express's router, whose version Parse Server does not fix. */
const ROUTER = '2.2.0'

const versionIn = (folder: string, name: string): string | null => {
  const file = join(folder, 'node_modules', name, 'package.json')
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : null
}

/** Installs the peer in a separate folder, which git ignores, unless it exists; returns that folder. */
export async function installParse(say: (line: string) => void): Promise<string> {
  const folder = data('peer')
  const there = () => versionIn(folder, 'parse-server') === PARSE && versionIn(folder, 'router') === ROUTER
  if (there()) return folder
  say(`Installing parse-server ${PARSE} (router ${ROUTER}) in ${folder}: a few minutes, once.`)
  const manifest = {
    private: true,
    dependencies: { 'parse-server': PARSE },
    overrides: { router: ROUTER },
  }
  writeFileSync(join(folder, 'package.json'), JSON.stringify(manifest))
  const quiet = ['--no-audit', '--no-fund', '--omit=dev', '--ignore-scripts', '--loglevel=error']
  await output('npm', ['install', ...quiet], { cwd: folder })
  if (!there()) throw new Error(`${folder} does not hold parse-server ${PARSE} with router ${ROUTER}`)
  return folder
}

const DEBIAN = '/usr/lib/postgresql'

/** The folder of the newest PostgreSQL's programs; installed from Debian's packages if the user is root. */
export async function installPostgres(say: (line: string) => void): Promise<string> {
  const found = postgres()
  if (found) return found
  const root = process.getuid?.() === 0
  if (!root || !existsSync('/usr/bin/apt-get')) {
    throw new Error('PostgreSQL is not installed; on Debian: apt-get install postgresql')
  }
  say('Installing PostgreSQL (apt-get install postgresql).')
  await output('apt-get', ['install', '--yes', '--no-install-recommends', 'postgresql'], {
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
  })
  const installed = postgres()
  if (!installed) throw new Error(`no PostgreSQL in ${DEBIAN}`)
  return installed
}

function postgres(): string | undefined {
  if (!existsSync(DEBIAN)) return undefined
  const [newest] = readdirSync(DEBIAN)
    .filter((version) => existsSync(join(DEBIAN, version, 'bin', 'initdb')))
    .sort((a, b) => Number(b) - Number(a))
  return newest && join(DEBIAN, newest, 'bin')
}
