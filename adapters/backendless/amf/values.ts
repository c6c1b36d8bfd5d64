/**
 * A value that AMF can carry. Scalars, dates, byte arrays and dense arrays are JavaScript's own; everything else is a
 * plain object told apart by `kind`.
 *
 * A decoded value is a graph: what was sent by reference is one shared object, and cycles are possible. Code that walks
 * a whole value must bound itself; code that looks for the members it knows need not care.
 */
export type AmfValue =
  | null
  | undefined
  | boolean
  | number
  | string
  | Date
  | Uint8Array
  | AmfValue[]
  | AmfTagged

/** The values that JavaScript has no type of its own for. */
export type AmfTagged =
  | AmfObject
  | AmfAssociativeArray
  | AmfInteger
  | AmfDouble
  | AmfXml
  | AmfNumberVector
  | AmfObjectVector
  | AmfDictionary

/**
 * An object (AMF 3 section 3.12, AMF 0 sections 2.5 and 2.18). `className` is '' for an anonymous one. Sealed
 * and dynamic members are not distinguished; a name given twice keeps its last value. Member names are data,
 * `__proto__` too.
 */
export type AmfObject = { kind: 'object'; className: string; members: Map<string, AmfValue> }

/**
 * An array with named members (AMF 3 section 3.11) or an ECMA array (AMF 0 section 2.10, where `dense` stays empty and
 * indices are names). An array without named members is a plain `AmfValue[]`.
 */
export type AmfAssociativeArray = { kind: 'array'; dense: AmfValue[]; members: Map<string, AmfValue> }

/** Forces the AMF 3 integer type when encoding; -2^28 to 2^28 - 1, an AmfError otherwise. Never decoded. */
export type AmfInteger = { kind: 'integer'; value: number }

/** Forces the double type when encoding, for a receiver that tells 1 from 1.0. Never decoded. */
export type AmfDouble = { kind: 'double'; value: number }

/** An XML text, not parsed (AMF 3 sections 3.9 and 3.13, AMF 0 section 2.17); `legacy` is flash.xml.XMLDocument. */
export type AmfXml = { kind: 'xml'; legacy: boolean; text: string }

/** Vector.<int>, Vector.<uint> or Vector.<Number> (AMF 3 section 3.15). */
export type AmfNumberVector = {
  kind: 'vector'
  of: 'int' | 'uint' | 'double'
  fixed: boolean
  items: number[]
}

/** A vector of a class (AMF 3 section 3.15); `className` is '' or `*` for any. */
export type AmfObjectVector = {
  kind: 'vector'
  of: 'object'
  className: string
  fixed: boolean
  items: AmfValue[]
}

/** A flash.utils.Dictionary (AMF 3 section 3.16): keys may be any value, so it is a list of pairs. */
export type AmfDictionary = { kind: 'dictionary'; weak: boolean; entries: [AmfValue, AmfValue][] }

/** Makes an object with the own enumerable members of `members`, in their order; className '' for an anonymous one. */
export function amfObject(className: string, members: Record<string, AmfValue> = {}): AmfObject {
  return { kind: 'object', className, members: new Map(Object.entries(members)) }
}

/** Makes a number that is written as an AMF 3 integer whatever the default; see AmfInteger. */
export function amfInteger(value: number): AmfInteger {
  return { kind: 'integer', value }
}

/** Makes a number that is written as a double whatever the default; see AmfDouble. */
export function amfDouble(value: number): AmfDouble {
  return { kind: 'double', value }
}

/** Whether a value is one of the `kind` objects. */
export function isAmfTagged(value: AmfValue): value is AmfTagged {
  return typeof value === 'object' && value !== null && 'kind' in value
}

/** Whether a value is an object, of the class when one is named. */
export function isAmfObject(value: AmfValue, className?: string): value is AmfObject {
  if (!isAmfTagged(value) || value.kind !== 'object') return false
  return className === undefined || value.className === className
}

/** The named members of an object or an associative array, null for anything else. */
export function membersOf(value: AmfValue): Map<string, AmfValue> | null {
  return isAmfTagged(value) && (value.kind === 'object' || value.kind === 'array') ? value.members : null
}

/** The items of a plain array, the dense part of an associative one, or a vector's items; null for anything else. */
export function itemsOf(value: AmfValue): readonly AmfValue[] | null {
  if (Array.isArray(value)) return value
  if (!isAmfTagged(value)) return null
  if (value.kind === 'array') return value.dense
  return value.kind === 'vector' ? value.items : null
}
