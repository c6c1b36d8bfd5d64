import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { COMPATIBILITY, compatibilityFiles } from '../../.scripts/reference/compatibility.ts'
import { adapters } from '../../adapters/index.ts'
import { differencesOf } from '../../src/compatibility/declared.ts'
import { Report } from '../../src/compatibility/report.ts'
import { contracts } from '../../vendors/conformance/index.ts'
import { contractRows } from '../contract/adapter.ts'

// If one of these fails, `npm run compatibility` regenerates the report; `-- --render` does so without
// running tests.
const text = (file: string) => readFileSync(file, 'utf8')
const report = Report.parse(JSON.parse(text(COMPATIBILITY.data)))

const dialect = (name: string) => {
  const found = report.dialects.find((one) => one.name === name)
  if (!found) throw new Error(`${name} is not in the report`)
  return found
}

/** The literals of a file, each as a pattern of the titles that it may give a test. */
function titlesIn(file: string): readonly RegExp[] {
  const quoted = [...text(file).matchAll(/'((?:[^'\\\n]|\\.)*)'|"((?:[^"\\\n]|\\.)*)"|`((?:[^`\\]|\\.)*)`/g)]
  return quoted.flatMap(([, single, double, template]) => {
    const literal = (single ?? double ?? template ?? '').replace(/\\(.)/g, '$1')
    const parts = literal.split(/%[sdifjo#%]|\$\{[^}]*\}|\$[a-zA-Z_.]+/)
    // A title that consists of data is in the table of its cases.
    if (parts.join('').trim() === '') return []
    const escaped = parts.map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    return [new RegExp(`^${escaped.join('.*')}$`, 's')]
  })
}

const known = new Map<string, readonly RegExp[]>()
function hasTest(file: string, title: string): boolean {
  if (!existsSync(file)) return false
  const folder = 'test/contract'
  const suite = file.endsWith('/contract.test.ts')
    ? readdirSync(folder).flatMap((name) => (name.startsWith('adapter') ? [`${folder}/${name}`] : []))
    : []
  const sdk = file.endsWith('/on-the-worker.test.ts')
    ? readdirSync('test/sdk').map((name) => `test/sdk/${name}`)
    : []
  const patterns = [file, ...suite, ...sdk].flatMap((one) => {
    const found = known.get(one) ?? titlesIn(one)
    known.set(one, found)
    return found
  })
  const last = title.split(' > ').at(-1) ?? ''
  return patterns.some((pattern) => pattern.test(last))
}

test('page, badges and schema are what the data says', () => {
  const files = compatibilityFiles(report)
  expect(Object.keys(files).length).toBe(adapters.length + 4)
  for (const [file, wanted] of Object.entries(files)) expect(text(file) === wanted, file).toBe(true)
  const badges = Object.keys(files).filter((file) => file.endsWith('.svg'))
  expect(
    readdirSync(COMPATIBILITY.badges)
      .map((name) => `${COMPATIBILITY.badges}/${name}`)
      .sort(),
  ).toEqual(badges.sort())
})

test('the dialects are those that are shipped, and every run has its day and no failure', () => {
  expect(report.dialects.map(({ name }) => name)).toEqual(adapters.map(({ name }) => name))
  expect(report.target).toBeNull()
  const dates = new Map<string, string[]>()
  for (const one of report.dialects.flatMap(({ endpoints }) => endpoints).flatMap(({ results }) => results))
    dates.set(one.run, [...(dates.get(one.run) ?? []), one.date])
  for (const { id, date, failed } of report.runs) {
    expect(failed, id).toBe(0)
    expect((dates.get(id) ?? []).filter((one) => one > date)).toEqual([])
  }
  expect([...dates.keys()].sort()).toEqual(report.runs.map(({ id }) => id).sort())
})

describe.each(adapters.map((one) => [one.name, one] as const))('of %s', (name, adapter) => {
  test('every mounted route is in it once, and no other', () => {
    const { endpoints, fallbacks } = dialect(name)
    const told = [...endpoints, ...fallbacks].flatMap(({ mounted }) => mounted)
    const mounted = adapter.routes().routes.map(({ method, path }) => `${method} ${path}`)
    expect(mounted.length).toBeGreaterThan(5)
    expect([...told].sort()).toEqual([...new Set(mounted)].sort())
  })

  test('no two endpoints are called alike', () => {
    const calls = dialect(name).endpoints.map(({ method, path }) => `${method} ${path}`)
    expect(new Set(calls).size).toBe(calls.length)
    expect(calls.filter((one) => one.includes('~'))).toEqual([])
  })

  test('every row of its contract is in it, and no other', () => {
    const samples = contracts[name]
    if (!samples) throw new Error('no contract')
    const rows = contractRows(adapter, samples)
    expect(rows.length).toBeGreaterThan(50)
    expect(dialect(name).rows.map(({ row }) => row)).toEqual(rows)
  })

  test('a row that is not supported says why', () => {
    const without = dialect(name).rows.filter(({ results }) => Object.values(results).includes('unsupported'))
    for (const { reason } of without) expect(reason).toMatch(/\w/)
    const suite = text(`test/adapters/${name}/contract.test.ts`)
    for (const { reason } of without) expect(suite).toContain(reason)
  })

  test('what differs on purpose is what the adapter declares', () => {
    expect(dialect(name).differences).toEqual(differencesOf(adapter))
  })

  test('nothing rests on a test that does not exist any more', () => {
    const examples = dialect(name).endpoints.flatMap(({ results }) => results.map(({ example }) => example))
    expect(examples.length).toBeGreaterThan(10)
    expect(examples.filter(({ file, title }) => !hasTest(file, title))).toEqual([])
    expect(hasTest(examples[0]?.file ?? '', 'a title that no test has')).toBe(false)
  })

  test('the clients are those that ran, and packages have the versions that are installed', () => {
    const { clients, endpoints } = dialect(name)
    const called = new Set(endpoints.flatMap(({ results }) => results.flatMap(({ client }) => client ?? [])))
    expect(clients.map(({ id }) => id).sort()).toEqual([...called].sort())
    const installed = new Set(
      Object.entries(JSON.parse(text('package.json')).devDependencies).flatMap(([key, version]) => {
        const [, as = key, at = version] = /^npm:(.+)@(.+)$/.exec(String(version)) ?? []
        return [`${as} ${at}`]
      }),
    )
    const packages = clients.filter(({ evidence }) => evidence === 'sdk')
    const missing = packages.filter((one) => !installed.has(`${one.name.split(' ')[0]} ${one.version}`))
    expect(missing).toEqual([])
  })
})
