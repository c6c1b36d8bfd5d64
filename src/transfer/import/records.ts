import type { ImportOptions } from '../../domain/import.ts'
import type { Spool } from '../../store/store.ts'
import type { Format } from '../format.ts'
import { csvReader, delimiterOf } from '../text/csv.ts'
import { pageReader } from '../text/json.ts'
import { ndjsonReader } from '../text/ndjson.ts'
import { FileFault, type FileRecord, type ReaderPlace, type RecordReader, START } from '../text/record.ts'
import { textReader } from '../text/texts.ts'

/** The records of a file from a position on, and the header of a table. */
export interface Records {
  readonly header: readonly string[] | null
  readonly records: AsyncIterable<readonly FileRecord[]>
}

/** Opens a stored file at the position from which a reader resumes; null: at the start. */
export async function recordsOf(
  spool: Spool,
  id: string,
  format: Format,
  options: ImportOptions,
  place: ReaderPlace | null,
): Promise<Records> {
  if (format.shape !== 'table') {
    const reader = readerOf(format, place ?? START)
    return { header: null, records: reading(reader, spool.read(id, place?.offset ?? 0)) }
  }
  const headless = format.headless || options.header === false
  const first = await firstRecord(spool, id, options.delimiter ?? format.delimiter)
  const { delimiter } = first
  if (!first.record) return { header: [], records: none() }
  if (first.record.fault) throw new FileFault('header', 'The header cannot be read.')
  const cells = first.record.cells ?? []
  const header = headless ? cells.map((_, at) => String(at + 1)) : cells
  const from = place ?? (headless ? START : first.record.next)
  return { header, records: reading(csvReader(from, delimiter), spool.read(id, from.offset)) }
}

function readerOf(format: Format, place: ReaderPlace): RecordReader {
  if (format.shape === 'lines') return ndjsonReader(place)
  if (format.shape === 'texts') return textReader(place)
  return pageReader(place, format.lists ?? [], format.bare ?? format.lists?.[0] ?? '')
}

async function* none(): AsyncGenerator<readonly FileRecord[]> {}

async function* reading(
  reader: RecordReader,
  file: AsyncIterable<Uint8Array>,
): AsyncGenerator<readonly FileRecord[]> {
  for await (const bytes of file) yield reader.push(bytes)
  yield reader.end()
}

/** The first record of a table: its header, from which the delimiter is detected. */
async function firstRecord(spool: Spool, id: string, given: string | undefined) {
  let delimiter = given
  let reader: RecordReader | undefined
  for await (const bytes of spool.read(id, 0)) {
    if (!reader) {
      delimiter ??= delimiterOf(firstLine(bytes))
      reader = csvReader(START, delimiter)
    }
    const [record] = reader.push(bytes)
    if (record) return { record, delimiter: delimiter ?? ',' }
  }
  const [record] = reader?.end() ?? []
  return { record, delimiter: delimiter ?? ',' }
}

const firstLine = (bytes: Uint8Array): string =>
  new TextDecoder()
    .decode(bytes.subarray(0, 1_048_576))
    .trimStart()
    .split(/[\r\n]/, 1)[0] ?? ''
