import { once } from 'node:events'
import { createReadStream, createWriteStream, writeFileSync } from 'node:fs'
import { csvReader, delimiterOf } from '../transfer/text/csv.ts'
import { type Encoding, inUtf8 } from '../transfer/text/encoding.ts'
import { isObject, pageReader } from '../transfer/text/json.ts'
import { ndjsonReader } from '../transfer/text/ndjson.ts'
import { FileFault, type FileRecord, type RecordReader, START } from '../transfer/text/record.ts'
import { textReader } from '../transfer/text/texts.ts'

/** List members in the pages of all vendors. */
const LISTS = ['devices', 'subscriptions', 'results', 'channels']

interface Cutting {
  readonly file: string
  readonly format: string
  readonly to: string
  /** The reasons, by row number. */
  readonly wrong: ReadonlyMap<number, object>
  readonly encoding: string | undefined
  readonly delimiter: string | undefined
  /** Whether the table has a header. */
  readonly header: boolean
}

/**
 * Copies rows out of a file unchanged, so that the result is a file of the same format; returns their number.
 * The gateway does not store rejected tokens, so only the owner of the file can do this.
 */
export async function cutOut(of: Cutting): Promise<number> {
  const { file, to, wrong, encoding = 'auto' } = of
  const table = of.format.endsWith('csv')
  const out = createWriteStream(to, { mode: 0o600 })
  const write = async (part: Uint8Array | string) => {
    if (!out.write(part)) await once(out, 'drain')
  }
  const errors: string[] = []
  let [row, cut] = [0, 0]
  const own = { begun: false }
  const headed = table && of.header && of.format !== 'sns-csv'
  let first = headed
  for await (const { record, bytes } of recordsOf(
    inUtf8(createReadStream(file), encoding as Encoding),
    of,
    table,
  )) {
    if (first) {
      first = false
      await write(ended(bytes))
      continue
    }
    const about = of.format === 'ndjson' && isObject(record.value) ? record.value.type : undefined
    if (about === 'pushport-export') {
      own.begun = true
      await write(ended(bytes))
    }
    if (about === 'pushport-export' || about === 'end') continue
    const error = wrong.get(++row)
    if (!error) continue
    cut++
    errors.push(`${JSON.stringify(error)}\n`)
    await write(of.format.endsWith('-json') ? pageOf(record) : ended(bytes))
  }
  if (own.begun) await write(`${JSON.stringify({ type: 'end', devices: cut })}\n`)
  out.end()
  await once(out, 'close')
  writeFileSync(`${to}.errors.ndjson`, errors.join(''), { mode: 0o600 })
  return cut
}

const pageOf = ({ list, raw }: FileRecord) => (list === undefined ? `[${raw}]\n` : `{"${list}":[${raw}]}\n`)

const NEWLINE = 10
const ended = (bytes: Uint8Array): Uint8Array =>
  bytes.at(-1) === NEWLINE ? bytes : new Uint8Array([...bytes, NEWLINE])

/** Records with their bytes. An error in the whole file ends them, as it ended the import. */
async function* recordsOf(file: AsyncIterable<Uint8Array>, of: Cutting, table: boolean) {
  let reader: RecordReader | undefined
  let held: Uint8Array = new Uint8Array()
  let from = 0
  const cut = (records: readonly FileRecord[]) =>
    records.map((record) => {
      const bytes = held.subarray(0, record.next.offset - from)
      held = held.subarray(bytes.length)
      from = record.next.offset
      return { record, bytes: new Uint8Array(bytes) }
    })
  try {
    for await (const bytes of file) {
      reader ??= readerOf(of, table, bytes)
      held = Buffer.concat([held, bytes])
      yield* cut(reader.push(bytes))
    }
    yield* cut(reader?.end() ?? [])
  } catch (error) {
    if (!(error instanceof FileFault)) throw error
    yield* cut(error.before)
  }
}

function readerOf({ format, delimiter }: Cutting, table: boolean, first: Uint8Array): RecordReader {
  if (format.endsWith('-xml')) return textReader(START)
  if (format === 'sns-csv') return csvReader(START, delimiter ?? ',')
  if (table)
    return csvReader(START, delimiter === 'tab' ? '\t' : (delimiter ?? delimiterOf(firstLine(first))))
  return format.endsWith('ndjson') ? ndjsonReader(START) : pageReader(START, LISTS, '')
}

const firstLine = (bytes: Uint8Array): string =>
  new TextDecoder()
    .decode(bytes.subarray(0, 1_048_576))
    .trimStart()
    .split(/[\r\n]/, 1)[0] ?? ''
