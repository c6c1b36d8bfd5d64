import type { Adapter } from '../adapter.ts'
import type { Heard } from '../conformance/run.ts'
import type { Reference } from '../reference/reference.ts'
import { differencesOf, titleOf } from './declared.ts'
import { endpointFor, endpointsOf, type Mounted, routeFinder } from './endpoints.ts'
import { type DialectReport, type Endpoint, Report, type ReportedRow } from './report.ts'

/** A row that was run against a server, with the calls that it made. */
export interface AskedRow {
  readonly dialect: string
  readonly row: string
  readonly name: string
  readonly pass: boolean
  readonly fault: string | null
  readonly calls: readonly Heard[]
}

export interface TargetOptions {
  readonly target: string
  readonly version: string
  readonly date: string
  readonly rows: readonly AskedRow[]
  readonly adapters: readonly Adapter[]
  readonly references: readonly Reference[]
}

const RUN = 'target'

/** The report of a server, from the rows that were run against it. */
export function targetReport({ target, version, date, rows, adapters, references }: TargetOptions): Report {
  const routeOf = routeFinder(adapters)
  const asked = adapters.filter(({ name }) => rows.some(({ dialect }) => dialect === name))
  const failed = rows.filter(({ pass }) => !pass).length
  return Report.parse({
    format: 'pushport-compatibility/1',
    target,
    version,
    runs: [{ id: RUN, runtime: target, engine: '', date, passed: rows.length - failed, failed }],
    dialects: asked.map((adapter): DialectReport => {
      const reference = references.find((one) => one.dialect === adapter.name)
      const mounted: Mounted = endpointsOf(adapter, reference)
      const own = rows.filter(({ dialect }) => dialect === adapter.name)
      const finder = (method: string, path: string) => routeOf(adapter.name, method, path)
      return {
        name: adapter.name,
        title: titleOf(adapter, reference),
        clients: [],
        endpoints: mounted.endpoints.map((endpoint) => ({
          ...{ method: endpoint.method, path: endpoint.path, reason: endpoint.reason },
          mounted: [...endpoint.mounted],
          results: resultsOf(mounted, endpoint, { rows: own, finder, date }),
        })),
        fallbacks: mounted.fallbacks.map((one) => ({ ...one, mounted: [...one.mounted] })),
        differences: differencesOf(adapter),
        rows: own.map(rowOf),
      }
    }),
  })
}

const rowOf = ({ row, name, pass, fault }: AskedRow): ReportedRow => ({
  row,
  name,
  results: { [RUN]: pass ? 'passes' : 'fails' },
  reason: fault,
  contract: null,
})

interface Asked {
  readonly rows: readonly AskedRow[]
  readonly finder: (method: string, path: string) => string | null
  readonly date: string
}

/**
 * An endpoint passes if rows that passed had a successful answer from it, and fails if a row failed at its
 * answer.
 */
function resultsOf(
  { endpoints }: Mounted,
  endpoint: Mounted['endpoints'][number],
  { rows, finder, date }: Asked,
): Endpoint['results'] {
  const isOf = ({ method, path }: Heard) => {
    const route = finder(method, path)
    return route !== null && endpointFor(endpoints, method, route) === endpoint
  }
  const done = rows.filter(({ pass, calls }) => pass && calls.some((call) => call.done && isOf(call)))
  const wrong = rows.filter(({ pass, calls }) => {
    const last = calls.at(-1)
    return !pass && last !== undefined && isOf(last)
  })
  const deciding = wrong.length > 0 ? wrong : done
  const [first] = deciding
  if (!first) return []
  return [
    {
      ...{ run: RUN, client: null, status: wrong.length > 0 ? 'fails' : 'passes', evidence: 'contract' },
      ...{ date, tests: deciding.length, example: { file: 'pushport conformance', title: first.name } },
    },
  ]
}
