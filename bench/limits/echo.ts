// The HTTP limit: servers that read a JSON body, return the gateway's JSON answer, and do nothing else. `PUT
// /answer` sets that answer.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { Hono } from 'hono'

let answer: unknown = {}
const TELL = '/answer'
const told = (path: string | undefined, body: string) => {
  const document: unknown = body === '' ? null : JSON.parse(body)
  if (path === TELL) answer = document
}

const servers = {
  'node:http': () =>
    createServer(async (request, response) => {
      let text = ''
      for await (const part of request.setEncoding('utf8')) text += part
      told(request.url, text)
      const body = JSON.stringify(answer)
      response
        .writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': Buffer.byteLength(body) })
        .end(body)
    }),
  hono: () => {
    const app = new Hono()
    app.all('*', async (c) => {
      told(c.req.path, c.req.method === 'GET' ? '' : await c.req.text())
      return c.json(answer)
    })
    return createAdaptorServer({ fetch: app.fetch })
  },
}

const server = servers[process.argv[2] as keyof typeof servers]()
server.listen(0, '127.0.0.1', () => {
  console.error(`listens on http://127.0.0.1:${(server.address() as AddressInfo).port}`)
})
process.on('SIGTERM', () => process.exit(0))
