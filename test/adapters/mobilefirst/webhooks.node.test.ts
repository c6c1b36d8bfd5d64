import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, test } from 'vitest'
import { type Server, startServer } from '../../harness/server.ts'
import { ALL_SCOPES, unique } from './kit.ts'

interface Received {
  readonly type: string
  readonly entity: { readonly deviceId: string }
}

/** A receiver of an app's back end, which may be down at first. */
async function receiver(port = 0) {
  const received: Received[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const chunk of request) text += chunk
    received.push(JSON.parse(text))
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    received,
    port: (server.address() as AddressInfo).port,
    close: () => new Promise((resolve) => server.close(resolve)),
  }
}

const until = async (done: () => boolean) => {
  for (let waited = 0; !done() && waited < 60_000; waited += 50) {
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

/** A back end with a token for everything. */
async function backEnd(server: Server) {
  const applicationId = unique('com.example.hooks')
  const clientId = unique('client')
  const scopes = [...ALL_SCOPES.split(' '), `push.application.${applicationId}`]
  const { id } = await server.createApp({
    mobilefirst: { applicationId, clients: [{ clientId, clientSecret: 's', scopes }] },
  })
  const answer = await fetch(`${server.origin}/mfp/api/az/v1/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${clientId}:s`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: scopes.join(' ') }),
  })
  const { access_token: token } = (await answer.json()) as { access_token: string }
  const post = async (origin: string, path: string, body: unknown) => {
    const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' }
    const url = `${origin}/imfpush/v1/apps/${applicationId}${path}`
    return (await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) })).status
  }
  return { id, post }
}

test('a webhook is called soon after its event, and once', async () => {
  const [server, hook] = await Promise.all([
    startServer({ env: { ALLOW_PRIVATE_TARGETS: 'on' } }),
    receiver(),
  ])
  const { post } = await backEnd(server)
  const url = `http://127.0.0.1:${hook.port}/hook`
  expect(await post(server.origin, '/webhooks', { name: 'h', url, eventTypes: 'onDeviceRegister' })).toBe(201)
  expect(await post(server.origin, '/devices', { deviceId: 'd1', token: 't1', platform: 'A' })).toBe(201)
  await until(() => hook.received.length > 0)
  await new Promise((resolve) => setTimeout(resolve, 1500))
  expect(hook.received).toMatchObject([{ type: 'onDeviceRegister', entity: { deviceId: 'd1' } }])
  await Promise.all([server.stop(), hook.close()])
})

test('a call that did not arrive survives the gateway’s end and is made after its restart', async () => {
  const env = { ALLOW_PRIVATE_TARGETS: 'on', MASTER_KEY: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=' }
  const probe = await receiver()
  const { port } = probe
  await probe.close()
  const first = await startServer({ env })
  const { id, post } = await backEnd(first)
  const url = `http://127.0.0.1:${port}/hook`
  await post(first.origin, '/webhooks', { name: 'h', url, eventTypes: 'onDeviceRegister' })
  expect(await post(first.origin, '/devices', { deviceId: 'd1', token: 't1', platform: 'A' })).toBe(201)
  // If the process is killed during a call, it is made again when its lease ends.
  const failed = async () => JSON.stringify(await first.admin('GET', `/apps/${id}/webhooks`))
  await expect.poll(failed).toMatch(/"failures":[1-9]/)
  await first.kill()
  const hook = await receiver(port)
  const second = await startServer({ env, folder: first.folder })
  await until(() => hook.received.length > 0)
  expect(hook.received).toMatchObject([{ type: 'onDeviceRegister', entity: { deviceId: 'd1' } }])
  await Promise.all([second.stop(), hook.close()])
})

test('a private target is refused unless the operator allows it', async () => {
  const server = await startServer()
  const { post } = await backEnd(server)
  const hook = { name: 'h', url: 'http://127.0.0.1:9/hook', eventTypes: 'onDeviceRegister' }
  expect(await post(server.origin, '/webhooks', hook)).toBe(400)
  await server.stop()
})
