import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { files, type Import, imports, inside, roomOf } from './imports.ts'
import { ROOMS } from './rooms.ts'

/** Every vendor's names, and terms that only one vendor uses; also as part of longer names. */
const VENDOR_WORDS = new RegExp(
  [
    ...['pusher', 'beams', 'interest(?!ed|ing)', 'instance_?id'],
    ...['mobilefirst', 'mfp', 'imfpush', 'worklight', 'bluemix', '\\bibm'],
    ...['flameup', 'workspace'],
    ...['pushwoosh', 'hwid', 'device_?type'],
    ...['backendless', '\\bamf[03]?\\b'],
  ].join('|'),
  'gi',
)

/** What a file may import; an adapter's own list is added to that of all adapters. */
function rulesOf(file: string): readonly string[] {
  const room = roomOf(file) ?? ''
  const common = room.startsWith('adapters/') && room.endsWith('/') ? ['adapters/'] : []
  return [...new Set([room, ...common])].flatMap((one) => ROOMS[one]?.may ?? [])
}

function allowed({ file, target, typeOnly }: Import): boolean {
  if (target.startsWith(homeOf(file))) return true
  return rulesOf(file).some((rule) => {
    const [pattern, forTypes] = rule.startsWith('types:') ? [rule.slice(6), true] : [rule, false]
    if (forTypes && !typeOnly) return false
    if (pattern.includes('*')) return new RegExp(`^${pattern.replace('*', '[^/]+')}$`).test(target)
    if (pattern.endsWith('/') || pattern.endsWith(':')) return target.startsWith(pattern)
    return target === pattern || target.startsWith(`${pattern}/`)
  })
}

/** The room that belongs to a file: for an adapter, its dialect's folder. */
const homeOf = (file: string): string => /^adapters\/[^/]+\//.exec(file)?.[0] ?? roomOf(file) ?? file

/** Files from which a chain of imports leads back to themselves. */
function circular(): string[] {
  const targets = new Map(
    files.map((file) => [file, inside.filter((one) => one.file === file).map((one) => one.target)]),
  )
  const done = new Set<string>()
  const circles = new Set<string>()
  function visit(file: string, way: readonly string[]): void {
    const at = way.indexOf(file)
    if (at >= 0) circles.add([...way.slice(at), file].join(' → '))
    if (at >= 0 || done.has(file)) return
    for (const target of targets.get(file) ?? []) visit(target, [...way, file])
    done.add(file)
  }
  for (const file of files) visit(file, [])
  return [...circles]
}

describe('the dependency rule between rooms', () => {
  test('every source file is in a room, and every room is there', () => {
    expect(files.filter((file) => roomOf(file) === undefined)).toEqual([])
    const used = new Set(files.map(roomOf))
    expect(Object.keys(ROOMS).filter((room) => !used.has(room) && room !== 'adapters/')).toEqual([])
  })

  test('every import leads down, or stays in its room: so no rooms are in a circle', () => {
    const floorOf = (file: string) => ROOMS[roomOf(file) ?? '']?.floor ?? 0
    const rising = inside.filter(
      ({ file, target }) => homeOf(file) !== homeOf(target) && floorOf(file) <= floorOf(target),
    )
    expect(rising.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
  })

  test('no files are in a circle', () => {
    expect(circular()).toEqual([])
  })

  test.each(files)('%s imports only what its room may', (file) => {
    const broken = imports.filter((one) => one.file === file && !allowed(one))
    expect(broken.map((one) => `${one.target}${one.typeOnly ? ' (types)' : ''}`)).toEqual([])
  })

  test.each([
    ['adapters', ['adapters/index.ts'], ['src/cli/local.ts', 'src/node.ts', 'src/worker-gateway.ts']],
    [
      'drivers',
      ['src/store/sqlite/node.ts', 'src/store/sqlite/d1.ts', 'src/store/postgres/hyperdrive.ts'],
      ['src/node.ts', 'src/worker-postgres.ts', 'src/worker.ts'],
    ],
  ])(
    'only the entries know the %s, and of the adapters what checks their configuration',
    (_, known, entries) => {
      const knowing = imports.filter(({ target }) => known.includes(target))
      expect([...new Set(knowing.map((one) => one.file))].sort()).toEqual(entries)
    },
  )

  test('what describes an API is no part of the gateway: only its types are used', () => {
    const describing =
      /^(src\/admin\/(answers|openapi)\/|src\/reference\/|adapters\/(.+\/)?references?(-[a-z]+)?\.ts$)/
    const used = imports.filter(
      ({ file, target, typeOnly }) => describing.test(target) && !describing.test(file) && !typeOnly,
    )
    expect(used.map(({ file, target }) => `${file} → ${target}`)).toEqual([])
  })

  test('core files hold no vendor word', () => {
    const core = files.filter((file) => file.startsWith('src/') || file.startsWith('schema/'))
    const found = core.flatMap((file) =>
      [...readFileSync(file, 'utf8').matchAll(VENDOR_WORDS)].map(([word]) => `${file}: ${word}`),
    )
    expect(found).toEqual([])
  })

  test('Node-only names appear in the Node entry, its drivers, what moves rows between them, and the command line alone', () => {
    const nodeOnly = /\bprocess\.|\bBuffer\b|from 'node:/
    const using = files.filter((file) => nodeOnly.test(readFileSync(file, 'utf8')))
    expect(using.filter((file) => !/^(src\/(node|cli|move|pull)|vendors)\//.test(file)).sort()).toEqual([
      'src/node.ts',
      // Workers have it, too.
      'src/store/postgres/invocation.ts',
      'src/store/postgres/migrations.ts',
      'src/store/postgres/node.ts',
      'src/store/sqlite/built-in.ts',
      'src/store/sqlite/driver.ts',
      'src/store/sqlite/node-file.ts',
      'src/store/sqlite/node.ts',
      'src/store/sqlite/writer/threaded.ts',
      'src/store/sqlite/writer/writer-thread.ts',
    ])
  })

  test('no file passes the cap of 300 lines', () => {
    const long = files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 301)
    expect(long).toEqual([])
  })
})

test('zod is imported as a namespace: its named export brings every locale into the Worker (issue 8, point 14)', () => {
  const named = /import \{[^}]*\bz\b[^}]*\} from 'zod'/
  expect(files.filter((file) => named.test(readFileSync(file, 'utf8')))).toEqual([])
})
