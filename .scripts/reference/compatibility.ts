import * as z from 'zod'
import { adapters } from '../../adapters/index.ts'
import { references } from '../../adapters/references.ts'
import { badgesOf } from '../../src/compatibility/badge.ts'
import { differencesOf, titleOf } from '../../src/compatibility/declared.ts'
import { endpointFor, endpointsOf, type MountedEndpoint } from '../../src/compatibility/endpoints.ts'
import { markdownReport } from '../../src/compatibility/page.ts'
import {
  type Client,
  contractOf,
  type DialectReport,
  type Endpoint,
  Report,
  type ReportedRow,
  type Result,
  type Run,
  reportText,
} from '../../src/compatibility/report.ts'
import { VERSION } from '../../src/version.ts'
import type { Facts, Ran } from '../../test/compatibility/facts.ts'

export const COMPATIBILITY = {
  page: 'docs/compatibility.md',
  data: 'docs/public/compatibility.json',
  schema: 'docs/public/compatibility.schema.json',
  badges: 'docs/public/badge',
} as const

const RUNS = {
  'node-sqlite': { runtime: 'Node.js', engine: 'SQLite' },
  'node-postgres': { runtime: 'Node.js', engine: 'PostgreSQL' },
  'workers-d1': { runtime: 'Cloudflare Workers', engine: 'D1' },
} as const
type RunId = keyof typeof RUNS
const IDS = Object.keys(RUNS) as RunId[]

const PROJECTS: Readonly<Record<string, RunId>> = {
  node: 'node-sqlite',
  'node-alone': 'node-sqlite',
  postgres: 'node-postgres',
  workers: 'workers-d1',
  'workers-alone': 'workers-d1',
}

/** A test in one run. */
interface Played extends Ran {
  readonly run: RunId
  readonly file: string
  readonly date: string
}

const playedOf = ({ project, file, date, tests }: Facts): readonly Played[] =>
  tests.flatMap((test) => {
    const run = test.server === 'worker' ? 'workers-d1' : PROJECTS[project]
    return run === undefined ? [] : [{ ...test, run, file, date }]
  })

const DIALECT_OF_SUITE = /^([a-z-]+): what every dialect does > (.*)$/

const latest = (dates: readonly string[]): string => [...dates].sort().at(-1) ?? ''

function clientOf({ player }: Ran): Client | null {
  if (!player) return null
  const { name, version, evidence } = player
  const id = `${name} ${version} ${evidence}`.toLowerCase().replace(/[^a-z0-9.]+/g, '-')
  return { id: id.replace(/^-/, ''), name, version, evidence }
}

/** A test's calls to a dialect, by route, and whether any was successful. */
const callsOf = (test: Played, dialect: string) =>
  (test.played ?? []).flatMap((call) => {
    const [of, method = '', route = '', outcome] = call.split(' ')
    return of === dialect ? [{ method, route, done: outcome === 'done' }] : []
  })

function resultsOf(tests: readonly Played[], dialect: string, endpoints: readonly MountedEndpoint[]) {
  const groups = new Map<MountedEndpoint, Map<string, { test: Played; done: boolean }[]>>()
  for (const test of tests) {
    const called = new Map<MountedEndpoint, boolean>()
    for (const { method, route, done } of callsOf(test, dialect)) {
      const endpoint = endpointFor(endpoints, method, route)
      if (endpoint) called.set(endpoint, done || called.get(endpoint) === true)
    }
    for (const [endpoint, done] of called) {
      const byCaller = groups.get(endpoint) ?? new Map<string, { test: Played; done: boolean }[]>()
      groups.set(endpoint, byCaller)
      const key = `${test.run} ${clientOf(test)?.id ?? ''}`
      byCaller.set(key, [...(byCaller.get(key) ?? []), { test, done }])
    }
  }
  return (endpoint: MountedEndpoint): readonly Result[] =>
    [...(groups.get(endpoint)?.values() ?? [])].flatMap((all) => resultOf(endpoint, all) ?? [])
}

/**
 * The result for an endpoint from one caller's tests in one run; nothing if all calls were refused and no
 * refusal is expected.
 */
function resultOf(
  { reason }: MountedEndpoint,
  all: readonly { readonly test: Played; readonly done: boolean }[],
): Result | null {
  const failed = all.filter(({ test }) => !test.passed)
  const done = all.filter((one) => one.done && one.test.passed)
  const [status, deciding] =
    failed.length > 0
      ? (['fails', failed] as const)
      : done.length > 0
        ? (['passes', done] as const)
        : (['unsupported', all] as const)
  const [first] = deciding
  if (!first || (status === 'unsupported' && reason === null)) return null
  const client = clientOf(first.test)
  return {
    ...{ run: first.test.run, client: client?.id ?? null, status, evidence: client?.evidence ?? 'contract' },
    ...{ date: latest(deciding.map(({ test }) => test.date)), tests: deciding.length },
    example: { file: first.test.file, title: first.test.title },
  }
}

function rowsOf(tests: readonly Played[], dialect: string, before: readonly ReportedRow[]): ReportedRow[] {
  const ran = new Set(tests.map(({ run }) => run))
  const rows = new Map<string, ReportedRow>()
  for (const { row, title, lack = null, run, passed } of tests) {
    const [, of, name = ''] = DIALECT_OF_SUITE.exec(title) ?? []
    if (row === undefined || of !== dialect) continue
    const known = rows.get(row)?.results
    const status = passed ? (lack === null ? 'passes' : 'unsupported') : 'fails'
    rows.set(row, {
      ...{ row, name: name.replace(/ \[lacks: .*\]$/, ''), results: { ...known, [run]: status } },
      ...{ reason: lack, contract: lack === null ? null : contractOf(lack) },
    })
  }
  // The results of runs that were not repeated.
  for (const one of before) {
    const kept = Object.entries(one.results).filter(([run]) => !ran.has(run as RunId))
    const now = rows.get(one.row) ?? (ran.size === 0 ? { ...one, results: {} } : undefined)
    if (now) rows.set(one.row, { ...now, results: { ...Object.fromEntries(kept), ...now.results } })
  }
  return [...rows.values()]
}

function keptOf(before: DialectReport | undefined, mounted: readonly string[], ran: ReadonlySet<string>) {
  const known = before?.endpoints.filter((one) => one.mounted.some((route) => mounted.includes(route))) ?? []
  return known.flatMap(({ results }) => results).filter(({ run }) => !ran.has(run))
}

const order = (a: Result, b: Result): number =>
  IDS.indexOf(a.run as RunId) - IDS.indexOf(b.run as RunId) || (a.client ?? '').localeCompare(b.client ?? '')

/**
 * The report of the tests' calls; for runs that were not repeated, it keeps the results of the previous
 * report.
 */
export function suiteReport(facts: readonly Facts[], before: Report | null): Report {
  const tests = facts.flatMap(playedOf)
  const ran = new Set<string>(tests.map(({ run }) => run))
  const dialects = adapters.map((adapter): DialectReport => {
    const reference = references.find((one) => one.dialect === adapter.name)
    const mounted = endpointsOf(adapter, reference)
    const old = before?.dialects.find(({ name }) => name === adapter.name)
    const results = resultsOf(tests, adapter.name, mounted.endpoints)
    const endpoints = mounted.endpoints.map((endpoint): Endpoint => {
      const routes = [...endpoint.mounted]
      const all = [...keptOf(old, routes, ran), ...results(endpoint)].sort(order)
      return { ...endpoint, mounted: routes, results: all }
    })
    const used = new Set(endpoints.flatMap((one) => one.results.map(({ client }) => client)))
    const clients = new Map([
      ...(old?.clients ?? []).map((one) => [one.id, one] as const),
      ...tests.flatMap((test) => {
        const client = clientOf(test)
        return client ? [[client.id, client] as const] : []
      }),
    ])
    return {
      ...{ name: adapter.name, title: titleOf(adapter, reference) },
      clients: [...clients.values()]
        .filter(({ id }) => used.has(id))
        .sort((a, b) => a.id.localeCompare(b.id)),
      endpoints,
      fallbacks: mounted.fallbacks.map((one) => ({ ...one, mounted: [...one.mounted] })),
      differences: differencesOf(adapter),
      rows: rowsOf(tests, adapter.name, old?.rows ?? []),
    }
  })
  return Report.parse({
    format: 'pushport-compatibility/1',
    target: null,
    version: VERSION,
    runs: IDS.flatMap((id) => runOf(id, tests) ?? before?.runs.find((one) => one.id === id) ?? []),
    dialects,
  })
}

function runOf(id: RunId, tests: readonly Played[]): Run | null {
  const own = tests.filter(({ run }) => run === id)
  if (own.length === 0) return null
  const passed = own.filter((one) => one.passed).length
  return { id, ...RUNS[id], date: latest(own.map(({ date }) => date)), passed, failed: own.length - passed }
}

/** Every file of a report, by name. */
export const compatibilityFiles = (report: Report): Readonly<Record<string, string>> => ({
  [COMPATIBILITY.data]: reportText(report),
  [COMPATIBILITY.schema]: `${JSON.stringify(z.toJSONSchema(Report), null, 2)}\n`,
  [COMPATIBILITY.page]: markdownReport(report),
  ...Object.fromEntries(
    Object.entries(badgesOf(report)).map(([name, text]) => [`${COMPATIBILITY.badges}/${name}.svg`, text]),
  ),
})

export { Report }
