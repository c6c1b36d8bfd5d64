import type { Neighbours } from '../src/transfer/format.ts'

/** What other vendors export, which can be imported into every dialect, and what they take in. */
export const neighbours: Neighbours = { formats: [], forms: [] }
