import {
  type Amf3Source,
  readReferable,
  readString,
  remember,
  type Traits,
  unresolved,
} from './amf3-source.ts'
import type { AmfObject, AmfValue } from './values.ts'

// Both carry exactly one AMF 3 value, the collection or object that they wrap (BlazeDS, flex.messaging.io).
const wrappers: ReadonlySet<string> = new Set([
  'flex.messaging.io.ArrayCollection',
  'flex.messaging.io.ObjectProxy',
])

/** Reads what follows the object marker (AMF 3 section 3.12). */
export function readObject(source: Amf3Source): AmfValue {
  return readReferable(source, (bits) => {
    const traits = readTraits(source, bits)
    if (traits.externalizable) return readWrapped(source, traits.className)
    const object: AmfObject = { kind: 'object', className: traits.className, members: new Map() }
    remember(source, object)
    source.budget.nest(() => readMembers(source, traits, object.members))
    return object
  })
}

function readTraits(source: Amf3Source, bits: number): Traits {
  const { reader, budget, traits } = source
  if ((bits & 1) === 0) {
    const found = traits[bits >>> 1]
    if (found === undefined) throw reader.error('malformed', `no traits ${bits >>> 1} to refer to`)
    return found
  }
  const externalizable = (bits & 2) === 2
  // U29O-traits-ext: the bits above are not significant, so there is no member count.
  const count = externalizable ? 0 : bits >>> 3
  const className = readString(source)
  reader.expect(count, 1)
  budget.spend(count)
  const sealed = Array.from({ length: count }, () => readString(source))
  const fresh = { className, externalizable, dynamic: !externalizable && (bits & 4) === 4, sealed }
  traits.push(fresh)
  return fresh
}

function readMembers(source: Amf3Source, traits: Traits, members: Map<string, AmfValue>): void {
  for (const name of traits.sealed) members.set(name, source.value())
  if (traits.dynamic) readNamed(source, readString(source), members)
}

/** Reads name and value pairs, the first name already read, up to the empty name. */
export function readNamed(source: Amf3Source, first: string, members: Map<string, AmfValue>): void {
  for (let name = first; name !== ''; name = readString(source)) members.set(name, source.value())
}

function readWrapped(source: Amf3Source, className: string): AmfValue {
  const { reader, budget, objects } = source
  if (!wrappers.has(className)) {
    const shown = JSON.stringify(className.slice(0, 100))
    throw reader.error('unsupported', `externalizable class ${shown} has a format of its own`)
  }
  const index = objects.push(unresolved) - 1
  const value = budget.nest(source.value)
  objects[index] = value
  return value
}
