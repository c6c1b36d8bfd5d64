import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { pushwooshCall, speakers } from '../cross/speakers.ts'
import { postgresMissing, skipWhere } from '../harness/postgres/owner.ts'
import { freshDatabase } from '../harness/postgres/shared.ts'
import { openSite, type Site } from './kit.ts'

const missing = postgresMissing()
const times = <T>(count: number, one: (at: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, at) => one(at)))
const numbered = (count: number) => Array.from({ length: count }, (_, at) => `t${at}`)

let site: Site
const post = (path: string, body?: unknown, headers = {}) =>
  site.shop.h.request('POST', path, { body, headers })
const put = (path: string, body?: unknown, headers = {}) =>
  site.shop.h.request('PUT', path, { body, headers })
const instance = () => site.shop.setup('pusher-beams', 'instanceId')

async function beamsDevice(token: string): Promise<string> {
  const path = `/device_api/v1/instances/${instance()}/devices/fcm`
  const { id } = await (await post(path, { token })).json<{ id: string }>()
  return `${path}/${id}`
}

async function userToken(): Promise<string> {
  const key = new TextEncoder().encode(site.shop.setup('pusher-beams', 'secretKey'))
  return new SignJWT({ sub: 'ann', iss: `https://${instance()}.pushnotifications.pusher.com` })
    .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
    .setExpirationTime('1h')
    .sign(key)
}

/** A receiver of webhooks that keeps what each call was about. */
async function receiver() {
  const told: string[] = []
  const server = createServer(async (request, response) => {
    let text = ''
    for await (const part of request) text += part
    told.push(text)
    response.writeHead(204).end()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { told, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` }
}

async function mobileFirstToken(): Promise<Readonly<Record<string, string>>> {
  const clients = site.app.dialects.mobilefirst?.clients as { clientId: string; clientSecret: string }[]
  const [client] = clients
  const scope = `webhooks.write push.application.${site.shop.setup('mobilefirst', 'applicationId')}`
  const answer = await site.shop.h.request('POST', '/mfp/api/az/v1/token', {
    headers: {
      Authorization: `Basic ${btoa(`${client?.clientId}:${client?.clientSecret}`)}`,
      'Content-Type': 'application/x-www-form-urlencoded',
    },
    body: `grant_type=client_credentials&scope=${encodeURIComponent(scope)}`,
  })
  return { Authorization: `Bearer ${(await answer.json<{ access_token: string }>()).access_token}` }
}

describe('three gateways on one database', () => {
  skipWhere(missing)
  beforeAll(async () => {
    if (missing === undefined)
      site = await openSite(await freshDatabase(), 3, { ALLOW_PRIVATE_TARGETS: 'on' })
  })
  afterAll(() => Promise.all((site?.gateways ?? []).map((one) => one.stop())))

  test('lose no increment and no append of 30 that come at once', async () => {
    const hwid = 'tagged'
    await pushwooshCall(site.shop, 'registerDevice', { hwid, push_token: 'tagged', device_type: 3 })
    await times(30, (at) =>
      pushwooshCall(site.shop, 'setTags', {
        hwid,
        tags: {
          opened: { operation: 'increment', value: 1 },
          seen: { operation: 'append', value: [`page-${at}`] },
        },
      }),
    )
    const answer = await pushwooshCall(site.shop, 'getTags', { hwid })
    const { response } = await answer.json<{ response: { result: { opened: number; seen: string[] } } }>()
    expect(response.result.opened).toBe(30)
    expect(response.result.seen.toSorted()).toEqual(
      numbered(30)
        .map((_, at) => `page-${at}`)
        .toSorted(),
    )
  })

  test('let no more than 5,000 topics of a device through', async () => {
    const device = await beamsDevice('full')
    await put(`${device}/interests`, { interests: numbered(4995) })
    const answers = await times(12, (at) => post(`${device}/interests/more${at}`))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(5)
    expect((await site.devices()).find(({ token }) => token === 'full')?.topics).toHaveLength(5000)
  })

  test('let no more than 100 devices of a user through', async () => {
    const headers = { Authorization: `Bearer ${await userToken()}` }
    const devices = await times(108, (at) => beamsDevice(`of-ann-${at}`))
    const answers = await Promise.all(devices.map((device) => put(`${device}/user`, undefined, headers)))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(100)
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(8)
  })

  test('tell a webhook of each registration once', async () => {
    const { told, url } = await receiver()
    const path = `/imfpush/v1/apps/${site.shop.setup('mobilefirst', 'applicationId')}/webhooks`
    const hook = { name: 'once', url, eventTypes: 'onDeviceRegister' }
    expect((await post(path, hook, await mobileFirstToken())).ok).toBe(true)
    const speaker = speakers.find(({ name }) => name === 'mobilefirst')
    // The caches of the other gateways do not know of the webhook: what is told is decided by the database.
    await times(30, async (at) => speaker?.register(site.shop, { id: `told-${at}.`, token: `told-${at}` }))
    const each = () => numbered(30).map((_, at) => told.filter((text) => text.includes(`told-${at}.`)).length)
    await expect.poll(each).toEqual(numbered(30).map(() => 1))
    expect(told).toHaveLength(30)
  })

  test('do each row of a job once, whoever looks for it', async () => {
    const devices = numbered(60).map((hwid) => ({ hwid, push_token: hwid, platform: 3 }))
    const path = '/api/v2/audience/bulkRegisterDevice'
    const tokens = site.app.dialects.pushwoosh?.apiTokens ?? site.app.dialects.pushwoosh?.apiToken
    const auth = String(Array.isArray(tokens) ? (tokens[0]?.token ?? tokens[0]) : tokens)
    const application = site.shop.setup('pushwoosh', 'applicationCode')
    const accepted = await post(path, { application, auth, devices })
    const { request_id: id } = await accepted.json<{ request_id: string }>()
    const state = async () => (await site.shop.h.request('GET', `${path}/${id}`)).json<unknown>()
    await expect
      .poll(state)
      .toEqual({ request_id: id, status: 'Completed', progress: 100, devices_success: 60 })
  })
})
