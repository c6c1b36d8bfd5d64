// The program of a cipher thread (cipher-threads.ts): encrypts the messages that it receives, several at a
// time.
import { parentPort } from 'node:worker_threads'
import type { Batch, Sealed } from './cipher-threads.ts'
import { nodeEncrypt } from './web-push-cipher.ts'

async function sealed({ texts, messages }: Batch): Promise<Sealed> {
  const bodies: (Uint8Array | null)[] = []
  for (const { text, keys } of messages)
    bodies.push(await nodeEncrypt(texts[text] ?? new Uint8Array(), keys).catch(() => null))
  const bytes = new Uint8Array(bodies.reduce((sum, body) => sum + (body?.length ?? 0), 0))
  let at = 0
  for (const body of bodies) {
    if (!body) continue
    bytes.set(body, at)
    at += body.length
  }
  return { bytes, lengths: bodies.map((body) => body?.length ?? null) }
}

parentPort?.on('message', async (batch: Batch) => {
  const answer = await sealed(batch)
  parentPort?.postMessage(answer, [answer.bytes.buffer])
})
