import type { Figure } from '../calls/figures.ts'
import { milliseconds, shown, times, whole } from '../kit/numbers.ts'
import type { Options } from '../options.ts'
import { bars } from '../report/bars.ts'
import type { Section } from '../report/report.ts'

export const THEIRS = 'Parse Server'

interface Both {
  readonly ours: number
  readonly theirs: number
}
export interface Measured {
  readonly figures: readonly Figure[]
  readonly memory: Both
  readonly bytes: Both
}

const HEAD = ['', 'connections', 'ours', THEIRS, 'ratio', 'p99 ms', THEIRS, 'ratio', 'p99.9 ms', THEIRS]

/** One table of ratios, and its chart. */
export function sections(
  { figures, memory, bytes }: Measured,
  { devices }: Options,
  ours: string,
): Section[] {
  const pairs = figures
    .filter(({ contender }) => contender === ours)
    .map((own) => ({
      own,
      other: figures.find(
        (one) =>
          one.contender === THEIRS && one.measure === own.measure && one.connections === own.connections,
      ),
    }))
  const rows = pairs.map(({ own, other }) => [
    own.measure,
    String(own.connections),
    ...[own.rate, other?.rate].map((rate) => shown(rate, whole)),
    shown(other && own.rate / other.rate, times),
    ...[own.p99, other?.p99].map((value) => shown(value, milliseconds)),
    shown(other && own.p99 / other.p99, times),
    ...[own.p999, other?.p999].map((value) => shown(value, milliseconds)),
  ])
  const held = (name: string, of: Both, form: (value: number) => string) => [
    name,
    form(of.ours),
    form(of.theirs),
  ]
  return [
    {
      title: `Requests a second, ${devices.toLocaleString('en')} devices`,
      text: 'Calls that mean the same to both: a new device; the same device again; 20 interests or channels; 5 tags or fields.',
      table: { head: HEAD, rows },
      picture: bars({
        title: `Requests a second beside ${THEIRS}, ${devices.toLocaleString('en')} devices`,
        names: ['ours', THEIRS],
        groups: pairs.map(({ own, other }) => ({
          label: `${own.measure}, ${own.connections}`,
          values: [own.rate, other?.rate ?? null],
        })),
        form: whole,
      }),
    },
    {
      title: 'Store and memory',
      text: "Ours stores five dialects, a history and ten subscriptions for each device; the peer stores one row. Memory is that of the two Node.js processes, without PostgreSQL's.",
      table: {
        head: ['', 'ours', THEIRS],
        rows: [
          held('bytes per device', bytes, (value) => whole(value / devices)),
          held('peak memory MB', memory, (value) => (value / 1e6).toFixed(0)),
        ],
      },
    },
  ]
}
