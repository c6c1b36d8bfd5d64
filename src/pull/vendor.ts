import { PullFault } from './fault.ts'
import type { Source } from './source.ts'

/** A vendor-specific option. */
export interface VendorOption {
  readonly type: 'string'
  readonly required?: true
  readonly valueHint: string
  readonly description: string
}

/** The options that describe the vendor's side. */
export interface Given {
  /** The base URL of the vendor's API, without a trailing slash. */
  readonly from: string
  readonly secret: string
  readonly args: Readonly<Record<string, string | boolean | undefined>>
  /** What the file contains. */
  textIn(file: string): string
}

/** A vendor from which devices can be pulled. */
export interface Vendor {
  readonly name: string
  readonly is: string
  readonly args: Readonly<Record<string, VendorOption>>
  readonly examples: readonly string[]
  /** The public base URL of the vendor's API; null if each customer has a server. */
  readonly from: string | null
  /** The environment variable of the secret, and its description. */
  readonly secret: readonly [variable: string, what: string]
  source(given: Given): Source
}

/** An option that the vendor requires. */
export function needed({ args }: Given, name: string): string {
  const value = args[name]
  if (typeof value !== 'string' || value === '') throw new PullFault('usage', `It needs --${name}.`)
  return value
}
