import type { Tenant as Asked } from '../../src/conformance/samples.ts'
import type { AppDocument, Harness } from '../harness/harness.ts'

/** A separate app for one test. */
export interface Tenant extends Asked {
  readonly h: Harness
  readonly app: AppDocument
}

/** A test of the suite that a dialect cannot pass, by its title, and the reason. */
export interface Lack {
  readonly what: string
  readonly why: string
}
