import { type Line, LineCutter, LONGEST } from './lines.ts'
import type { FileRecord, ReaderPlace, RecordReader } from './record.ts'

/** A record, its number of lines, and whether it is malformed; null if more lines are needed. */
interface Parsed {
  readonly cells: readonly string[]
  readonly lines: number
  readonly broken: boolean
}

/**
 * Reads RFC 4180 with any delimiter. If the quotes of a record are wrong, only its first line is lost and
 * reading continues at the next physical line, which no streaming library supports.
 */
export function csvReader(place: ReaderPlace, delimiter: string): RecordReader {
  const cutter = new LineCutter(place.offset)
  let waiting: Line[] = []
  let line = place.line

  function records(ended: boolean): FileRecord[] {
    const found: FileRecord[] = []
    let at = 0
    for (;;) {
      const first = waiting[at]
      if (!first) break
      if (first.text === '' && !first.long) {
        at++
        line++
        continue
      }
      const parsed = parse(waiting, at, delimiter, ended)
      if (!parsed) break
      const took = waiting.slice(at, at + parsed.lines)
      at += parsed.lines
      const fault = parsed.broken ? 'csv_quote' : took.every(({ valid }) => valid) ? undefined : 'encoding'
      found.push({
        line,
        raw: textOf(took),
        cells: parsed.cells,
        ...(fault !== undefined && { fault }),
        next: { offset: took.at(-1)?.to ?? first.to, line: line + parsed.lines },
      })
      line += parsed.lines
    }
    waiting = waiting.slice(at)
    return found
  }

  return {
    push(bytes) {
      waiting.push(...cutter.push(bytes))
      return records(false)
    },
    end() {
      waiting.push(...cutter.end())
      return records(true)
    },
  }
}

/** As in the file, but without the line end of its last line. */
const textOf = (lines: readonly Line[]): string =>
  lines.length === 1
    ? (lines[0]?.text ?? '')
    : lines.map(({ text, end }, at) => (at === lines.length - 1 ? text : text + end)).join('')

function parse(lines: readonly Line[], at: number, delimiter: string, ended: boolean): Parsed | null {
  const first = lines[at]
  if (!first) return null
  const broken = (): Parsed => ({ cells: [], lines: 1, broken: true })
  if (first.long) return broken()
  if (!first.text.includes('"')) return { cells: first.text.split(delimiter), lines: 1, broken: false }
  const cells: string[] = []
  let used = 1
  let text = first.text
  let from = 0
  for (;;) {
    if (text[from] !== '"') {
      const end = text.indexOf(delimiter, from)
      cells.push(text.slice(from, end < 0 ? undefined : end))
      if (end < 0) return { cells, lines: used, broken: false }
      from = end + 1
      continue
    }
    let cell = ''
    from++
    for (;;) {
      const quote = text.indexOf('"', from)
      if (quote < 0) {
        const next = lines[at + used]
        cell += text.slice(from) + (lines[at + used - 1]?.end ?? '')
        const size = (next?.to ?? 0) - first.from
        if (!next) return ended || (lines[at + used - 1]?.to ?? 0) - first.from > LONGEST ? broken() : null
        if (next.long || size > LONGEST) return broken()
        text = next.text
        from = 0
        used++
        continue
      }
      cell += text.slice(from, quote)
      from = quote + 1
      if (text[from] !== '"') break
      cell += '"'
      from++
    }
    cells.push(cell)
    if (from === text.length) return { cells, lines: used, broken: false }
    if (text[from] !== delimiter) return broken()
    from++
  }
}

/** The most frequent delimiter of a header, outside quotes. */
export function delimiterOf(header: string): string {
  const plain = header.replace(/"(?:[^"]|"")*"/g, '')
  const [best] = [',', ';', '\t', '|']
    .map((one) => ({ one, count: plain.split(one).length }))
    .sort((a, b) => b.count - a.count)
  return best?.one ?? ','
}
