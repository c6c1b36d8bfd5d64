import { PullFault } from './fault.ts'
import type { Source } from './source.ts'

/** An option of a vendor's own. */
export interface VendorOption {
  readonly type: 'string'
  readonly required?: true
  readonly valueHint: string
  readonly description: string
}

/** What somebody said of the vendor's side. */
export interface Given {
  /** Where the vendor's API is, without a slash at the end. */
  readonly from: string
  readonly secret: string
  readonly args: Readonly<Record<string, string | boolean | undefined>>
  /** What a file holds. */
  textIn(file: string): string
}

/** A vendor from which devices can be pulled. */
export interface Vendor {
  readonly name: string
  readonly is: string
  readonly args: Readonly<Record<string, VendorOption>>
  readonly examples: readonly string[]
  /** Where the vendor's API is for everybody; null where each customer has a server. */
  readonly from: string | null
  /** The variable of the secret, and what it is. */
  readonly secret: readonly [variable: string, what: string]
  source(given: Given): Source
}

/** An option that a vendor cannot do without. */
export function needed({ args }: Given, name: string): string {
  const value = args[name]
  if (typeof value !== 'string' || value === '') throw new PullFault('usage', `It needs --${name}.`)
  return value
}
