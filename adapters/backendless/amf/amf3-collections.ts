import { readNamed } from './amf3-objects.ts'
import { type Amf3Source, readReferable, readString, remember } from './amf3-source.ts'
import type {
  AmfAssociativeArray,
  AmfDictionary,
  AmfNumberVector,
  AmfObjectVector,
  AmfValue,
} from './values.ts'

/** Reads what follows the array marker (AMF 3 section 3.11): named members first, then the dense part. */
export function readArray(source: Amf3Source): AmfValue {
  return readReferable(source, (count) => {
    source.reader.expect(count, 1)
    const first = readString(source)
    if (first === '') {
      const dense: AmfValue[] = remember(source, [])
      source.budget.nest(() => readItems(source, count, dense))
      return dense
    }
    const array: AmfAssociativeArray = { kind: 'array', dense: [], members: new Map() }
    remember(source, array)
    source.budget.nest(() => {
      readNamed(source, first, array.members)
      source.reader.expect(count, 1)
      readItems(source, count, array.dense)
    })
    return array
  })
}

function readItems(source: Amf3Source, count: number, items: AmfValue[]): void {
  for (let index = 0; index < count; index += 1) items.push(source.value())
}

/** How a vector of numbers is laid out: the bytes of an item and how to read one. */
const numbers = {
  int: { size: 4, read: (source: Amf3Source) => source.reader.i32() },
  uint: { size: 4, read: (source: Amf3Source) => source.reader.u32() },
  double: { size: 8, read: (source: Amf3Source) => source.reader.f64() },
} satisfies Record<AmfNumberVector['of'], { size: number; read: (source: Amf3Source) => number }>

/** Makes the reader of what follows a numeric vector's marker (AMF 3 section 3.15). */
export function numberVectorReader(of: AmfNumberVector['of']): (source: Amf3Source) => AmfValue {
  const { size, read } = numbers[of]
  return (source) =>
    readReferable(source, (count) => {
      const fixed = source.reader.u8() !== 0
      source.reader.expect(count, size)
      source.budget.spend(count)
      const vector: AmfNumberVector = { kind: 'vector', of, fixed, items: [] }
      remember(source, vector)
      for (let index = 0; index < count; index += 1) vector.items.push(read(source))
      return vector
    })
}

/** Reads what follows the object vector marker (AMF 3 section 3.15). */
export function readObjectVector(source: Amf3Source): AmfValue {
  return readReferable(source, (count) => {
    const fixed = source.reader.u8() !== 0
    const className = readString(source)
    source.reader.expect(count, 1)
    const vector: AmfObjectVector = { kind: 'vector', of: 'object', className, fixed, items: [] }
    remember(source, vector)
    source.budget.nest(() => readItems(source, count, vector.items))
    return vector
  })
}

/** Reads what follows the dictionary marker (AMF 3 section 3.16). */
export function readDictionary(source: Amf3Source): AmfValue {
  return readReferable(source, (count) => {
    const weak = source.reader.u8() !== 0
    source.reader.expect(count, 2)
    const dictionary: AmfDictionary = { kind: 'dictionary', weak, entries: [] }
    remember(source, dictionary)
    source.budget.nest(() => {
      for (let index = 0; index < count; index += 1) dictionary.entries.push([source.value(), source.value()])
    })
    return dictionary
  })
}
