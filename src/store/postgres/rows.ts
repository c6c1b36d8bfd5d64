/** A column of a result, as the server describes it. */
export interface FieldOf {
  readonly name: string
  readonly dataTypeID: number
}

/** The columns of a statement's rows. */
export interface Columns {
  rowOf(values: readonly (string | null)[]): unknown
}

type Read = (text: string) => unknown

/** Converts values as SQLite returns them: numbers, booleans as 1 and 0, documents as text. */
const READ: Readonly<Record<number, Read>> = {
  // bool
  16: (text) => (text === 't' ? 1 : 0),
  // bytea
  17: (text) => Uint8Array.from(text.slice(2).match(/../g) ?? [], (digits) => Number.parseInt(digits, 16)),
  // int8, int2, int4
  ...{ 20: Number, 21: Number, 23: Number },
  // float4, float8, numeric
  ...{ 700: Number, 701: Number, 1700: Number },
}
const asText: Read = (text) => text

export function columnsOf(fields: readonly FieldOf[]): Columns {
  const empty: Readonly<Record<string, unknown>> = Object.fromEntries(fields.map(({ name }) => [name, null]))
  const reads = fields.map(({ name, dataTypeID }) => ({ name, read: READ[dataTypeID] ?? asText }))
  return {
    rowOf(values) {
      const row = { ...empty }
      for (let at = 0; at < reads.length; at++) {
        const [column, value] = [reads[at], values[at]]
        if (column && value !== null && value !== undefined) row[column.name] = column.read(value)
      }
      return row
    },
  }
}

/** For statements that return no rows. */
export const NO_COLUMNS: Columns = { rowOf: () => ({}) }
