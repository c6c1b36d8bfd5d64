/** A command's output: documents for programs, or lines and tables for people. */
export interface Output {
  readonly json: boolean
  /** Whether the output is a terminal. */
  readonly terminal: boolean
  /** Prints the result: the document itself with `--json`, otherwise the text. */
  say(document: unknown, text: string | (() => string)): void
  /** Prints rows of the result; with `--json`, one document per line. */
  rows(rows: readonly Row[], columns: readonly string[]): void
  /** Prints a note that is not part of the result: to standard error, and never with `--json`. */
  note(text: string): void
  /** Writes raw bytes and waits for a slow reader. */
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
  // Text from phones may contain terminal escape sequences.
  return text.replace(/\p{Cc}/gu, '�')
}

/** A document as text, one line per member. */
export const sheet = (document: Row): string => {
  const width = Math.max(0, ...Object.keys(document).map((name) => name.length))
  return Object.entries(document)
    .map(([name, value]) => `${name.padEnd(width)}  ${cell(value)}`)
    .join('\n')
}
