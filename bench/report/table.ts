import type { Table } from './report.ts'

/** Lines for a terminal: the first column left-aligned, numbers right-aligned. */
export function textTable({ head, rows }: Table): string[] {
  const all = [head, ...rows]
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)))
  return all.map((row) =>
    row
      .map((cell, n) => (n === 0 ? cell.padEnd(widths[n] ?? 0) : cell.padStart(widths[n] ?? 0)))
      .join('  ')
      .trimEnd(),
  )
}

export const markdownTable = ({ head, rows }: Table): string[] => [
  `| ${head.join(' | ')} |`,
  `| ${head.map((_, n) => (n === 0 ? '---' : '---:')).join(' | ')} |`,
  ...rows.map((row) => `| ${row.join(' | ')} |`),
]
