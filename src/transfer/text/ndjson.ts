import { isObject } from './json.ts'
import { LineCutter } from './lines.ts'
import type { FileRecord, ReaderPlace, RecordReader } from './record.ts'

/** Reads one JSON object per line; skips blank lines. */
export function ndjsonReader(place: ReaderPlace): RecordReader {
  const cutter = new LineCutter(place.offset)
  let line = place.line

  function records(lines: ReturnType<LineCutter['push']>): FileRecord[] {
    const found: FileRecord[] = []
    for (const { text, valid, long, to } of lines) {
      const here = line++
      if (text.trim() === '' && !long) continue
      const next = { offset: to, line }
      found.push({ line: here, raw: text, next, ...parsed(text, valid, long) })
    }
    return found
  }

  return { push: (bytes) => records(cutter.push(bytes)), end: () => records(cutter.end()) }
}

function parsed(text: string, valid: boolean, long: boolean): Pick<FileRecord, 'value' | 'fault'> {
  if (!valid) return { fault: 'encoding' }
  if (long) return { fault: 'not_json' }
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? { value } : { fault: 'not_object' }
  } catch {
    return { fault: 'not_json' }
  }
}
