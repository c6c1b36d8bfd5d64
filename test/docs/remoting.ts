import { decodePacket } from '../../adapters/backendless/amf/packet.ts'
import { type AmfValue, isAmfTagged, itemsOf, membersOf } from '../../adapters/backendless/amf/values.ts'

/** The message of a packet as JSON, with the class of an object as `$class`. */
export function plainMessage(bytes: Uint8Array): unknown {
  const [body, ...more] = decodePacket(bytes).bodies
  if (!body || more.length > 0) throw new Error('A packet has one message.')
  return plain(body.value)
}

function plain(value: AmfValue): unknown {
  const items = itemsOf(value)
  if (items) return items.map(plain)
  if (!isAmfTagged(value)) return value instanceof Date ? value.toISOString() : value
  const members = [...(membersOf(value) ?? [])].map(([name, one]) => [name, plain(one)])
  const className = value.kind === 'object' ? value.className : ''
  return { ...(className !== '' && { $class: className }), ...Object.fromEntries(members) }
}
