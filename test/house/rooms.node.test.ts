import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, test } from 'vitest'

/**
 * Who may import whom (design.md, section 2). A pattern ends in `/` for a folder; `types:` allows type imports only.
 * What is not listed is forbidden.
 */
const ROOMS: Record<string, readonly string[]> = {
  'adapters/index.ts': ['adapters/*/index.ts', 'src/adapter.ts'],
  'adapters/': [
    'own folder',
    'src/adapter.ts',
    'src/domain/',
    'src/wire/',
    'types:src/gateway/',
    'hono',
    'zod',
    '@hono/zod-validator',
    'jose',
  ],
  'adapters/mobilefirst/': ['node-forge'],
  'adapters/pushwoosh/': ['libphonenumber-js'],
  'schema/': ['own folder', 'drizzle-orm', 'drizzle-kit'],
  'src/domain/': ['own folder'],
  'src/limits.ts': [],
  'src/wire/': [
    'own folder',
    'src/domain/',
    'types:src/adapter.ts',
    'hono',
    'zod',
    '@hono/zod-validator',
    'ipaddr.js',
  ],
  'src/secrets/': ['own folder', 'src/domain/', 'jose', '@noble/hashes'],
  'src/adapter.ts': ['types:src/', 'types:hono', 'types:zod'],
  'src/gateway/': [
    'own folder',
    'src/domain/',
    'src/secrets/',
    'types:src/store/store.ts',
    'types:src/store/contract/',
    'lru-cache',
    'jose',
  ],
  'src/store/store.ts': ['types:src/domain/', 'types:src/store/contract/'],
  'src/store/contract/': ['types:own folder', 'types:src/domain/'],
  'src/store/sql/': ['own folder', 'src/store/sql/', 'types:src/store/', 'src/domain/', 'drizzle-orm'],
  'src/store/sqlite/': [
    'own folder',
    'src/store/sql/',
    'types:src/store/store.ts',
    'src/domain/',
    'drizzle-orm',
  ],
  'src/store/sqlite/node.ts': ['src/store/', 'src/domain/', 'better-sqlite3', 'drizzle-orm', 'node:'],
  'src/store/sqlite/node-file.ts': ['src/store/', 'src/domain/', 'better-sqlite3', 'drizzle-orm', 'node:'],
  'src/admin/': [
    'own folder',
    'src/domain/',
    'src/secrets/',
    'src/wire/',
    'types:src/adapter.ts',
    'types:src/http/',
    'types:src/gateway/',
    'types:src/store/store.ts',
    'hono',
    'zod',
  ],
  'src/admin/answers/': ['own folder', 'src/admin/problem.ts', 'src/domain/', 'zod'],
  'src/rate-limit.ts': ['src/domain/', 'src/secrets/', 'lru-cache'],
  'src/http/': ['own folder', 'types:src/', 'ipaddr.js', 'hono'],
  'src/config.ts': ['src/http/', 'src/limits.ts', 'src/secrets/', 'types:src/gateway/', 'zod'],
  'src/misspelt.ts': ['src/config.ts'],
  'src/app.ts': [
    'src/admin/',
    'src/domain/',
    'src/http/',
    'src/routing.ts',
    'src/version.ts',
    'src/wire/',
    'types:src/',
    'hono',
  ],
  'src/version.ts': ['package.json'],
  'src/routing.ts': ['src/wire/', 'types:src/adapter.ts'],
  'src/outbound.ts': ['src/domain/', 'src/wire/'],
  'src/guarded-fetch.ts': ['src/wire/', 'types:src/outbound.ts', 'node:', 'undici'],
  'src/demo.ts': ['src/admin/', 'types:src/'],
  'src/runner.ts': [],
  'src/deliver.ts': ['types:src/', 'src/secrets/hash.ts', 'standardwebhooks'],
  'src/row-ids.ts': ['types:src/domain/', 'uuid'],
  'src/build.ts': ['src/', 'uuid', 'types:hono'],
  'src/node/': [
    'own folder',
    'src/admin/problem.ts',
    'src/config.ts',
    'src/domain/',
    'src/wire/',
    'src/version.ts',
    'types:src/store/sqlite/node-file.ts',
    'node:',
    '@hono/node-server',
    'pino',
    'pino-pretty',
  ],
  'src/node.ts': ['src/', 'adapters/index.ts', 'node:', '@hono/node-server'],
  // The names of the migrations, without what they do.
  'src/worker.ts': ['src/', 'adapters/index.ts', 'schema/migrations/meta/_journal.json', 'types:hono'],
}

/** Declarations without code, which are read as a whole. */
const LONGER = [{ what: 'schema/tables.ts', why: 'every table, each a few lines' }]

interface Import {
  readonly file: string
  readonly target: string
  readonly typeOnly: boolean
}

const files = ['src', 'adapters', 'schema'].flatMap((room) =>
  readdirSync(room, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => `${room}/${name}`),
)
const imports: readonly Import[] = files.flatMap((file) =>
  [...readFileSync(file, 'utf8').matchAll(/^\s*(?:import|export)\s([^'"]*?)from\s+'([^']+)'/gm)].map(
    ([, clause = '', target = '']) => ({
      file,
      target: target.startsWith('.') ? normalize(join(dirname(file), target)) : target,
      typeOnly: isTypeOnly(clause),
    }),
  ),
)

/** `import type …`, or braces in which every name is marked `type`. */
function isTypeOnly(clause: string): boolean {
  if (/^type\s/.test(clause)) return true
  const names = /^\{(.*)\}\s*$/s.exec(clause.trim())?.[1]
  return names?.split(',').every((name) => name.trim() === '' || /^type\s/.test(name.trim())) ?? false
}

/** The rule of the longest pattern that the file falls under; an adapter's own adds to that of all adapters. */
function ruleOf(file: string): readonly string[] | undefined {
  const pattern = Object.keys(ROOMS)
    .filter((one) => (one.endsWith('/') ? file.startsWith(one) : file === one))
    .sort((a, b) => b.length - a.length)[0]
  const own = pattern === undefined ? undefined : ROOMS[pattern]
  return own && pattern?.startsWith('adapters/') && pattern.endsWith('/')
    ? [...own, ...(ROOMS['adapters/'] ?? [])]
    : own
}

function allowed({ file, target, typeOnly }: Import): boolean {
  return (ruleOf(file) ?? []).some((rule) => {
    const [pattern = '', forTypes] = rule.startsWith('types:') ? [rule.slice(6), true] : [rule, false]
    if (forTypes && !typeOnly) return false
    if (pattern === 'own folder') return target.startsWith(ownFolder(file))
    if (pattern.includes('*')) return new RegExp(`^${pattern.replace('*', '[^/]+')}$`).test(target)
    if (pattern.endsWith('/') || pattern.endsWith(':')) return target.startsWith(pattern)
    return target === pattern || target.startsWith(`${pattern}/`)
  })
}

/** An adapter's own folder is its dialect's; elsewhere it is the folder a file is in. */
const ownFolder = (file: string): string =>
  file.startsWith('adapters/') ? `${file.split('/').slice(0, 2).join('/')}/` : `${dirname(file)}/`

describe('the dependency rule between rooms', () => {
  test('every source file falls under a rule', () => {
    expect(files.filter((file) => ruleOf(file) === undefined)).toEqual([])
  })

  test.each(files)('%s imports only what its room may', (file) => {
    const broken = imports.filter((one) => one.file === file && !allowed(one))
    expect(broken.map((one) => `${one.target}${one.typeOnly ? ' (types)' : ''}`)).toEqual([])
  })

  test('only the two entries know the adapters and the drivers', () => {
    const knowing = imports.filter(({ target }) =>
      ['adapters/index.ts', 'src/store/sqlite/node.ts', 'src/store/sqlite/d1.ts'].includes(target),
    )
    expect([...new Set(knowing.map((one) => one.file))].sort()).toEqual(['src/node.ts', 'src/worker.ts'])
  })

  test('what describes the admin API is no part of the gateway: only its types are used', () => {
    const describing = /^src\/admin\/(answers|openapi)\//
    const using = imports.filter(
      ({ file, target, typeOnly }) => describing.test(target) && !describing.test(file) && !typeOnly,
    )
    expect(using.map(({ file, target }) => `${file}: ${target}`)).toEqual([])
  })

  test('core files hold no vendor word', () => {
    const vendors = /pusher|beams|flameup|pushwoosh|backendless|imfpush/i
    const core = files.filter((file) => file.startsWith('src/') || file.startsWith('schema/'))
    expect(core.filter((file) => vendors.test(readFileSync(file, 'utf8')))).toEqual([])
  })

  test('Node-only names appear in the Node entry and driver alone', () => {
    const nodeOnly = /\bprocess\.|\bBuffer\b|from 'node:/
    const using = files.filter((file) => nodeOnly.test(readFileSync(file, 'utf8')))
    expect(using.filter((file) => !file.startsWith('src/node/')).sort()).toEqual([
      'src/node.ts',
      'src/store/sqlite/node-file.ts',
      'src/store/sqlite/node.ts',
    ])
  })

  test('no file passes the cap of 300 lines', () => {
    const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 301)
    expect(long.sort()).toEqual(LONGER.map(({ what }) => what).sort())
  })
})

test('zod is imported as a namespace: its named export brings every locale into the Worker (issue 8, point 14)', () => {
  const named = /import \{[^}]*\bz\b[^}]*\} from 'zod'/
  expect(files.filter((file) => named.test(readFileSync(file, 'utf8')))).toEqual([])
})
