import { type ByteWriter, toUtf8 } from './byte-writer.ts'
import type { Budget } from './limits.ts'
import type { AmfValue } from './values.ts'

/** One AMF 3 stream being written: its bytes and the three reference tables (AMF 3 section 2.1). */
export type Amf3Sink = {
  writer: ByteWriter
  budget: Budget
  strings: Map<string, number>
  traits: Map<string, number>
  objects: Map<object, number>
  /** Writes a marker and its value. */
  value: (value: AmfValue) => void
}

/**
 * Writes a header whose low bit says that the value follows inline. Throws `AmfError` for sizes over 28 bits.
 */
export function writeInlineHead(sink: Amf3Sink, size: number): void {
  sink.writer.u29(size * 2 + 1)
}

/** Writes a text after its byte length. */
export function writeSizedText(sink: Amf3Sink, text: string): void {
  const encoded = toUtf8(text)
  writeInlineHead(sink, encoded.length)
  sink.writer.bytes(encoded)
}

/** Writes a string without marker (AMF 3 section 1.3.2, UTF-8-vr), the second time as a reference. */
export function writeString(sink: Amf3Sink, text: string): void {
  const index = sink.strings.get(text)
  if (index === undefined) {
    if (text !== '') sink.strings.set(text, sink.strings.size)
    writeSizedText(sink, text)
  } else sink.writer.u29(index * 2)
}

/**
 * Writes a reference if the same object was written before; otherwise adds it to the object table and returns
 * false.
 */
export function writeReference(sink: Amf3Sink, value: object): boolean {
  const index = sink.objects.get(value)
  if (index === undefined) {
    sink.objects.set(value, sink.objects.size)
    return false
  }
  sink.writer.u29(index * 2)
  return true
}
