import { readFileSync } from 'node:fs'
import { getTableColumns, getTableName, is, Table } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import * as schema from '../../schema/tables.ts'
import { files, imports } from './imports.ts'
import { literals } from './literals.ts'

/**
 * The queries of a file that have names of their own, or a named column, and the columns of tables that these
 * pass on; each with the reason.
 */
interface Derived {
  readonly names: readonly string[]
  readonly columns?: readonly string[]
  readonly why: string
}
const DERIVED: Readonly<Record<string, Derived>> = {
  'client-list.ts': {
    names: ['cut', 'k', 'older', 'places'],
    columns: ['created_at'],
    why: 'the window over a list’s devices and where it ends',
  },
  'counters.ts': {
    names: ['changed', 'e', 'late', 'wanted'],
    columns: ['app_id', 'created_at'],
    why: 'what devices were and become, and names that no table has yet',
  },
  'feedback.ts': { names: ['r', 'told'], why: 'the reported outcomes, and those that say something new' },
  'import-fresh.ts': {
    names: ['known', 'shapes'],
    why: 'the tags of a step by their shapes, and which of its rows are known after all',
  },
  'import-shadow.ts': { names: ['m'], why: 'devices and their copies' },
  'imports.ts': { names: ['marked'], why: 'the apps that have marks of erased users, found one by one' },
  'listings.ts': {
    names: ['k', 't', 'w'],
    columns: ['device_id'],
    why: 'the windows of both kinds of listing, which have the same columns',
  },
  'measures.ts': { names: ['looked', 'placed'], why: 'the apps of a page; unknown sums by their order' },
  'message-calls.ts': { names: ['k'], why: 'the push tokens of a message, and then their users' },
  'queue.ts': { names: ['l', 'lanes'], why: 'the lanes in which anything waits, found one by one' },
  'readiness.ts': {
    names: ['piece'],
    columns: [
      ...[
        'imported',
        'seen',
        'live_only',
        'active',
        'active_seen',
        'app_version',
        'sdk_version',
        'dead',
        'placeholders',
        'reachable',
        'early',
      ],
      'month',
    ],
    why: 'the devices of one piece, and what they count as',
  },
  'removals.ts': { names: ['d.weight', 'k'], why: 'devices with what hangs on them' },
  'room.ts': {
    names: ['touched'],
    columns: ['user_id'],
    why: 'the users that the rows of a step name',
  },
  'sweeps.ts': {
    names: ['gone', 'piece', 'w.id', 'wanted'],
    columns: ['created_at', 'device_id', 'last_at', 'message_id', 'superseded_at'],
    why: 'what an app wants kept less long, and the rows that one piece looks at',
  },
  'send-pages.ts': { names: ['made'], why: 'tokens that a push service replaced' },
  'send-planning.ts': { names: ['k'], why: 'the rows of one step through an index' },
  'sends.ts': { names: ['k'], why: 'a message’s targets by what became of them' },
  'subscriptions.ts': { names: ['c'], why: 'the chosen device' },
  'tag-values.ts': { names: ['after_it'], why: 'what a tag held before the change' },
  'undo-verdicts.ts': { names: ['walk.id'], why: 'the events of one piece' },
  'topics.ts': { names: ['c'], why: 'the chosen device' },
  'undo-kept.ts': { names: ['made'], why: 'tokens as they were' },
  'undo-upkeep.ts': { names: ['having_undos'], why: 'the apps that have any, one step each' },
}

const NONE: Derived = { names: [], why: 'it has none' }

/** Syntax that other engines do not have, or have in another form. */
const SQLITE = new RegExp(
  [
    ...['\\bjson(_\\w+)?\\(', '->', '\\brandomblob\\(', '\\bprintf\\(', '\\btypeof\\(', '\\bGLOB\\b'],
    ...['\\binstr\\(', '\\bchanges\\(', '\\bINDEXED BY\\b', '\\bdate\\(', '\\bunhex\\(', '\\bAS BLOB\\b'],
    ...[
      '\\biif\\(',
      '<<',
      '\\bAS INTEGER\\b',
      '\\bOR IGNORE\\b',
      '\\browid\\b',
      'CROSS JOIN \\S+ ON\\b',
      '[ (]\\+…',
    ],
  ].join('|'),
  'g',
)
/** Each engine has its own file for it. */
const ENGINES = 'src/store/sql/engines/'

const sources = files.filter((file) => file.startsWith('src/store/sql/') && !file.startsWith(ENGINES))
const statements = sources.filter((file) => file.startsWith('src/store/sql/statements/'))
const tables: readonly Table[] = Object.values(schema).filter((one) => is(one, Table))
const names: ReadonlySet<string> = new Set(tables.map(getTableName))
const long = new Set(
  tables
    .flatMap((table) => Object.values(getTableColumns(table)).map(({ name }) => name))
    .filter((name) => name.includes('_')),
)

/** The literal text of a file's SQL, without its constant texts. */
const textsOf = (file: string) =>
  literals(readFileSync(file, 'utf8')).map((text) => text.replaceAll(/'[^']*'/g, "''"))
const found = (file: string, pattern: RegExp) => textsOf(file).flatMap((text) => [...text.matchAll(pattern)])

test('the literal text of SQL is found in nested templates, in what is raw, and nowhere else', () => {
  const filled = (code: string) => `\${${code}}`
  const inner = filled('kept({ a: sql`b.c` })')
  const source = `// it's 'aside'
    const one = sql\`FROM ${inner} d WHERE ${filled("raw('e.f')")} = 'g'\`
    const no = 'h.i'`
  expect(literals(source)).toEqual(['b.c', 'e.f', "FROM … d WHERE … = 'g'"])
})

describe('a statement', () => {
  test('of every file is written over the templates that the compiler reads', () => {
    expect(statements.length).toBeGreaterThan(25)
    const own = [...statements, ...files.filter((file) => file.startsWith('src/store/sql/stores/'))]
    expect(
      imports.filter(({ file, target }) => own.includes(file) && target.startsWith('drizzle-orm')),
    ).toEqual([])
  })

  test.each(sources)('of %s names tables and columns by the schema', (file) => {
    const { names: derived, columns = [] } = DERIVED[file.split('/').at(-1) ?? ''] ?? NONE
    const ofAlias = found(file, /\b([a-z_]+)\.[a-z_]+/g).filter(
      ([text, alias = '']) => !derived.includes(alias) && !derived.includes(text),
    )
    const ofTable = found(file, /\b[a-z]+(?:_[a-z]+)+\b/g).filter(
      ([name]) => long.has(name) && !columns.includes(name),
    )
    const table = found(file, /\b(?:FROM|JOIN|INTO|UPDATE) ([a-z_]+)/g).filter(([, name = '']) =>
      names.has(name),
    )
    expect([...ofAlias, ...ofTable, ...table].map(([text]) => text)).toEqual([])
  })

  test.each(sources)('of %s has what only one engine has from the forms', (file) => {
    expect(found(file, SQLITE).map(([text]) => text)).toEqual([])
  })

  test('has no exception that nothing needs', () => {
    const needless = Object.entries(DERIVED).flatMap(([name, { names: derived, columns = [] }]) => {
      const text = textsOf(`src/store/sql/statements/${name}`).join('\n')
      const unused = [...derived.map((one) => (one.includes('.') ? one : `${one}.`)), ...columns].filter(
        (one) => !text.includes(one),
      )
      return unused.map((one) => `${name}: ${one}`)
    })
    expect(needless).toEqual([])
  })
})
