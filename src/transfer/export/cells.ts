const QUOTED = /[",\r\n]/
/** The first characters of a cell that a spreadsheet treats as a formula. */
const FORMULA = /^[=+\-@\t\r]/

/**
 * Writes rows of a table (RFC 4180). `safe`: escapes cells that spreadsheets would treat as formulas, which
 * changes their text.
 */
export function rowWriter(safe: boolean): (cells: readonly string[]) => string {
  const cell = (text: string): string => {
    const plain = safe && FORMULA.test(text) ? `'${text}` : text
    return QUOTED.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
  }
  return (cells) => `${cells.map(cell).join(',')}\r\n`
}

/** The byte order mark by which spreadsheets detect the encoding. */
export const BOM = '\ufeff'
