import { numberVectorReader, readArray, readDictionary, readObjectVector } from './amf3-collections.ts'
import { readObject } from './amf3-objects.ts'
import { type Amf3Source, readReferable, readString, remember } from './amf3-source.ts'
import { type ByteReader, createByteReader } from './byte-reader.ts'
import { type AmfLimits, type Budget, createBudget } from './limits.ts'
import type { AmfValue, AmfXml } from './values.ts'

/** Reader for each marker, indexed by the marker (AMF 3 section 3.1). */
const readers: readonly ((source: Amf3Source) => AmfValue)[] = [
  () => undefined,
  () => null,
  () => false,
  () => true,
  // Sign-extends a 29-bit two's complement integer to 32 bits.
  ({ reader }) => (reader.u29() << 3) >> 3,
  ({ reader }) => reader.f64(),
  readString,
  (source) => readXml(source, true),
  readDate,
  readArray,
  readObject,
  (source) => readXml(source, false),
  readByteArray,
  numberVectorReader('int'),
  numberVectorReader('uint'),
  numberVectorReader('double'),
  readObjectVector,
  readDictionary,
]

/** Starts an AMF 3 stream with empty reference tables where the reader stands. */
export function createAmf3Source(reader: ByteReader, budget: Budget): Amf3Source {
  const source: Amf3Source = {
    reader,
    budget,
    strings: [],
    traits: [],
    objects: [],
    value: () => {
      budget.spend(1)
      const marker = reader.u8()
      const read = readers[marker]
      if (read === undefined) throw reader.error('malformed', `no AMF 3 type has marker ${marker}`)
      return read(source)
    },
  }
  return source
}

/**
 * Decodes one AMF 3 value that fills `input` exactly; see AmfValue for the result and AmfLimits for the bounds.
 * Throws AmfError and nothing else. (AMF 3 specification, January 2013, section 3)
 */
export function decodeAmf3(input: Uint8Array, limits: AmfLimits = {}): AmfValue {
  const reader = createByteReader(input)
  const value = createAmf3Source(reader, createBudget(limits, reader.offset)).value()
  if (reader.remaining() > 0) throw reader.error('malformed', 'bytes after the value')
  return value
}

function readXml(source: Amf3Source, legacy: boolean): AmfValue {
  return readReferable(source, (size) => {
    const xml: AmfXml = { kind: 'xml', legacy, text: source.reader.text(size) }
    return remember(source, xml)
  })
}

function readDate(source: Amf3Source): AmfValue {
  // Only the reference flag is used; the other bits are ignored (section 3.10).
  return readReferable(source, () => remember(source, source.reader.date()))
}

function readByteArray(source: Amf3Source): AmfValue {
  return readReferable(source, (size) => remember(source, source.reader.bytes(size)))
}
