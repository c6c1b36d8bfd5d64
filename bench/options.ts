import { parseArgs } from 'node:util'

export interface Options {
  readonly suites: readonly string[]
  /** Devices of the large database. */
  readonly devices: number
  /** Of a simulated fleet. */
  readonly phones: number
  /** Only measures whose names contain one of these. */
  readonly only: readonly string[]
  /** The time for measuring, without seeds and installations. */
  readonly minutes: number
  readonly rounds: number
  readonly connections: readonly number[]
  /** The folder for reports; null: beside the bench, where they are committed. */
  readonly out: string | null
  /** Another checkout to measure next to this one. */
  readonly beside: string | null
  /** The engine over which calls and the peer's table are measured. */
  readonly store: 'sqlite' | 'postgres'
  readonly quick: boolean
  /** Every measure with every number of connections and at every size, regardless of the time. */
  readonly full: boolean
}

export const HELP = `npm run bench -- [suite …] [option …]

Suites: calls (what a request costs, beside the limits of the machine; the default),
        peer (the same load on Parse Server over PostgreSQL, alternated with ours),
        beside (the same load on another checkout of the product, alternated with this one),
        scale (the time of each query by the size of the store, and which of them walk a table),
        send (recipients a second through each push service beside bare clients, the largest send, and what it costs
        those who register meanwhile),
        import (rows a second in and out beside bare inserts and reads, and what an import costs those who register),
        migration (a fleet of simulated phones moves from its vendors to the gateway: nothing lost, nothing doubled, and the
        estimates of readiness hold),
        move (a whole database from SQLite to PostgreSQL and back, with equal hashes),
        drivers (plans of new devices through pg and through postgres, near and 2 ms away, with and without locks),
        gateways (new devices a second through one gateway and through three over one PostgreSQL),
        shadow (what registrations wait whose copies go to a vendor that takes 10 s, beside those without one),
        console (how long each page of the console waits for its data, and what a page left open costs),
        hold (for how long any single call keeps the others waiting, over 200,000 devices),
        memory (the heap over 2,000,000 requests),
        worker (round trips to D1, cold start and bundle size of the Worker).

  --full             every measure at every size and with every number of connections
  --quick            one short round over few devices: a minute
  --beside FOLDER    the other checkout
  --store NAME       sqlite, or postgres: calls beside the same over SQLite, peer on the same PostgreSQL as Parse Server
  --devices N        devices of the large database (1,000,000)
  --phones N         of a simulated fleet (1,000,000: an hour and a half, and 12 GB of memory)
  --only NAME        measures whose names hold this, for hold a dialect, for migration story or estimates (of all phones each);
                     may be given again
  --minutes N        how long to measure, seeding and installing apart (10)
  --rounds N         alternated rounds, of which medians are shown (3)
  --connections A,B  connections of the load (16,64)
  --out FOLDER       where the JSON, the pictures and RESULTS.md go (bench, with --quick data/bench/quick)
`

export function parseOptions(args: readonly string[]): Options | null {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      quick: { type: 'boolean', default: false },
      devices: { type: 'string' },
      phones: { type: 'string' },
      only: { type: 'string', multiple: true, default: [] },
      minutes: { type: 'string' },
      rounds: { type: 'string' },
      connections: { type: 'string' },
      out: { type: 'string' },
      beside: { type: 'string' },
      store: { type: 'string', default: 'sqlite' },
      full: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  if (values.help) return null
  const { quick, full, store } = values
  if (store !== 'sqlite' && store !== 'postgres')
    throw new Error(`--store is sqlite or postgres, not ${store}`)
  const suites = positionals.length > 0 ? positionals : ['calls']
  if (suites.includes('beside') && values.beside === undefined)
    throw new Error('--beside FOLDER names the other checkout, after `npm start` there')
  return {
    suites,
    devices: positive('devices', values.devices ?? (quick ? '10000' : '1000000')),
    phones: positive('phones', values.phones ?? (quick ? '2000' : '1000000')),
    only: values.only,
    minutes: positive('minutes', values.minutes ?? (quick ? '0.5' : '10')),
    rounds: positive('rounds', values.rounds ?? (quick ? '1' : '3')),
    connections: (values.connections ?? (quick ? '16' : '16,64'))
      .split(',')
      .map((one) => positive('connections', one)),
    out: values.out ?? null,
    beside: values.beside ?? null,
    store,
    quick,
    full,
  }
}

function positive(name: string, text: string): number {
  const value = Number(text)
  if (!(value > 0)) throw new Error(`--${name} must be a number above 0, not ${text}`)
  return value
}
