import { connect } from 'node:net'
import { expect, test } from 'vitest'
import { startServer } from '../../harness/server.ts'

/** Sends one request as bytes, and returns the whole answer up to the end of the connection. */
async function raw(port: number, head: string, version: string): Promise<string> {
  const socket = connect(port, '127.0.0.1')
  socket.write(`${head} HTTP/${version}\r\nHost: gw.example\r\nConnection: close\r\n\r\n`)
  let answer = ''
  for await (const part of socket.setEncoding('latin1')) answer += part
  return answer
}

test.each(['1.1', '1.0'])(
  'an empty 200 says that it has no bytes, over HTTP/%s (seed audit, empty bodies)',
  async (version) => {
    const server = await startServer()
    const { dialects } = await server.createApp({ 'pusher-beams': {} })
    const base = `/device_api/v1/instances/${dialects['pusher-beams']?.instanceId}/devices/fcm`
    const registered = await fetch(`${server.origin}${base}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ token: 'example' }),
    })
    const { id } = (await registered.json()) as { id: string }
    for (const head of [
      `POST ${base}/${id}/interests/news`,
      `DELETE ${base}/${id}/interests/news`,
      `DELETE ${base}/${id}`,
    ]) {
      const answer = await raw(server.port, head, version)
      expect(answer).toMatch(/^HTTP\/1\.1 200 /)
      expect(answer).toMatch(/\r\ncontent-length: 0\r\n/i)
      expect(answer).not.toMatch(/transfer-encoding/i)
      expect(answer.split('\r\n\r\n')[1]).toBe('')
    }
    await server.stop()
  },
)
