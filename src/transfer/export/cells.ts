const QUOTED = /[",\r\n]/
/** How a cell begins that a spreadsheet takes for a formula. */
const FORMULA = /^[=+\-@\t\r]/

/** Writes rows of a table (RFC 4180). `safe`: no cell is a formula in a spreadsheet, which changes what it says. */
export function rowWriter(safe: boolean): (cells: readonly string[]) => string {
  const cell = (text: string): string => {
    const plain = safe && FORMULA.test(text) ? `'${text}` : text
    return QUOTED.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
  }
  return (cells) => `${cells.map(cell).join(',')}\r\n`
}

/** What spreadsheets know the encoding by. */
export const BOM = '\ufeff'
