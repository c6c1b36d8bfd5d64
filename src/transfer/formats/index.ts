import type { Format, ImportTerms } from '../format.ts'
import { ndjson } from './own.ts'
import { csv } from './table.ts'

interface Dialect {
  readonly name: string
  readonly capabilities: { readonly imports?: ImportTerms }
}

/** Every format that can be imported, by name: ours, those of the dialects' vendors, and those of their neighbours. */
export const allFormats = (
  dialects: readonly Dialect[],
  neighbours: readonly Format[],
): ReadonlyMap<string, Format> => {
  const vendors = dialects.flatMap(({ capabilities }) => capabilities.imports?.formats ?? [])
  return new Map([ndjson, csv, ...vendors, ...neighbours].map((format) => [format.name, format]))
}

/** The dialect whose vendor's export a format is. */
export const dialectOf = (dialects: readonly Dialect[], format: Format): string | undefined =>
  dialects.find(({ capabilities }) => capabilities.imports?.formats.includes(format))?.name
