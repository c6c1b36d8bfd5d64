import type { Documents } from '../dialects/dialect.ts'

/** The input of a load generator. */
export interface LoadJob {
  readonly port: number
  readonly connections: number
  readonly seconds: number
  /** The name of the measure whose shots are sent. */
  readonly measure: string
  readonly target: Target
}

/** The parameters from which a shot is built. */
export interface Target {
  readonly documents: Documents
  /** The number of devices in the database. */
  readonly devices: number
  /** Differs between all jobs over one database, so that the values that a shot writes are new. */
  readonly job: number
}

/** The results of a load generator. */
export interface Loaded {
  readonly generator: 'autocannon' | 'wrk' | 'fetch'
  /** Answers per second. */
  readonly rate: number
  readonly answers: number
  /** Including the warm-up. */
  readonly total: number
  readonly p50: number
  readonly p99: number
  readonly p999: number
  /** The share of a CPU that the generator used; null if unknown. */
  readonly clientCpu: number | null
}
