import { connect } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import { type Server, startServer } from '../harness/server.ts'

/** Sends a target unchanged by any URL library, and returns the status. */
function raw(
  server: Server,
  method: string,
  target: string,
  headers: readonly string[] = [],
): Promise<number> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, '127.0.0.1', () => {
      const head = [`${method} ${target} HTTP/1.1`, 'Host: gateway.test', 'Connection: close', ...headers]
      socket.write(`${head.join('\r\n')}\r\n\r\n`)
    })
    let answer = ''
    socket.setEncoding('latin1')
    socket.on('data', (chunk) => {
      answer += chunk
    })
    socket.on('error', reject)
    socket.on('end', () => resolve(Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])))
  })
}

async function token(server: Server, document: Readonly<Record<string, unknown>>): Promise<string> {
  const [{ clientId, clientSecret }] = document.clients as [{ clientId: string; clientSecret: string }]
  const response = await fetch(`${server.origin}/mfp/api/az/v1/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${clientId}:${clientSecret}`)}` },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      scope: `devices.write devices.read apps.read apps.write push.application.${document.applicationId}`,
    }),
  })
  const { access_token: found } = (await response.json()) as { access_token: string }
  return found
}

async function opened() {
  const server = await startServer({ runtime: 'node' })
  onTestFinished(async () => void (await server.stop()))
  const app = await server.createApp({ mobilefirst: {} })
  const document = app.dialects.mobilefirst ?? {}
  const authorization = `Authorization: Bearer ${await token(server, document)}`
  const base = `/imfpush/v1/apps/${document.applicationId}`
  const registered = await fetch(`${server.origin}${base}/devices`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', [authorization.slice(0, 13)]: authorization.slice(15) },
    body: JSON.stringify({ deviceId: 'd', token: 't', platform: 'G' }),
  })
  expect(registered.status).toBe(201)
  const call = (method: string, target: string) => raw(server, method, target, [authorization])
  return { server, app, base, call }
}

describe('B01, over the wire', () => {
  test('an id of dots takes nothing but itself', async () => {
    const { base, call } = await opened()
    for (const dots of ['..', '%2e%2e', '.%2E', '.', '../', '%2e%2e/']) {
      expect(await call('DELETE', `${base}/devices/${dots}`), dots).toBe(404)
    }
    expect(await call('DELETE', `http://gateway.test${base}/devices/..`), 'a whole URL').toBe(404)
    expect(await call('DELETE', `${base}/`)).toBe(404)
    expect(await call('GET', `${base}/devices/d`)).toBe(200)
    expect(await call('DELETE', base)).toBe(204)
  })

  test('an id of dots reads nothing else, and one that a phone chose is found', async () => {
    const { server, app, base, call } = await opened()
    for (const dots of ['..', '%2e%2e', '.%2E', '.', '%2e']) {
      expect(await call('GET', `${base}/devices/${dots}`), dots).toBe(404)
    }
    const admin = (method: string, path: string) =>
      raw(server, method, `/admin/v1/apps/${app.id}${path}`, [
        'Authorization: Bearer server-admin-token-0123456789',
      ])
    expect(await admin('GET', '/devices/..')).toBe(404)
    expect(await admin('DELETE', '/devices/..')).toBe(404)
    expect(await admin('DELETE', '/users/..')).toBe(404)
    expect(await admin('DELETE', '/')).toBe(404)
    expect(await admin('GET', '')).toBe(200)
    expect(await call('GET', `${base}/devices/d`)).toBe(200)
  })
})
