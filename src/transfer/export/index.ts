import type { Form } from '../form.ts'
import { ndjson } from './lines.ts'
import { csv } from './table.ts'

/** Every form in which devices go out, by name: ours, and those of neighbours. */
export const allForms = (neighbours: readonly Form[]): ReadonlyMap<string, Form> =>
  new Map([ndjson, csv, ...neighbours].map((form) => [form.name, form]))
