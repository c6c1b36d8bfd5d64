import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { SignJWT } from 'jose'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { backendlessPath, pushwooshCall, speakers } from '../cross/speakers.ts'
import { postgresMissing, skipWhere } from '../harness/postgres/owner.ts'
import { freshDatabase } from '../harness/postgres/shared.ts'
import { ADMIN_TOKEN } from '../harness/server.ts'
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

/** A receiver of webhooks that records what each call was about. */
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

const topicsOf = async (token: string) =>
  (await site.devices()).find((one) => one.token === token)?.topics.length

const channels = (deviceId: string, names: readonly string[]) =>
  post(backendlessPath(site.shop), {
    ...{ deviceId, deviceToken: deviceId, os: 'ANDROID', osVersion: '14' },
    channels: names,
  })

const setTags = async (hwid: string, names: readonly string[]): Promise<boolean> => {
  const tags = Object.fromEntries(names.map((name) => [name, 1]))
  const answer = await pushwooshCall(site.shop, 'setTags', { hwid, tags })
  return (await answer.json<{ status_code: number }>()).status_code === 200
}

/** Every way to add something of which a device may have 5,000 at most: in the dialects with that limit. */
const FULL = [
  {
    what: 'interests (pusher-beams)',
    token: 'full-beams',
    fill: async (token: string) => {
      beamsPath = await beamsDevice(token)
      await put(`${beamsPath}/interests`, { interests: numbered(4995) })
    },
    more: async (_: string, at: number) => (await post(`${beamsPath}/interests/more${at}`)).ok,
    held: topicsOf,
  },
  {
    what: 'channels (backendless)',
    token: 'full-backendless',
    fill: async (token: string) => void (await channels(token, numbered(4995))),
    more: async (token: string, at: number) => (await channels(token, [`more${at}`])).ok,
    held: topicsOf,
  },
  {
    what: 'tags (pushwoosh)',
    token: 'full-pushwoosh',
    fill: async (hwid: string) => {
      await pushwooshCall(site.shop, 'registerDevice', { hwid, push_token: hwid, device_type: 3 })
      // The registration has already set one.
      for (let from = 0; from < 4994; from += 999)
        expect(await setTags(hwid, numbered(4994).slice(from, from + 999))).toBe(true)
    },
    more: (hwid: string, at: number) => setTags(hwid, [`more${at}`]),
    async held(hwid: string) {
      const answer = await pushwooshCall(site.shop, 'getTags', { hwid })
      const { response } = await answer.json<{ response: { result: object } }>()
      return Object.values(response.result).filter((value) => value === 1).length + 1
    },
  },
]
let beamsPath = ''

const BULK = '/api/v2/audience/bulkRegisterDevice'

async function bulk(devices: readonly object[]): Promise<string> {
  const tokens = site.app.dialects.pushwoosh?.apiTokens ?? site.app.dialects.pushwoosh?.apiToken
  const auth = String(Array.isArray(tokens) ? (tokens[0]?.token ?? tokens[0]) : tokens)
  const application = site.shop.setup('pushwoosh', 'applicationCode')
  const accepted = await post(BULK, { application, auth, devices })
  return (await accepted.json<{ request_id: string }>()).request_id
}

const completed = (id: string, count: number) =>
  expect
    .poll(async () => (await site.shop.h.request('GET', `${BULK}/${id}`)).json<unknown>())
    .toEqual({ request_id: id, status: 'Completed', progress: 100, devices_success: count })

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

  test('lose no append of 20 bulk registrations that come at once, whoever does which', async () => {
    const row = { hwid: 'listed', push_token: 'listed', platform: 3, list_operator: 'append' }
    const accepted = await times(20, (at) => bulk([{ ...row, tags: { seen: [`page-${at}`] } }]))
    for (const id of accepted) await completed(id, 1)
    const answer = await pushwooshCall(site.shop, 'getTags', { hwid: 'listed' })
    const { response } = await answer.json<{ response: { result: { seen: string[] } } }>()
    expect(response.result.seen.toSorted()).toEqual(
      numbered(20)
        .map((_, at) => `page-${at}`)
        .toSorted(),
    )
  })

  test.each(FULL)('let no more than 5,000 $what of a device through', async ({ token, fill, more, held }) => {
    await fill(token)
    const answers = await times(12, (at) => more(token, at))
    expect(answers.filter((taken) => taken)).toHaveLength(5)
    expect(await held(token)).toBe(5000)
  })

  test('let no more than 100 devices of a user through (pusher-beams, which alone has that limit)', async () => {
    const headers = { Authorization: `Bearer ${await userToken()}` }
    const devices = await times(108, (at) => beamsDevice(`of-ann-${at}`))
    const answers = await Promise.all(devices.map((device) => put(`${device}/user`, undefined, headers)))
    expect(answers.filter(({ ok }) => ok)).toHaveLength(100)
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(8)
  })

  test('tell a webhook of each registration once (mobilefirst)', async () => {
    const { told, url } = await receiver()
    const path = `/imfpush/v1/apps/${site.shop.setup('mobilefirst', 'applicationId')}/webhooks`
    const hook = { name: 'once', url, eventTypes: 'onDeviceRegister' }
    expect((await post(path, hook, await mobileFirstToken())).ok).toBe(true)
    const speaker = speakers.find(({ name }) => name === 'mobilefirst')
    // The caches of the other gateways do not know of the webhook: the database decides which calls are made.
    await times(30, async (at) => speaker?.register(site.shop, { id: `told-${at}.`, token: `told-${at}` }))
    const each = () => numbered(30).map((_, at) => told.filter((text) => text.includes(`told-${at}.`)).length)
    await expect.poll(each).toEqual(numbered(30).map(() => 1))
    expect(told).toHaveLength(30)
  })

  test('tell a webhook of each publish to a user once (pusher-beams)', async () => {
    const { told, url } = await receiver()
    const webhooks = [{ url, secret: 'hook-secret-0123456789' }]
    const app = await site.gateways[0]?.createApp({ 'pusher-beams': { webhooks } })
    const { instanceId, secretKey } = app?.dialects['pusher-beams'] ?? {}
    const path = `/publish_api/v1/instances/${instanceId}/publishes/users`
    const headers = { Authorization: `Bearer ${secretKey}` }
    const published = await times(30, async (at) => {
      const answer = await post(path, { users: [`user-${at}`], fcm: { data: { at } } }, headers)
      return (await answer.json<{ publishId: string }>()).publishId
    })
    const each = () => published.map((id) => told.filter((text) => text.includes(id)).length)
    await expect.poll(each).toEqual(published.map(() => 1))
    expect(told).toHaveLength(30)
  })

  test('do each row of a job once, whoever looks for it', async () => {
    const devices = numbered(60).map((hwid) => ({ hwid, push_token: hwid, platform: 3 }))
    await completed(await bulk(devices), 60)
  })

  test.each(speakers)(
    'import each row of a file once into $name, whoever comes to it',
    async ({ name, ids }) => {
      const [first] = site.gateways
      const app = await first?.createApp({ [name]: {} })
      const rows = numbered(120).map((row) =>
        JSON.stringify({
          ...(ids && { externalId: `${name}-${row}` }),
          ...{ platform: 'android', token: `${name}-${row}`, tags: { row } },
        }),
      )
      const path = `/admin/v1/apps/${app?.id}/imports`
      const headers = { Authorization: `Bearer ${ADMIN_TOKEN}` }
      const sent = await post(`${path}?format=ndjson&dialect=${name}`, rows.join('\n'), headers)
      const { id } = await sent.json<{ id: string }>()
      const shown = async () =>
        (await site.shop.h.request('GET', `${path}/${id}`, { headers })).json<{ state: string }>()
      await expect.poll(async () => (await shown()).state).toBe('completed')
      expect(await shown()).toMatchObject({ rows: { done: 120 }, outcomes: { created: 120 } })
      expect(await first?.admin('GET', `/apps/${app?.id}/stats`)).toMatchObject({ devices: { total: 120 } })
    },
  )
})
