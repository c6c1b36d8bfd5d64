import { spawnSync } from 'node:child_process'
import {
  cpSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { builtinModules } from 'node:module'
import { basename, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { run, temporaryFolder } from '../harness/process.ts'

interface Locked {
  readonly version: string
  readonly dev?: boolean
  readonly devOptional?: boolean
  readonly optional?: boolean
}

const LEFT_OUT = ['.git', '.wrangler', '.dev.vars', 'data', 'dist', 'node_modules']

/** A checkout; `packages` says what is installed in it. */
function clone(packages?: 'production' | 'all'): string {
  const folder = join(temporaryFolder(), 'pushport')
  cpSync('.', folder, { recursive: true, filter: (file) => !LEFT_OUT.includes(basename(file)) })
  if (packages) {
    mkdirSync(join(folder, 'node_modules'))
    const lock = JSON.parse(readFileSync('package-lock.json', 'utf8')) as { packages: Record<string, Locked> }
    const needed = ({ dev, devOptional }: Locked) => packages === 'all' || !(dev || devOptional)
    const present = Object.fromEntries(
      Object.entries(lock.packages).filter(([path, one]) => path !== '' && !one.optional && needed(one)),
    )
    writeFileSync(join(folder, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: present }))
    for (const name of ['better-sqlite3', 'esbuild', '@esbuild', 'bindings', 'file-uri-to-path']) {
      symlinkSync(join(process.cwd(), 'node_modules', name), join(folder, 'node_modules', name))
    }
  }
  return folder
}

/** Records what npm is asked to do; does nothing, and fails. */
function npmAsked(folder: string, script: string): string[] {
  const fake = join(folder, 'npm.js')
  const asked = join(folder, 'asked')
  writeFileSync(
    fake,
    `import { appendFileSync } from 'node:fs'
appendFileSync(${JSON.stringify(asked)}, process.argv.slice(2).join(' ') + '\\n')
process.exit(1)`,
  )
  const env = { PATH: process.env.PATH, npm_execpath: fake, PORT: 'stop' }
  spawnSync(process.execPath, [script], { cwd: folder, env, encoding: 'utf8', timeout: 60_000 })
  return existsSync(asked) ? readFileSync(asked, 'utf8').trim().split('\n') : []
}

describe('what npm is asked for (issue 8, "Done when")', () => {
  const START = '.scripts/start.mjs'
  const TEST = '.scripts/prepare.mjs'
  const PUSH = '.scripts/demo-push.mjs'
  test.each([
    ['npm start in a fresh clone', undefined, START, ['ci --omit=dev --no-audit --no-fund']],
    ['npm test in a fresh clone', undefined, TEST, ['ci --include=dev --no-audit --no-fund']],
    ['npm start after npm start', 'production', START, []],
    [
      'npm test after npm start',
      'production',
      TEST,
      ['install --no-save --include=dev --no-audit --no-fund'],
    ],
    ['npm start after npm test', 'all', START, []],
    ['npm test after npm test', 'all', TEST, []],
    ['npm run demo:push in a fresh clone', undefined, PUSH, ['ci --omit=dev --no-audit --no-fund']],
  ] as const)('%s', (_, packages, script, expected) => {
    expect(npmAsked(clone(packages), script)).toEqual(expected)
  })
})

test('an addon that this Node cannot load is rebuilt, not installed again (newcomer N11)', () => {
  const folder = clone('production')
  const copy = join(folder, 'node_modules', 'better-sqlite3')
  spawnSync('rm', [copy])
  mkdirSync(join(copy, 'build', 'Release'), { recursive: true })
  writeFileSync(join(copy, 'build', 'Release', 'better_sqlite3.node'), 'for another Node')
  expect(npmAsked(folder, '.scripts/start.mjs')).toEqual(['rebuild better-sqlite3'])
})

test('the bundle needs no package but better-sqlite3, so that a start reads few files', () => {
  const files = readdirSync('dist').filter((name) => name.endsWith('.js'))
  const bundle = files.map((name) => readFileSync(join('dist', name), 'utf8')).join('\n')
  const asked = ['\\bfrom', '\\brequire[0-9]*\\(', '\\bimport\\(']
  const pattern = new RegExp(`(?:${asked.join('|')})\\s*["']([a-z@][\\w@/.:-]*)["']`, 'g')
  const named = [...bundle.matchAll(pattern)].map(([, name = '']) => name)
  const packages = named.filter((name) => !name.startsWith('node:') && !builtinModules.includes(name))
  expect([...new Set(packages.map(packageOf))]).toEqual(['better-sqlite3'])
})

/** The package of a module: `better-sqlite3/lib/util` is a file of `better-sqlite3`. */
const packageOf = (name: string) => /^(?:@[^/]+\/)?[^/]+/.exec(name)?.[0]

test('what has not changed is not bundled again, and what has is', () => {
  const folder = clone('all')
  spawnSync('rm', ['-r', join(folder, 'node_modules')])
  symlinkSync(join(process.cwd(), 'node_modules'), join(folder, 'node_modules'))
  const prepared = () => {
    const { status, stderr } = spawnSync(process.execPath, ['.scripts/prepare.mjs'], {
      cwd: folder,
      encoding: 'utf8',
    })
    expect([status, stderr]).toEqual([0, ''])
    return statSync(join(folder, 'dist', 'node.js')).mtimeMs
  }
  const first = prepared()
  expect(prepared()).toBe(first)
  const later = new Date(Date.now() + 5000)
  utimesSync(join(folder, 'src', 'http', 'app.ts'), later, later)
  expect(prepared()).toBeGreaterThan(first)
})

test('whoever npm’s shell has left alone stops (newcomer N10)', async () => {
  const folder = temporaryFolder()
  const script = `node .scripts/start.mjs & echo "child $!"; wait`
  const shell = run('sh', ['-c', script], {
    npm_lifecycle_event: 'start',
    PORT: '0',
    DATABASE_URL: `file:${folder}/p.db`,
  })
  const [, origin = ''] = await shell.printed(/listens on (\S+)/)
  const [, child = ''] = await shell.printed(/child ([0-9]+)/)
  shell.signal('SIGKILL')
  for (let tries = 0; tries < 100; tries++) {
    try {
      process.kill(Number(child), 0)
    } catch {
      break
    }
    await new Promise((resume) => setTimeout(resume, 50))
  }
  expect(() => process.kill(Number(child), 0)).toThrow('ESRCH')
  await expect(fetch(`${origin}/healthz`)).rejects.toThrow()
})

test('no script needs a shell other than cmd.exe (newcomer N10)', () => {
  const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }
  for (const [name, script] of Object.entries(scripts)) {
    for (const command of script.split(' && ')) {
      expect(command, name).toMatch(/^(node|vitest|tsc|biome|knip|drizzle-kit) [\w./: =-]*$/)
    }
  }
})
