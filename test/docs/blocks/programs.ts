import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { temporaryFolder } from '../../harness/process.ts'

const REPOSITORY = resolve('.')

/** The location of a program that the pages use. */
function found(name: string): string {
  const { stdout } = spawnSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' })
  if (stdout === '') throw new Error(`${name} is not installed, and the pages use it.`)
  return stdout.trim()
}

/**
 * Programs that cannot do here what a page asks. Their arguments are recorded and checked by `elsewhere.ts`;
 * everything else runs.
 */
const NOTED = ['docker', 'sudo', 'wrangler', 'npm', 'vitest']

const noted = (name: string) => `printf '%s\\n' "${name} $*" >> "$NOTED"`

/** What the pages call, as it is on the path of who follows them. */
const PROGRAMS: Readonly<Record<string, string>> = {
  // A refusal of the gateway is a failure here, which it is not for the curl of the pages.
  curl: `exec ${found('curl')} --fail-with-body "$@"`,
  // The vendors' own addresses are not called from here: what takes their place is at $VENDOR.
  pushport: `case "$1 $*" in
pull\\ *--from*) ;;
pull\\ *) set -- "$@" --from "$VENDOR" ;;
esac
exec ${process.execPath} ${REPOSITORY}/.scripts/pushport.mjs "$@"`,
  npx: `name=$1; shift
case $name in pushport) exec pushport "$@" ;; esac
${noted('$name').replace('"$name', '"$name')}`,
  // The programs of package.json, without the preparations that have been made; \`npm start\` itself is run elsewhere.
  npm: `if [ "$1" = start ]; then name=node; shift
elif [ "$1" = run ]; then
  shift; [ "$1" = --silent ] && shift
  name=$(printf %s "$1" | tr : -); shift
else ${noted('npm')}; exit; fi
[ "$1" = -- ] && shift
[ "$name" = node ] || cd ${REPOSITORY}
exec ${process.execPath} --enable-source-maps "${REPOSITORY}/dist/$name.js" "$@"`,
  docker: noted('docker'),
  sudo: noted('sudo'),
}

/** A folder with the programs. */
export function programsFolder(): string {
  const folder = join(temporaryFolder(), 'bin')
  mkdirSync(folder)
  for (const [name, script] of Object.entries(PROGRAMS)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`)
    chmodSync(join(folder, name), 0o755)
  }
  return folder
}

export interface Noted {
  readonly program: string
  readonly args: readonly string[]
}

/** What was asked of programs that cannot do it here. */
export function notedIn(file: string): Noted[] {
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const [program = '', ...args] = line.split(' ')
      if (!NOTED.includes(program)) throw new Error(`${program} is not on the list: ${line}`)
      return { program, args }
    })
}
