import type { Form } from '../form.ts'
import { ndjson } from './lines.ts'
import { csv } from './table.ts'

/** Every export format by name: our own, and those of other tools. */
export const allForms = (neighbours: readonly Form[]): ReadonlyMap<string, Form> =>
  new Map([ndjson, csv, ...neighbours].map((form) => [form.name, form]))
