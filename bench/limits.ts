// The limits of the HTTP side: servers that read a JSON body and answer with JSON, and do nothing else.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'

const servers = {
  http: () =>
    createServer(async (request, response) => {
      let text = ''
      for await (const part of request.setEncoding('utf8')) text += part
      const { token } = JSON.parse(text)
      const body = JSON.stringify({ token })
      response
        .writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) })
        .end(body)
    }),
  hono: () => {
    const app = new Hono()
    app.post('*', async (c) => {
      const { token } = await c.req.json()
      return c.json({ token })
    })
    return createAdaptorServer({ fetch: app.fetch })
  },
}

const server = servers[process.argv[2] as keyof typeof servers]()
server.listen(0, '127.0.0.1', () => {
  console.error(`listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.on('SIGTERM', () => process.exit(0))
