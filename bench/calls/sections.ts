import { milliseconds, shown, times, whole } from '../kit/numbers.ts'
import type { Options } from '../options.ts'
import { bars } from '../report/bars.ts'
import { curves } from '../report/curves.ts'
import type { Section } from '../report/report.ts'
import { ON_SQLITE, STATEMENTS } from './contenders.ts'
import type { Figure } from './figures.ts'

export interface Measured {
  readonly figures: readonly Figure[]
  /** Per request, by measure. */
  readonly syncs: Readonly<Record<string, number | null>>
  readonly stores: readonly {
    readonly devices: number
    readonly bytes: number
    readonly memory: number
    /** Bytes by table and index. */
    readonly parts: Readonly<Record<string, number>>
  }[]
}

const count = (devices: number) => devices.toLocaleString('en')
const ours = (devices: number) => `ours, ${count(devices)} devices`
const SERVERS = ['bare node:http', 'bare Hono'] as const
/** The last one names the engine's reference. */
const limitsOf = ({ store }: Options) => [...SERVERS, store === 'sqlite' ? STATEMENTS : ON_SQLITE]
const ENGINES = {
  sqlite: 'to the same statements directly in better-sqlite3, in groups of as many as there are connections',
  postgres: 'to the same gateway over an SQLite file with the same data',
} as const

export function sections(measured: Measured, options: Options): Section[] {
  return [
    ...options.connections.map((connections) => beside(measured, options, connections)),
    growth(measured, options),
    store(measured),
    ...(options.store === 'sqlite' ? [parts(measured)] : []),
  ]
}

type Find = (measure: string, contender: string) => Figure | undefined
const finder =
  ({ figures }: Measured, connections: number): Find =>
  (measure, contender) =>
    figures.find(
      (one) => one.measure === measure && one.contender === contender && one.connections === connections,
    )

const measuresIn = ({ figures }: Measured, connections: number) => [
  ...new Set(figures.filter((one) => one.connections === connections).map(({ measure }) => measure)),
]

/** Every measure next to the limits of the machine. */
function beside(measured: Measured, options: Options, connections: number): Section {
  const { devices, store } = options
  const limits = limitsOf(options)
  const find = finder(measured, connections)
  const names = measuresIn(measured, connections)
  const ratio = (measure: string, limit: string) => {
    const [own, other] = [find(measure, ours(devices)), find(measure, limit)]
    return own && other ? own.rate / other.rate : null
  }
  const head = [
    '',
    'per second',
    'p50 ms',
    'p99 ms',
    'p99.9 ms',
    'of node:http',
    'of Hono',
    store === 'sqlite' ? 'of its statements' : 'of SQLite',
  ]
  const rows = names.map((measure) => {
    const own = find(measure, ours(devices))
    const alone = find(measure, STATEMENTS)
    return [
      measure,
      shown(own?.rate, whole),
      ...[own?.p50, own?.p99, own?.p999].map((value) => shown(value, milliseconds)),
      ...limits.map((limit) => shown(ratio(measure, limit), times)),
      shown(alone?.statements, (value) => value.toFixed(1)),
      connections === measured.figures[0]?.connections
        ? shown(measured.syncs[measure], (value) => value.toFixed(3))
        : '–',
      shown(find(measure, SERVERS[0])?.clientCpu, (value) => `${Math.round(value * 100)} %`),
    ]
  })
  return {
    title: `${connections} connections, ${count(devices)} devices`,
    text: `Ratios compare rates of the same rounds: to bare servers that answer the same body, and ${ENGINES[store]}. Bulk registration counts rows until all are registered. The last column is the load generator's share of a CPU with the bare server: near 100 %, the generator was the limit.`,
    table: { head: [...head, 'statements', 'syncs', 'generator'], rows },
    picture: bars({
      title: `Requests a second, ${connections} connections, ${count(devices)} devices`,
      names: ['ours', ...limits],
      groups: names.map((measure) => ({
        label: measure,
        values: [ours(devices), ...limits].map((one) => find(measure, one)?.rate ?? null),
      })),
      form: whole,
    }),
  }
}

/** The cost of the same request at each size. */
function growth(measured: Measured, { connections: [connections = 16] }: Options): Section {
  const find = finder(measured, connections)
  const sizes = measured.stores.map(({ devices }) => devices)
  const at = (measure: string) => sizes.map((devices) => find(measure, ours(devices)))
  const names = measuresIn(measured, connections).filter((measure) => at(measure).every((one) => one))
  const [few = 0, many = 0] = [sizes[0], sizes.at(-1)]
  const rows = names.map((measure) => {
    const found = at(measure)
    const [first, last] = [found[0], found.at(-1)]
    return [
      measure,
      ...found.map((one) => shown(one?.rate, whole)),
      shown(first && last ? last.rate / first.rate : null, times),
      ...[first, last].map((one) => shown(one?.p99, milliseconds)),
    ]
  })
  return {
    title: `Growth, ${connections} connections`,
    text: 'Requests a second by the number of devices; ideally, they do not depend on it.',
    table: {
      head: ['', ...sizes.map(count), 'last to first', `p99 at ${count(few)}`, `p99 at ${count(many)}`],
      rows,
    },
    picture: curves({
      title: 'Requests a second by devices in the store',
      x: { values: sizes, form: count },
      y: { form: whole, unit: 'requests a second by devices; both axes are logarithmic' },
      lines: names.map((name) => ({ name, values: at(name).map((one) => one?.rate ?? null) })),
    }),
  }
}

function store({ stores }: Measured): Section {
  return {
    title: 'Store and memory',
    text: 'The size of the seeded database, ten topics a device; the peak memory of its server during the run.',
    table: {
      head: ['devices', 'bytes per device', 'database MB', 'peak memory MB'],
      rows: stores.map(({ devices, bytes, memory }) => [
        count(devices),
        whole(bytes / devices),
        (bytes / 1e6).toFixed(1),
        (memory / 1e6).toFixed(0),
      ]),
    },
  }
}

/** How the bytes of a device are distributed, at the full size. */
function parts({ stores }: Measured): Section {
  const { devices = 1, bytes = 1, parts = {} } = stores.at(-1) ?? {}
  const large = Object.entries(parts).filter(([, size]) => size > bytes / 100)
  return {
    title: 'Bytes per device by table and index',
    text: `The tables and indexes that take more than 1 % of the database of ${count(devices)} devices.`,
    table: {
      head: ['', 'bytes per device', 'of all'],
      rows: large.map(([name, size]) => [
        name,
        whole(size / devices),
        `${((size / bytes) * 100).toFixed(1)} %`,
      ]),
    },
  }
}
