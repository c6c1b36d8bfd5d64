// `npm run demo:push`: acts as a push service on this machine; prints each push and delivers none. The
// settings of an app's provider are stored in data/demo-push, so that a restart changes nothing for the app.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer as createHttp2Server } from 'node:http2'
import type { AddressInfo } from 'node:net'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { createAdaptorServer } from '@hono/node-server'
import { kinds, openStandIn } from './stand-ins.ts'

const USUAL_PORT = 8788
const say = (text: string) => process.stdout.write(`${text}\n`)

const { kind: name, port } = parsed()
const kind = kinds[name]
if (!kind) end(`usage: npm run demo:push -- [${Object.keys(kinds).join(' | ')}] [--port PORT]`)

const file = join('data', 'demo-push', `${name}.json`)
const before = readBefore()
const service = await openStandIn(kind, before)
const server = createAdaptorServer({
  fetch: answer,
  ...(service.http2 && { createServer: createHttp2Server }),
})
const origin = await listen().catch(({ message }: Error) => end(message))
mkdirSync(dirname(file), { recursive: true, mode: 0o700 })
writeFileSync(file, `${JSON.stringify(service.provider(origin), null, 2)}\n`, { mode: 0o600 })
say(`A push test server listens on ${origin}. It validates requests as ${service.title} does, prints each push and delivers nothing.

Make it the ${service.title} provider of an app (the README has all that comes before and after: "See a push arrive"):

curl -s -X PUT $GATEWAY/admin/v1/apps/$APP/providers/${name} -H "Authorization: Bearer $ADMIN_TOKEN" \\
  -H 'Content-Type: application/json' -d @${file}

The gateway calls an address of this machine only if it was started with ALLOW_PRIVATE_TARGETS=on.
`)

function parsed(): { readonly kind: string; readonly port: string | undefined } {
  try {
    const { values, positionals } = parseArgs({
      options: { port: { type: 'string' } },
      allowPositionals: true,
    })
    return { kind: positionals.length > 1 ? '' : (positionals[0] ?? 'fcm'), port: values.port }
  } catch {
    return { kind: '', port: undefined }
  }
}

function end(message: string): never {
  process.stderr.write(`${message}\n`)
  process.exit(1)
}

function readBefore(): Readonly<Record<string, unknown>> | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Readonly<Record<string, unknown>>
  } catch {
    return undefined
  }
}

/** Uses the requested port, otherwise the last or the usual one, otherwise any free port. */
async function listen(): Promise<string> {
  const last = Number(before ? new URL(String(before.endpoint)).port : USUAL_PORT)
  if (port !== undefined) await listenOn(Number(port))
  else await listenOn(last).catch(() => listenOn(0))
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

function listenOn(wanted: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(wanted, '127.0.0.1', resolve)
  })
}

async function answer(request: Request): Promise<Response> {
  const response = await service.handle(request)
  const at = new Date().toTimeString().slice(0, 8)
  say(`${at}  ${await service.told(response.clone())}`)
  return response
}
