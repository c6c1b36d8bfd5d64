import type { Format } from '../src/transfer/format.ts'

/** What other vendors export: files can be imported into every dialect. */
export const neighbours: readonly Format[] = []
