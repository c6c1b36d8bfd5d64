import type { Documents } from '../dialects/dialect.ts'

/** What a load generator is told. */
export interface LoadJob {
  readonly port: number
  readonly connections: number
  readonly seconds: number
  /** The name of the measure whose shots are sent. */
  readonly measure: string
  readonly target: Target
}

/** What a shot is made of. */
export interface Target {
  readonly documents: Documents
  /** So many devices are there. */
  readonly devices: number
  /** No two jobs over one database have the same: what a shot changes or makes is new. */
  readonly job: number
}

/** What a load generator measured. */
export interface Loaded {
  readonly generator: 'autocannon' | 'wrk' | 'fetch'
  /** Answers a second. */
  readonly rate: number
  readonly answers: number
  /** With those of the warm-up. */
  readonly total: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
  /** The part of a CPU that the generator itself took; null where it does not tell. */
  readonly clientCpu: number | null
}
