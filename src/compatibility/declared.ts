import type { Adapter } from '../adapter.ts'
import type { Reference } from '../reference/reference.ts'
import { contractOf, type DialectReport } from './report.ts'

export const titleOf = ({ name }: Adapter, reference: Reference | undefined): string =>
  reference?.title ?? name

/** Differences between a dialect and its vendor that are declared as intended, with their reasons. */
export function differencesOf({ capabilities }: Adapter): DialectReport['differences'] {
  const {
    texts = [],
    ignored = [],
    ids = [],
    sets = [],
    loose = [],
    declared = [],
  } = capabilities.mirror?.comparison ?? {}
  return [...texts, ...ignored, ...ids, ...sets, ...loose, ...declared].map(({ path, reason }) => ({
    what: path,
    reason,
    contract: contractOf(reason),
  }))
}
