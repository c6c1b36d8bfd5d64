import { connect } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import type { Shop } from '../cross/dialects.ts'
import { speakers } from '../cross/speakers.ts'
import type { RequestOptions } from '../harness/harness.ts'
import { startServer } from '../harness/server.ts'

/** The bytes before the body, and whether the body waits for a 100. */
interface Habit {
  readonly headers: readonly string[]
  readonly waits: boolean
}

const HABITS: readonly (readonly [string, Habit])[] = [
  [
    'B25a: with Expect: 100-continue, the body after the 100',
    { headers: ['Expect: 100-continue'], waits: true },
  ],
  [
    'B27a: with an upgrade to h2c, as Java asks for',
    {
      headers: ['Connection: Upgrade, HTTP2-Settings', 'Upgrade: h2c', 'HTTP2-Settings: AAEAAEAAAAIAAAAB'],
      waits: false,
    },
  ],
]

function send(port: number, head: string, body: string, waits: boolean): Promise<Response> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(waits ? head : head + body))
    let text = ''
    socket.setEncoding('utf8')
    socket.setTimeout(20_000, () => socket.destroy(new Error(`no answer: ${text}`)))
    socket.on('error', reject)
    socket.on('data', (chunk) => {
      text += chunk
      if (waits && text.startsWith('HTTP/1.1 100')) {
        waits = false
        text = text.slice(text.indexOf('\r\n\r\n') + 4)
        socket.write(body)
      }
      const [top = '', ...rest] = text.split('\r\n\r\n')
      const length = Number(/^content-length: (\d+)/im.exec(top)?.[1] ?? Number.NaN)
      const content = rest.join('\r\n\r\n')
      if (Number.isNaN(length) || content.length < length) return
      socket.destroy()
      resolve(new Response(content, { status: Number(/^HTTP\/1\.1 (\d+)/.exec(top)?.[1]) }))
    })
  })
}

test.each(HABITS)('%s', async (_, { headers, waits }) => {
  const server = await startServer()
  onTestFinished(async () => void (await server.stop()))
  const app = await server.createApp(Object.fromEntries(speakers.map(({ name }) => [name, {}])))
  const request = (method: string, path: string, { headers: own = {}, body }: RequestOptions = {}) => {
    const content = typeof body === 'string' ? body : JSON.stringify(body)
    const all = { 'Content-Type': 'application/json', ...own, 'Content-Length': String(content.length) }
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
    const head = [`${method} ${path} HTTP/1.1`, 'Host: gateway.test', ...headers, ...lines]
    return send(server.port, `${head.join('\r\n')}\r\n\r\n`, content, waits)
  }
  const shop = {
    app,
    h: { request },
    setup: (dialect: string, key: string) => String(app.dialects[dialect]?.[key]),
  } as unknown as Shop
  for (const speaker of speakers) {
    const response = await speaker.register(shop, { id: 'device', token: `token of ${speaker.name}` })
    expect(response.status, speaker.name).toBeLessThan(300)
  }
  const { devices } = (await server.admin('GET', `/apps/${app.id}/devices`)) as { devices: unknown[] }
  expect(devices).toHaveLength(speakers.length)
})
