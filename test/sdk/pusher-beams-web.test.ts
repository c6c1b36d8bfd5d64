import { randomBytes, randomUUID } from 'node:crypto'
import PushNotifications from '@pusher/push-notifications-server'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { browserMissing, type LocalSite, openBrowser } from '../harness/browser.ts'
import type { AppDocument } from '../harness/harness.ts'
import { noteServer, playedBy } from '../harness/played.ts'
import { SENDING, type Server, startServer } from '../harness/server.ts'
import { serveShop, serveTokens } from './beams-site.ts'
import { sdkOf } from './installed.ts'
import { clickOn, counted, offer, shownBy, subscribed } from './push-chain.ts'

/** The globals that the page's own script defines (beams-site.ts). */
interface PageGlobals {
  client: Client
  newClient(): Client
  tokens: unknown
}
type Client = Record<string, (...args: unknown[]) => Promise<unknown>>

interface AdminDevice {
  readonly id: string
  readonly externalId: string
  readonly platform: string
  readonly provider: string
  readonly userId: string | null
  readonly userProved: boolean
  readonly topics: readonly string[]
  readonly sdkVersion: string
}

const missing = browserMissing()
const sites: LocalSite[] = []
let server: Server
noteServer(() => server)
playedBy(sdkOf('@pusher/push-notifications-web'))
let browser: BrowserContext
let app: AppDocument
let instanceId: string
let secretKey: string
let shop: LocalSite
let page: Page

beforeAll(async () => {
  if (missing !== undefined) return
  ;[server, browser] = await Promise.all([startServer(SENDING), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

// An app whose ids and secrets are in pages that shipped long ago, on a separate origin: nothing of another
// test is left.
beforeEach(async ({ skip }) => {
  if (missing !== undefined) return skip(missing)
  instanceId = randomUUID()
  secretKey = randomBytes(32).toString('hex').toUpperCase()
  app = await server.createApp({ 'pusher-beams': { instanceId, secretKey } })
  const tokens = await serveTokens(instanceId, secretKey)
  shop = await serveShop(instanceId, server.origin, tokens.origin)
  sites.push(tokens, shop)
  await browser.grantPermissions(['notifications'], { origin: shop.origin })
  page = await browser.newPage()
  await page.goto(shop.origin)
})
afterEach(async () => {
  await page?.close()
  await Promise.all(sites.splice(0).map((site) => site.close()))
})

/** Calls the page's SDK client; rejections are thrown. */
function call(method: string, ...args: unknown[]): Promise<unknown> {
  return page.evaluate(
    async ([name, values]) => {
      const { client } = globalThis as unknown as PageGlobals
      const result = await client[name]?.(...values)
      return result === client ? undefined : result
    },
    [method, args] as const,
  )
}

const setUserId = (user: string) =>
  page.evaluate((id) => {
    const { client, tokens } = globalThis as unknown as PageGlobals
    return client.setUserId?.(id, tokens)
  }, user)

async function started(): Promise<string> {
  await call('start')
  return String(await call('getDeviceId'))
}

async function devices(): Promise<readonly AdminDevice[]> {
  return ((await server.admin('GET', `/apps/${app.id}/devices`)) as { devices: AdminDevice[] }).devices
}

test('start() registers the browser with the key of the app', async () => {
  const id = await started()
  expect(id).toMatch(/^web-[0-9a-f-]{36}$/)
  const key = await page.evaluate('localStorage.getItem("applicationServerKey")')
  expect(key).toBe(app.vapid.publicKey)
  expect(await call('getRegistrationState')).toBe('PERMISSION_GRANTED_REGISTERED_WITH_BEAMS')
  expect(await devices()).toMatchObject([
    { externalId: id, platform: 'web', provider: 'webpush', userId: null, topics: [], sdkVersion: '2.1.0' },
  ])
})

test('interests are added, replaced, read, removed and cleared', async () => {
  await started()
  await call('addDeviceInterest', 'hello')
  await call('addDeviceInterest', 'hello')
  // Percent-encoded in the path by this SDK, and one interest with the raw form.
  await call('addDeviceInterest', 'a=@,;._-Z9')
  expect(await call('getDeviceInterests')).toEqual({ interests: ['a=@,;._-Z9', 'hello'] })
  await call('setDeviceInterests', ['news', 'sport', 'news'])
  expect(await call('getDeviceInterests')).toEqual({ interests: ['news', 'sport'] })
  await call('removeDeviceInterest', 'sport')
  await call('removeDeviceInterest', 'never-there')
  expect(await call('getDeviceInterests')).toEqual({ interests: ['news'] })
  expect(await devices()).toMatchObject([{ topics: ['news'] }])
  await call('clearDeviceInterests')
  expect(await call('getDeviceInterests')).toEqual({ interests: [] })
})

test('more than a hundred interests are read page by page, none twice and none lost', async () => {
  await started()
  const all = Array.from({ length: 250 }, (_, n) => `topic-${String(n).padStart(3, '0')}`)
  await call('setDeviceInterests', all)
  const sizes: number[] = []
  const read: string[] = []
  let cursor: string | null = null
  do {
    const got = (await call('getDeviceInterests', 100, cursor)) as {
      interests: string[]
      nextCursor?: string
    }
    sizes.push(got.interests.length)
    read.push(...got.interests)
    cursor = got.nextCursor ?? null
  } while (cursor !== null && sizes.length < 10)
  expect(sizes).toEqual([100, 100, 50])
  expect(read).toEqual(all)
})

test('5,000 interests are set at once', async () => {
  await started()
  const all = Array.from({ length: 5000 }, (_, n) => `${String(n).padStart(4, '0')}-${'x'.repeat(159)}`)
  await call('setDeviceInterests', all)
  await expect(call('addDeviceInterest', 'one-more')).rejects.toThrow(
    'Unexpected status code 400: Interest set too large, Too many interests are being set for this device.',
  )
})

test('a user is bound with a token that the server SDK signed, and stays bound', async () => {
  const id = await started()
  await setUserId('alice')
  await setUserId('alice')
  expect(await call('getUserId')).toBe('alice')
  expect(await devices()).toMatchObject([{ externalId: id, userId: 'alice', userProved: true }])
  await page.reload()
  expect(await call('getUserId')).toBe('alice')
})

test('another user is refused, by the SDK and by the gateway', async () => {
  await started()
  // A second client of the same page does not know the first one's user, so only the gateway can refuse.
  const late = page.evaluate(async () => {
    const { client, newClient, tokens } = globalThis as unknown as PageGlobals
    const second = newClient()
    await second.start?.()
    await client.setUserId?.('alice', tokens)
    await second.setUserId?.('bob', tokens)
  })
  await expect(late).rejects.toThrow(
    'Unexpected status code 400: Bad Request, A User Id is already associated with this device.',
  )
  await expect(setUserId('bob')).rejects.toThrow('Changing the `userId` is not allowed.')
  expect(await devices()).toMatchObject([{ userId: 'alice' }])
})

test('a later visit keeps the id and the interests', async () => {
  const id = await started()
  await call('addDeviceInterest', 'hello')
  await page.reload()
  expect(await started()).toBe(id)
  expect(await call('getDeviceInterests')).toEqual({ interests: ['hello'] })
  expect(await devices()).toHaveLength(1)
})

test('stop() removes the device, and start() afterwards makes a new one without interests or user', async () => {
  const id = await started()
  await call('addDeviceInterest', 'hello')
  await setUserId('alice')
  await call('stop')
  expect(await devices()).toEqual([])
  await expect(call('getDeviceInterests')).rejects.toThrow('SDK not registered with Beams')
  const next = await started()
  expect(next).not.toBe(id)
  expect(await call('getUserId')).toBeNull()
  expect(await call('getDeviceInterests')).toEqual({ interests: [] })
  await setUserId('bob')
  expect(await devices()).toMatchObject([{ externalId: next, userId: 'bob', topics: [] }])
})

test('clearAllState() leaves a new device', async () => {
  const id = await started()
  await call('clearAllState')
  const next = await started()
  expect(next).not.toBe(id)
  expect((await devices()).map((device) => device.externalId)).toEqual([next])
})

test('a browser whose device an operator removed is told so and heals by stop() and start()', async () => {
  const id = await started()
  await server.admin('DELETE', `/apps/${app.id}/devices/${(await devices())[0]?.id}`)
  await expect(call('addDeviceInterest', 'hello')).rejects.toThrow(
    'Unexpected status code 404: Device not found',
  )
  await call('stop')
  expect(await started()).not.toBe(id)
  await call('addDeviceInterest', 'hello')
  expect(await devices()).toMatchObject([{ topics: ['hello'] }])
})

test('the service worker shows what the gateway sent, and its reports are counted for the message', async () => {
  const push = await subscribed(server, app)
  await offer(page, push)
  await started()
  await setUserId('alice')
  await call('addDeviceInterest', 'sale')
  const [device] = await devices()
  const address = { endpoint: '127.0.0.1', port: server.port }
  const backEnd = new PushNotifications({ instanceId, secretKey, ...address })
  const { publishId } = await backEnd.publishToInterests(['sale'], {
    web: { notification: { title: 'Sale', body: 'Today' }, data: { order: 7 } },
  })
  expect(await shownBy(page, await push.arrived())).toMatchObject({ title: 'Sale', body: 'Today' })

  const seen = async () => {
    const { receipts } = (await server.admin('GET', `/apps/${app.id}/receipts?message=${publishId}`)) as {
      receipts: { kind: string; deviceId: string; details: { userId: string } }[]
    }
    return receipts.map(({ kind, deviceId, details }) => [kind, deviceId, details.userId]).sort()
  }
  await expect.poll(seen).toEqual([['delivered', device?.id, 'alice']])
  await clickOn(page)
  await expect.poll(seen).toEqual([
    ['delivered', device?.id, 'alice'],
    ['opened', device?.id, 'alice'],
  ])
  expect(await counted(server, app)).toEqual({ accepted: 1, delivered: 1, opened: 1 })
})
