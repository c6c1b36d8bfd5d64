/** One point of a curve: a day, and the share from 0 to 1. */
export interface Point {
  readonly date: string
  readonly share: number
}

const ROWS = 12
const BLOCKS = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'] as const
const WIDEST = 60

/** A curve for a terminal, with a line at a target: one column per day, the axis from 0 to 100 per cent. */
export function chart(points: readonly Point[], target: number): string[] {
  const shown = points.slice(-WIDEST)
  const wide = shown.length <= WIDEST / 3 ? 3 : 1
  const targetRow = ROWS - 1 - Math.min(ROWS - 1, Math.floor(target * ROWS))
  const lines = Array.from({ length: ROWS }, (_, row) => {
    const floor = (ROWS - 1 - row) / ROWS
    const cells = shown.map(({ share }) => {
      const filled = Math.round(Math.max(0, Math.min(1, (share - floor) * ROWS)) * 8)
      const empty = row === targetRow ? '·' : ' '
      return (filled === 0 ? empty : (BLOCKS[filled] ?? ' ')).repeat(wide)
    })
    const label = row === targetRow ? `${Math.round(target * 100)} %` : row === 0 ? '100 %' : ''
    return `${label.padStart(6)} │${cells.join('')}`
  })
  const [first, last] = [shown[0]?.date ?? '', shown.at(-1)?.date ?? '']
  const width = shown.length * wide
  const axis = `${' '.repeat(6)} └${'─'.repeat(width)}`
  const dates = `${' '.repeat(8)}${first}${last.padStart(Math.max(last.length + 1, width - first.length))}`
  return [...lines, axis, dates]
}
