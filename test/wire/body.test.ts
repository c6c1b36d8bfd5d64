import { type Context, Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import type { AppEnv, Services } from '../../src/adapter.ts'
import { packed } from '../../src/conformance/packed.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { DEFAULT_LIMITS } from '../../src/limits/limits.ts'
import { originalBody, readBytes, readJson, readText } from '../../src/wire/body.ts'

/** Runs readers on one request, one after another, and returns the result of each: a value or a code. */
async function read(
  { arrived, ...init }: RequestInit & Pick<Services, 'arrived'>,
  ...readers: readonly ((c: Context<AppEnv>) => unknown)[]
): Promise<unknown[]> {
  const got: unknown[] = []
  const app = new Hono<AppEnv>().post('/', async (c) => {
    c.set('limits', DEFAULT_LIMITS)
    c.set('services', { arrived } as Services)
    for (const reader of readers) {
      try {
        got.push(await reader(c))
      } catch (error) {
        got.push(error instanceof GatewayError ? error.code : error)
      }
    }
    return c.body(null)
  })
  const streams = { duplex: 'half' } as RequestInit
  await app.request('/', { method: 'POST', ...streams, ...init })
  return got
}

const DOCUMENT = { token: 'fcm', name: 'Zoë' }
const BYTES = Uint8Array.from(new TextEncoder().encode(JSON.stringify(DOCUMENT)))

/** A body that arrives in two pieces, without its length. */
const pieces = () =>
  new ReadableStream<Uint8Array>({
    start(controller) {
      controller.enqueue(BYTES.slice(0, 5))
      controller.enqueue(BYTES.slice(5))
      controller.close()
    },
  })

describe('a body is read once, however many ask for it', () => {
  test.each([
    ['with its length', () => ({ body: BYTES, headers: { 'Content-Length': String(BYTES.byteLength) } })],
    ['without its length', () => ({ body: pieces() })],
    ['that the runtime has already', () => ({ body: pieces(), arrived: async () => BYTES })],
    ['of which the runtime has not all', () => ({ body: pieces(), arrived: async () => undefined })],
  ])('%s: bytes, text and document are the same for all', async (_, init) => {
    const [bytes, text, document, again, original] = await read(
      init(),
      (c) => readBytes(c),
      (c) => readText(c),
      (c) => readJson(c),
      (c) => readJson(c),
      (c) => originalBody(c),
    )
    expect(bytes).toEqual(BYTES)
    expect(text).toBe(JSON.stringify(DOCUMENT))
    expect(document).toEqual(DOCUMENT)
    expect(again).toBe(document)
    expect(original).toBe(bytes)
  })

  test('packed: the original is kept beside what is in it', async () => {
    const sent = await packed(BYTES, 'gzip')
    const init = { body: sent, headers: { 'Content-Encoding': 'gzip' } }
    const [document, original] = await read(
      init,
      (c) => readJson(c),
      (c) => originalBody(c),
    )
    expect(document).toEqual(DOCUMENT)
    expect(original).toEqual(sent)
  })

  test('a body that nobody has read is still a stream', async () => {
    const [original] = await read({ body: pieces() }, (c) => originalBody(c))
    expect(original).toBeInstanceOf(ReadableStream)
  })

  test('each reader has its own limit', async () => {
    const most = BYTES.byteLength
    const bounds = [most, most - 1, most + 1]
    const readers = bounds.map((bound) => (c: Context<AppEnv>) => readText(c, bound))
    const text = JSON.stringify(DOCUMENT)
    expect(await read({ body: pieces() }, ...readers)).toEqual([text, 'too_large', text])
    const gzip = { body: await packed(new Uint8Array(5000), 'gzip'), headers: { 'Content-Encoding': 'gzip' } }
    const sizes = [4999, 5000, 4999].map(
      (bound) => async (c: Context<AppEnv>) => (await readBytes(c, bound)).length,
    )
    expect(await read({ body: null, arrived: async () => BYTES }, ...readers)).toEqual([
      text,
      'too_large',
      text,
    ])
    expect(await read(gzip, ...sizes)).toEqual(['too_large', 5000, 'too_large'])
  })

  test('a fault is the same for all', async () => {
    const text = (c: Context<AppEnv>) => readText(c)
    const json = (c: Context<AppEnv>) => readJson(c)
    expect(await read({ body: '{"a":' }, json, text, json)).toEqual(['bad_body', '{"a":', 'bad_body'])
    const cut = { body: BYTES, headers: { 'Content-Encoding': 'gzip' } }
    expect(await read(cut, json, text)).toEqual(['bad_body', 'bad_body'])
  })
})
