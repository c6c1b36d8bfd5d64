import type { Adapter } from '../../../src/adapter.ts'
import type { ExampleRequest } from '../../harness/example.ts'
import type { Harness } from '../../harness/harness.ts'

/** An app whose look-up is cached, with one registered device. */
export interface Registered {
  readonly h: Harness
  /** The dialect's part of the app document. */
  readonly dialect: Readonly<Record<string, unknown>>
  /** The device's id in its dialect. */
  readonly device: string
}

/** The cost of one call. */
export interface Row {
  readonly situation: string
  /** Its round trips to the database. */
  readonly bound: number
  /** The dialect always refuses this call. */
  readonly refused?: boolean
  /** Calls before it that are not counted. */
  readonly given?: (at: Registered) => readonly ExampleRequest[] | Promise<readonly ExampleRequest[]>
  readonly call: (at: Registered) => ExampleRequest | Promise<ExampleRequest>
}

/** A dialect's part of the table: at least one row for each of its routes. */
export interface DialectTable {
  readonly adapter: Adapter
  /** Registers a phone with this token, whose answer has the device's id. */
  readonly register: (
    dialect: Registered['dialect'],
    token: string,
    h: Harness,
  ) => ExampleRequest | Promise<ExampleRequest>
  readonly deviceId: (response: Response, token: string) => Promise<string>
  /** Whether a call succeeded; by default according to the HTTP status. */
  readonly accepted?: (response: Response) => Promise<boolean>
  /** One form for all paths of an endpoint; by default each path is an endpoint. */
  readonly sameAs?: (path: string) => string
  readonly rows: readonly Row[]
}

/** A request with a JSON body. */
export const json = (method: string, path: string, body?: unknown): ExampleRequest => ({
  method,
  path,
  headers: { 'Content-Type': 'application/json' },
  ...(body !== undefined && { body: JSON.stringify(body) }),
})
