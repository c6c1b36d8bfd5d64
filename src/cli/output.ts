/** What a command says: documents for programs, or lines and tables for people. */
export interface Output {
  readonly json: boolean
  /** Whether somebody looks at it in a terminal. */
  readonly terminal: boolean
  /** The outcome: the document itself with `--json`, else the text. */
  say(document: unknown, text: string | (() => string)): void
  /** Rows of an outcome, one document each with `--json`. */
  rows(rows: readonly Row[], columns: readonly string[]): void
  /** A remark, which is no outcome: to standard error, and not at all with `--json`. */
  note(text: string): void
  /** Bytes as they are, with respect for a slow reader. */
  write(chunk: string | Uint8Array): Promise<void>
}

type Row = Readonly<Record<string, unknown>>

export function createOutput(json: boolean): Output {
  const line = (text: string) => void process.stdout.write(`${text}\n`)
  return {
    json,
    terminal: !json && process.stdout.isTTY === true,
    say: (document, text) => line(json ? JSON.stringify(document) : typeof text === 'string' ? text : text()),
    rows(rows, columns) {
      if (json) for (const row of rows) line(JSON.stringify(row))
      else if (rows.length > 0) line(table(rows, columns))
    },
    note: (text) => void (json || process.stderr.write(`${text}\n`)),
    write: (chunk) =>
      new Promise((resolve) => {
        if (process.stdout.write(chunk)) resolve()
        else process.stdout.once('drain', resolve)
      }),
  }
}

function table(rows: readonly Row[], columns: readonly string[]): string {
  const cells = [columns, ...rows.map((row) => columns.map((name) => cell(row[name])))]
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => row[index]?.length ?? 0)))
  return cells
    .map((row) =>
      row
        .map((text, index) => text.padEnd(widths[index] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n')
}

function cell(value: unknown): string {
  if (value === null || value === undefined) return '-'
  if (Array.isArray(value)) return value.map(cell).join(',') || '-'
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
  // What a phone sent may hold escape sequences of terminals.
  return text.replace(/\p{Cc}/gu, '�')
}

/** A document for people: a line for each member. */
export const sheet = (document: Row): string => {
  const width = Math.max(0, ...Object.keys(document).map((name) => name.length))
  return Object.entries(document)
    .map(([name, value]) => `${name.padEnd(width)}  ${cell(value)}`)
    .join('\n')
}
