/** Bytes compressed with a content coding. */
export async function packed(
  bytes: Uint8Array | string,
  format: 'gzip' | 'deflate' | 'deflate-raw',
): Promise<Uint8Array<ArrayBuffer>> {
  const plain = new Response(bytes as BodyInit).body as ReadableStream<Uint8Array>
  return new Uint8Array(await new Response(plain.pipeThrough(new CompressionStream(format))).arrayBuffer())
}
