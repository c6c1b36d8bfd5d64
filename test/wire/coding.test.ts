import { describe, expect, test } from 'vitest'
import { packed } from '../../src/conformance/packed.ts'
import { codingOf, unpacked } from '../../src/wire/coding.ts'
import { concatenated } from './concatenated.ts'

const TEXT = new TextEncoder().encode(JSON.stringify({ token: 'fcm', name: 'Zoë' }))
const FORMS = [
  ['gzip', 'gzip', 'gzip'],
  ['deflate', 'deflate', 'deflate with the wrapper of zlib'],
  ['deflate', 'deflate-raw', 'bare deflate'],
] as const

describe('B14a, a packed body', () => {
  test.each(FORMS)('%s: %s is unpacked (%s)', async (coding, format) => {
    expect(await unpacked(await packed(TEXT, format), coding, 1000)).toEqual(TEXT)
  })

  test.each(FORMS)(
    '%s: %s of exactly the limit is unpacked, of one byte more refused',
    async (coding, format) => {
      const bytes = new Uint8Array(5000).fill(65)
      expect((await unpacked(await packed(bytes, format), coding, 5000)).byteLength).toBe(5000)
      await expect(unpacked(await packed(bytes, format), coding, 4999)).rejects.toMatchObject({
        code: 'too_large',
      })
    },
  )

  test.each(FORMS)('%s: %s that is cut off anywhere is malformed', async (coding, format) => {
    const bytes = await packed(crypto.getRandomValues(new Uint8Array(300)), format)
    for (const length of [
      0,
      1,
      2,
      5,
      11,
      50,
      bytes.byteLength - 9,
      bytes.byteLength - 4,
      bytes.byteLength - 1,
    ]) {
      await expect(unpacked(bytes.slice(0, length), coding, 1000), `${length} bytes`).rejects.toMatchObject({
        code: 'bad_body',
      })
    }
  })

  test.each(FORMS)('%s: %s with a broken byte is malformed or fails its check', async (coding, format) => {
    const bytes = await packed(TEXT, format)
    bytes[12] = (bytes[12] ?? 0) ^ 0xff
    const read = unpacked(bytes, coding, 1000).then(
      (text) => text.join() !== TEXT.join() && format === 'deflate-raw',
    )
    await expect(read.catch((error: { code: string }) => error.code === 'bad_body')).resolves.toBe(true)
  })

  test.each(FORMS)(
    '%s: %s with other bytes behind it is malformed, or they are left',
    async (coding, format) => {
      const bytes = concatenated(await packed(TEXT, format), new Uint8Array([1, 2, 3, 4]))
      const outcome = await unpacked(bytes, coding, 1000).catch((error: { code: string }) => error.code)
      if (outcome !== 'bad_body') expect(outcome).toEqual(TEXT)
    },
  )

  test.each(FORMS)('%s: %s of 64 MiB is refused after a few of them', async (coding, format) => {
    const bomb = await bombOf(64, format)
    expect(bomb.byteLength).toBeLessThan(1024 * 1024)
    let taken = 0
    bomb.slice = (from = 0, to = bomb.byteLength) => {
      taken += Math.min(to, bomb.byteLength) - from
      return Uint8Array.prototype.slice.call(bomb, from, to)
    }
    await expect(unpacked(bomb, coding, 1024 * 1024)).rejects.toMatchObject({ code: 'too_large' })
    expect(taken).toBeLessThan(bomb.byteLength / 2)
  })

  test('what is not packed at all is malformed', async () => {
    for (const coding of ['gzip', 'deflate'] as const) {
      await expect(unpacked(TEXT, coding, 1000)).rejects.toMatchObject({ code: 'bad_body' })
    }
  })
})

test.each([
  ['', null],
  ['identity', null],
  ['Identity', null],
  ['gzip', 'gzip'],
  [' GZIP ', 'gzip'],
  ['x-gzip', 'gzip'],
  ['deflate', 'deflate'],
  ['gzip, gzip', 'gzip'],
  ['gzip, identity', 'gzip'],
])('the coding %j is %j', (header, coding) => {
  expect(codingOf(header)).toBe(coding)
})

test.each(['br', 'zstd', 'compress', 'gzip, deflate', 'gzip br', 'constructor', '*'])(
  'the coding %j makes a body that cannot be read',
  (header) => {
    expect(() => codingOf(header)).toThrow(expect.objectContaining({ code: 'bad_body' }))
  },
)

/** This many MiB of zeros, compressed. */
async function bombOf(mebibytes: number, format: 'gzip' | 'deflate' | 'deflate-raw'): Promise<Uint8Array> {
  let left = mebibytes
  const zeros = new Uint8Array(1024 * 1024)
  const source = new ReadableStream<Uint8Array>({
    pull(controller) {
      if (left-- > 0) controller.enqueue(zeros)
      else controller.close()
    },
  })
  return new Uint8Array(await new Response(source.pipeThrough(new CompressionStream(format))).arrayBuffer())
}
