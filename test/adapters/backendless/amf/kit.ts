import fc from 'fast-check'
import { AmfError } from '../../../../adapters/backendless/amf/errors.ts'
import type { AmfPacket } from '../../../../adapters/backendless/amf/packet.ts'
import {
  type AmfNumberVector,
  type AmfValue,
  amfObject,
  isAmfTagged,
} from '../../../../adapters/backendless/amf/values.ts'

/** Bytes from hexadecimal text, spaces ignored; quoted parts stand for their UTF-8. */
export function bytes(text: string): Uint8Array {
  const parts = text.match(/"[^"]*"|[0-9a-f]{2}/g) ?? []
  return Uint8Array.from(
    parts.flatMap((part) =>
      part.startsWith('"') ? [...new TextEncoder().encode(part.slice(1, -1))] : [Number.parseInt(part, 16)],
    ),
  )
}

export function hex(input: Uint8Array): string {
  return Array.from(input, (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** Runs `act` and returns what it threw; anything but an AmfError is thrown on. */
export function refusal(act: () => unknown): AmfError {
  try {
    act()
  } catch (error) {
    if (error instanceof AmfError) return error
    throw error
  }
  throw new Error('nothing was refused')
}

/** Records like the codec's own, because those of fast-check may lack a prototype. */
export function record<T>(shape: { [K in keyof T]: fc.Arbitrary<T[K]> }): fc.Arbitrary<T> {
  return fc.record(shape, { noNullPrototype: true })
}

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('', '__proto__', 'constructor', 'toString', '0', 'news', '\ufeffmark'),
)
const name = text.filter((candidate) => candidate !== '')
const date = fc.date({ noInvalidDate: true })
const number = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom(-0, 2 ** 28, 2 ** 28 - 1, -(2 ** 28), -(2 ** 28) - 1),
)
const scalar = fc.oneof(fc.constantFrom(null, undefined, true, false), number, text, date)

function members(value: fc.Arbitrary<AmfValue>, names: fc.Arbitrary<string>) {
  return fc.array(fc.tuple(names, value), { maxLength: 4 }).map((entries) => new Map(entries))
}

function withNames(value: fc.Arbitrary<AmfValue>) {
  return members(value, name).filter((map) => map.size > 0)
}

const numberVector = fc.oneof(
  vectorOf('int', fc.integer()),
  vectorOf('uint', fc.nat(0xffffffff)),
  vectorOf('double', fc.double()),
)

function vectorOf(of: AmfNumberVector['of'], item: fc.Arbitrary<number>): fc.Arbitrary<AmfNumberVector> {
  const items = fc.array(item, { maxLength: 4 })
  return record({ kind: fc.constant('vector'), of: fc.constant(of), fixed: fc.boolean(), items })
}

/** Any AMF 3 value that decoding can produce, except references. */
export const amf3Value: fc.Arbitrary<AmfValue> = fc.letrec<{ value: AmfValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    fc.uint8Array({ maxLength: 8 }),
    record({ kind: fc.constant('xml' as const), legacy: fc.boolean(), text }),
    numberVector,
    fc.array(tie('value'), { maxLength: 4 }),
    record({
      kind: fc.constant('object' as const),
      className: text,
      members: members(tie('value'), text),
    }),
    record({
      kind: fc.constant('array' as const),
      dense: fc.array(tie('value'), { maxLength: 3 }),
      members: withNames(tie('value')),
    }),
    record({
      kind: fc.constant('vector' as const),
      of: fc.constant('object' as const),
      className: text,
      fixed: fc.boolean(),
      items: fc.array(tie('value'), { maxLength: 3 }),
    }),
    record({
      kind: fc.constant('dictionary' as const),
      weak: fc.boolean(),
      entries: fc.array(fc.tuple(tie('value'), tie('value')), { maxLength: 3 }),
    }),
  ),
})).value

/** Any AMF 0 value that decoding can produce, except references and AMF 3 parts. */
export const amf0Value: fc.Arbitrary<AmfValue> = fc.letrec<{ value: AmfValue }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    scalar,
    record({ kind: fc.constant('xml' as const), legacy: fc.constant(true), text }),
    fc.array(tie('value'), { maxLength: 4 }),
    record({
      kind: fc.constant('object' as const),
      className: text,
      members: members(tie('value'), text),
    }),
    record({
      kind: fc.constant('array' as const),
      dense: fc.constant<AmfValue[]>([]),
      members: members(tie('value'), text),
    }),
  ),
})).value

/** Arrays and objects that refer to one another in any way, cycles included; the value is the first of them. */
export const graph: fc.Arbitrary<AmfValue> = fc
  .array(fc.tuple(fc.boolean(), fc.array(fc.nat(9), { maxLength: 4 })), { minLength: 1, maxLength: 10 })
  .map((plan) => {
    const nodes = plan.map(([isList]): AmfValue => (isList ? [] : amfObject('Node')))
    plan.forEach(([, edges], at) => {
      const node = nodes[at]
      edges.forEach((edge, place) => {
        const target = nodes[edge % nodes.length]
        if (Array.isArray(node)) node.push(target)
        else if (isAmfTagged(node) && node.kind === 'object') node.members.set(`m${place}`, target)
      })
    })
    return nodes[0]
  })

/** Whether two values have the same shape, sharing and cycles included. */
export function sameGraph(
  left: AmfValue,
  right: AmfValue,
  met: Map<AmfValue, AmfValue> = new Map(),
): boolean {
  if (typeof left !== 'object' || left === null) return Object.is(left, right)
  if (met.has(left)) return met.get(left) === right
  met.set(left, right)
  const ours = childrenOf(left)
  const theirs = childrenOf(right)
  return ours.length === theirs.length && ours.every((child, at) => sameGraph(child, theirs[at], met))
}

function childrenOf(value: AmfValue): AmfValue[] {
  if (Array.isArray(value)) return value
  if (!isAmfTagged(value)) return []
  if (value.kind === 'object') return [value.className, ...[...value.members].flat()]
  if (value.kind === 'array') return [...[...value.members].flat(), ...value.dense]
  if (value.kind === 'vector') return [...value.items]
  if (value.kind === 'dictionary') return value.entries.flat()
  return value.kind === 'xml' ? [value.text] : []
}

/** The number of distinct objects of a value, and of the bytes in its distinct strings and byte arrays. */
export function footprint(root: AmfValue): { objects: number; content: number } {
  const met = new Set<AmfValue>()
  const open: AmfValue[] = [root]
  let content = 0
  while (open.length > 0) {
    const value = open.pop()
    if (met.has(value) || (typeof value !== 'string' && typeof value !== 'object')) continue
    met.add(value)
    if (typeof value === 'string') content += new TextEncoder().encode(value).length
    if (value instanceof Uint8Array) content += value.length
    for (const child of childrenOf(value)) open.push(child)
  }
  return { objects: [...met].filter((value) => typeof value === 'object' && value !== null).length, content }
}

/** A call of a remote method, as flex clients send it. */
export function remotingPacket(args: AmfValue[]): AmfPacket {
  const message = amfObject('flex.messaging.messages.RemotingMessage', {
    source: 'com.example.DeviceService',
    operation: 'registerDevice',
    body: args,
    destination: 'GenericDestination',
    headers: amfObject('', { 'application-type': 'ANDROID', 'api-version': '1.0' }),
    clientId: null,
    messageId: null,
    correlationId: null,
    messageRefType: null,
    timeToLive: 0,
    timestamp: 0,
  })
  return { version: 3, headers: [], bodies: [{ target: 'null', response: 'null', value: [message] }] }
}

export function registration(): AmfValue {
  return amfObject('com.example.DeviceRegistrationDto', {
    id: '',
    deviceToken: 'f00dfeed',
    deviceId: 'D1',
    os: 'ANDROID',
    osVersion: '34',
    channels: ['default', 'news', 'default'],
    expiration: new Date(1_000_000_000_000),
  })
}
