import type { Format, ImportTerms } from '../format.ts'
import { ndjson } from './own.ts'
import { csv } from './table.ts'

interface Dialect {
  readonly name: string
  readonly capabilities: { readonly imports?: ImportTerms }
}

/** Every import format by name: our own, those of the dialects' vendors, and those of other tools. */
export const allFormats = (
  dialects: readonly Dialect[],
  neighbours: readonly Format[],
): ReadonlyMap<string, Format> => {
  const vendors = dialects.flatMap(({ capabilities }) => capabilities.imports?.formats ?? [])
  return new Map([ndjson, csv, ...vendors, ...neighbours].map((format) => [format.name, format]))
}

/** The dialect whose vendor exports a format. */
export const dialectOf = (dialects: readonly Dialect[], format: Format): string | undefined =>
  dialects.find(({ capabilities }) => capabilities.imports?.formats.includes(format))?.name
