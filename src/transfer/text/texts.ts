import { LineCutter } from './lines.ts'
import type { FileRecord, ReaderPlace, RecordReader } from './record.ts'

/** Reads lines of any text; skips blank ones. */
export function textReader(place: ReaderPlace): RecordReader {
  const cutter = new LineCutter(place.offset)
  let line = place.line

  function records(lines: ReturnType<LineCutter['push']>): FileRecord[] {
    const found: FileRecord[] = []
    for (const { text, valid, long, to } of lines) {
      const here = line++
      if (text.trim() === '' && !long) continue
      const fault = !valid ? 'encoding' : long ? 'not_object' : undefined
      found.push({ line: here, raw: text, next: { offset: to, line }, ...(fault && { fault }) })
    }
    return found
  }

  return { push: (bytes) => records(cutter.push(bytes)), end: () => records(cutter.end()) }
}
