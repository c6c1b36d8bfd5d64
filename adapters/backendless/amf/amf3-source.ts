import type { ByteReader } from './byte-reader.ts'
import type { Budget } from './limits.ts'
import type { AmfValue } from './values.ts'

/** What a class looks like on the wire (AMF 3 section 3.12, traits). */
export type Traits = {
  className: string
  externalizable: boolean
  dynamic: boolean
  sealed: readonly string[]
}

/** Placeholder in the object table for an externalizable object whose content is still being read. */
export const unresolved: unique symbol = Symbol('unresolved')

/** One AMF 3 stream being read: its bytes and the three reference tables (AMF 3 section 2.1). */
export type Amf3Source = {
  reader: ByteReader
  budget: Budget
  strings: string[]
  traits: Traits[]
  objects: (AmfValue | typeof unresolved)[]
  /** Reads the next marker and its value. */
  value: () => AmfValue
}

/** Reads a string without marker (AMF 3 section 1.3.2, UTF-8-vr); the empty one never enters the string table. */
export function readString(source: Amf3Source): string {
  const { reader, strings } = source
  const head = reader.u29()
  if ((head & 1) === 1) {
    const text = reader.text(head >>> 1)
    if (text !== '') strings.push(text)
    return text
  }
  const found = strings[head >>> 1]
  if (found === undefined) throw reader.error('malformed', `no string ${head >>> 1} to refer to`)
  return found
}

/**
 * Reads a value that may be sent by reference. The low bit of the header says which; the other bits are the
 * index, or are passed to `inline`. A reference returns the same object, so cycles are kept and nothing is
 * expanded. Its type may differ from the marker, because no caller depends on it.
 */
export function readReferable(source: Amf3Source, inline: (size: number) => AmfValue): AmfValue {
  const { reader, objects } = source
  const head = reader.u29()
  const rest = head >>> 1
  if ((head & 1) === 1) return inline(rest)
  const found = objects[rest]
  if (rest >= objects.length) throw reader.error('malformed', `no object ${rest} to refer to`)
  if (found === unresolved)
    throw reader.error('malformed', `object ${rest} refers to itself before it exists`)
  return found
}

/** Enters a value in the object table, before its content is read, since the content may refer to it. */
export function remember<T extends AmfValue>(source: Amf3Source, value: T): T {
  source.objects.push(value)
  return value
}
