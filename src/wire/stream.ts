import { GatewayError } from '../domain/error.ts'

export const tooLarge = (most: number) =>
  new GatewayError('too_large', `The body is larger than ${most} bytes.`)

/** Reads a stream to its end. Throws `too_large`, and stops reading, after more than `most` bytes. */
export async function collected(
  stream: AsyncIterable<Uint8Array> | null,
  most: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!stream) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.byteLength
    if (size > most) throw tooLarge(most)
    chunks.push(chunk)
  }
  const bytes = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.byteLength
  }
  return bytes
}
