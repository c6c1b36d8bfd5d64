import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { AmfError } from '../../../../adapters/backendless/amf/errors.ts'
import { decodePacket, encodePacket } from '../../../../adapters/backendless/amf/packet.ts'
import type { AmfValue } from '../../../../adapters/backendless/amf/values.ts'
import { amf0Value, amf3Value, bytes, footprint, graph, record, registration, remotingPacket } from './kit.ts'

/** Bytes that decoders branch on: markers, reference heads, trait flags, the ends of ranges. */
const telling = fc.oneof(
  { weight: 4, arbitrary: fc.nat(0x11) },
  { weight: 2, arbitrary: fc.constantFrom(0x01, 0x03, 0x05, 0x07, 0x0b, 0x13, 0x1b, 0x23, 0x80, 0xff) },
  { weight: 1, arbitrary: fc.nat(0xff) },
)

const wrapAmf3 = bytes('00 03 00 00 00 01 00 00 00 00 ff ff ff ff 11')
const wrapAmf0 = bytes('00 00 00 00 00 01 00 00 00 00 ff ff ff ff')

const noise = fc
  .tuple(
    fc.constantFrom(wrapAmf3, wrapAmf0, new Uint8Array()),
    fc.oneof(fc.uint8Array({ maxLength: 300 }), fc.array(telling, { maxLength: 300 })),
  )
  .map(([head, tail]) => Uint8Array.of(...head, ...tail))

/** Beginnings and ends of every kind of value, some of which fit together by chance. */
const fragment = fc.constantFrom(
  ...['0a 0b 01', '0a 13 03 61 03 62', '0a 01', '0a 00', '0a 07 43 "flex.messaging.io.ArrayCollection"'],
  ...[
    '09 03 01',
    '09 05 01',
    '09 01 03 61',
    '09 00',
    '09 02',
    '06 03 61',
    '06 00',
    '06 02',
    '03 61',
    '00',
    '01',
  ],
  ...[
    '04 05',
    '05 3f e0 00 00 00 00 00 00',
    '08 01 00 00 00 00 00 00 00 00',
    '08 02',
    '0c 03 07',
    '0b 03 78',
  ],
  ...['0d 03 00 00 00 00 01', '10 03 00 01', '11 03 00', '02', '03'],
)

const assembled = fc
  .array(fragment, { maxLength: 30 })
  .map((fragments) => Uint8Array.of(...wrapAmf3, ...bytes(fragments.join(' '))))

const packet = fc.oneof(
  amf3Value.map((value) => remotingPacket([value])),
  graph.map((value) => remotingPacket([value, registration()])),
  amf0Value.map((value) => ({
    version: 0 as const,
    headers: [],
    bodies: [{ target: 't', response: '/1', value }],
  })),
)

/** The position, how many bytes are removed, and which are inserted; positions wrap around. */
const edit = record<{ at: number; drop: number; insert: number[] }>({
  at: fc.nat(10_000),
  drop: fc.nat(3),
  insert: fc.array(telling, { maxLength: 3 }),
})

const mutated = fc
  .tuple(
    packet,
    fc.constantFrom('unknown' as const, 'exact' as const),
    fc.array(edit, { minLength: 1, maxLength: 6 }),
  )
  .map(([base, lengths, edits]) =>
    edits.reduce(
      (input, { at, drop, insert }) => {
        const place = at % (input.length + 1)
        return Uint8Array.of(...input.subarray(0, place), ...insert, ...input.subarray(place + drop))
      },
      encodePacket(base, { lengths }),
    ),
  )

/** Decodes, compares the result with the size of the input, and encodes it again if possible. */
function survive(input: Uint8Array): 'read' | 'refused' {
  try {
    const decoded = decodePacket(input)
    const values: AmfValue[] = [...decoded.headers, ...decoded.bodies].map(({ value }) => value)
    const { objects, content } = footprint(values)
    expect(objects).toBeLessThanOrEqual(input.length)
    expect(content).toBeLessThanOrEqual(input.length)
    decodePacket(encodePacket(decoded))
    return 'read'
  } catch (error) {
    if (error instanceof AmfError) return 'refused'
    throw error
  }
}

describe('whatever the bytes', () => {
  const sources: [string, fc.Arbitrary<Uint8Array>, number][] = [
    ['noise', noise, 10_000],
    ['fragments', assembled, 10_000],
    ['packets with edits', mutated, 10_000],
  ]
  test.each(sources)(
    '%s: all ends in a value no larger than they are or in an AmfError, in no time',
    (_, source, numRuns) => {
      const seen = { read: 0, refused: 0 }
      let slowest = 0
      fc.assert(
        fc.property(source, (input) => {
          const started = performance.now()
          seen[survive(input)] += 1
          slowest = Math.max(slowest, performance.now() - started)
        }),
        { numRuns },
      )
      expect(seen.read).toBeGreaterThan(10)
      expect(seen.refused).toBeGreaterThan(1_000)
      expect(slowest).toBeLessThan(10_000)
    },
    120_000,
  )
})
