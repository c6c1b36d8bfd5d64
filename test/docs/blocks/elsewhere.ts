import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { expect } from 'vitest'
import { parse } from 'yaml'
import type { Noted } from './programs.ts'

/** Commands that cannot run here: why, what runs or replaces them, and what is checked anyway. */
interface Elsewhere {
  readonly command: RegExp
  readonly why: string
  check(noted: Noted): void
}

const optionsOf = (args: readonly string[]) =>
  args.filter((arg) => /^--[a-z]/.test(arg)).map((arg) => arg.split('=')[0] ?? '')
const read = (file: string) => readFileSync(file, 'utf8')
const { name: PACKAGE } = JSON.parse(read('package.json')) as { readonly name: string }

/** The command is one of Wrangler's with its options, according to its help. */
function checkWrangler({ args }: Noted): void {
  const words = args.slice(0, args.findIndex((arg) => arg.startsWith('-')) >>> 0)
  const depth = ['d1', 'secret', 'hyperdrive'].includes(words[0] ?? '') ? 2 : 1
  const path = words.slice(0, words[1] === 'migrations' || words[1] === 'time-travel' ? 3 : depth)
  const help = helpOf(path)
  expect(help).toContain(`wrangler ${path.join(' ')}`)
  for (const option of optionsOf(args)) expect(help).toContain(option)
}

const helps = new Map<string, string>()
function helpOf(path: readonly string[]): string {
  const key = path.join(' ')
  const env = { ...process.env, WRANGLER_SEND_METRICS: 'false', CI: 'true', NO_COLOR: '1' }
  const program = 'node_modules/wrangler/bin/wrangler.js'
  const known =
    helps.get(key) ?? execFileSync(process.execPath, [program, ...path, '--help'], { encoding: 'utf8', env })
  helps.set(key, known)
  return known
}

const EXPOSED = /^EXPOSE (\d+)$/m.exec(read('Dockerfile'))?.[1] ?? '8787'

export const ELSEWHERE: readonly Elsewhere[] = [
  {
    command: /^npm ci$/,
    why: 'gets a thousand packages; CI begins with it',
    check: () => expect(existsSync('package-lock.json')).toBe(true),
  },
  {
    command: /^vitest run /,
    why: 'runs the tests within the tests',
    check({ args }) {
      const [config = '', project = '', place = ''] = [args[2], args[4], args[5]]
      expect(optionsOf(args)).toEqual(['--config', '--project'])
      expect(existsSync(config)).toBe(true)
      expect(read(config)).toContain(`'${project}'`)
      expect(existsSync(place)).toBe(true)
    },
  },
  {
    command: /^wrangler /,
    why: 'needs an account at Cloudflare; edge/deploy runs the same locally, house/worker makes the bundle with --dry-run',
    check: checkWrangler,
  },
  {
    command: /^sudo npm install --global /,
    why: 'changes the machine; node/package installs the package and starts it',
    check: ({ args }) => expect(args.at(-1)).toBe(PACKAGE),
  },
  {
    command: /^sudo cp /,
    why: 'changes the machine; house/deployment has systemd read the unit',
    check: ({ args }) => expect(existsSync(args[1] ?? '')).toBe(true),
  },
  {
    command: /^sudo (systemctl|journalctl) /,
    why: 'needs a machine of its own that runs systemd',
    check: ({ args }) =>
      expect(existsSync(`docs/operations/${basename(args.at(-1) ?? '')}.service`)).toBe(true),
  },
  {
    command: /^docker build /,
    why: 'there is no daemon; house/deployment lints the Dockerfile and runs its health check',
    check: ({ args }) => expect(args).toEqual(['build', '--tag', PACKAGE, '.']),
  },
  {
    command: /^docker run /,
    why: 'there is no daemon; the paths and the port are those of the Dockerfile',
    check({ args }) {
      expect(args.at(-1)).toBe(PACKAGE)
      expect(args.join(' ')).toContain(`--publish 127.0.0.1:8787:${EXPOSED}`)
      const volume = args[args.indexOf('--volume') + 1]?.split(':')[1]
      expect(read('Dockerfile')).toMatch(new RegExp(`^VOLUME .*${volume}`, 'm'))
    },
  },
  {
    command: /^docker compose up /,
    why: 'there is no daemon; house/deployment checks compose.yaml, and the secrets that it needs are made before',
    check: () => expect(parse(read('compose.yaml'))).toHaveProperty('services.gateway'),
  },
]
