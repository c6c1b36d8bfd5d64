import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { browserMissing, type LocalSite, openBrowser } from '../harness/browser.ts'
import type { AppDocument } from '../harness/harness.ts'
import { noteServer, playedBy } from '../harness/played.ts'
import { SENDING, type Server, startServer } from '../harness/server.ts'
import { sdkOf } from './installed.ts'
import { clickOn, counted, offer, shownBy, subscribed } from './push-chain.ts'
import { serveShop } from './pushwoosh-site.ts'

/** The globals that the page's own script defines (pushwoosh-site.ts). */
interface PageGlobals {
  init(more: object): Promise<void>
  Pushwoosh: Record<string, Callable> & {
    readonly api: Record<string, Callable>
    readonly pwinbox: Record<string, Callable>
  }
}
type Callable = (...args: unknown[]) => Promise<unknown>

interface AdminDevice {
  readonly externalId: string
  readonly platform: string
  readonly token: string | null
  readonly userId: string | null
  readonly active: boolean
  readonly tags: Readonly<Record<string, unknown>>
}

const missing = browserMissing()
let server: Server
noteServer(() => server)
playedBy(sdkOf('web-push-notifications'))
let browser: BrowserContext
let app: AppDocument
let shop: LocalSite
let page: Page
let requests: string[]

beforeAll(async () => {
  if (missing !== undefined) return
  ;[server, browser] = await Promise.all([startServer(SENDING), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

// A separate app on a separate origin: nothing of another test is left.
beforeEach(async ({ skip }) => {
  if (missing !== undefined) return skip(missing)
  await opened({})
})
afterEach(async () => {
  await page?.close()
  await shop?.close()
})

async function opened(setup: object, init: (token: string) => object = () => ({})): Promise<void> {
  await page?.close()
  await shop?.close()
  app = await server.createApp({ pushwoosh: { ...setup } })
  const { applicationCode, apiToken } = app.dialects.pushwoosh ?? {}
  shop = await serveShop({
    applicationCode,
    pushwooshUrl: `${server.origin}/json/1.3/`,
    defaultNotificationImage: '/icon.png',
    ...init(String(apiToken)),
  })
  await browser.grantPermissions(['notifications'], { origin: shop.origin })
  page = await browser.newPage()
  requests = []
  page.on('response', (response) => {
    const [, method] = /\/json\/1\.3\/(\w+)$/.exec(response.url()) ?? []
    if (method !== undefined && response.request().method() === 'POST') requests.push(method)
  })
  await page.goto(shop.origin)
}

/** Starts the SDK, and resolves once it reports that it is ready. */
const init = (more: object = {}) =>
  page.evaluate((given) => (globalThis as unknown as PageGlobals).init(given), more)

const call = (method: string, ...args: unknown[]): Promise<unknown> => on('Pushwoosh', method, args)
const api = (method: string, ...args: unknown[]): Promise<unknown> => on('api', method, args)
function on(
  target: 'Pushwoosh' | 'api' | 'pwinbox',
  method: string,
  args: readonly unknown[],
): Promise<unknown> {
  return page.evaluate(
    async ([name, of, values]) => {
      const { Pushwoosh } = globalThis as unknown as PageGlobals
      const object = of === 'Pushwoosh' ? Pushwoosh : Pushwoosh[of]
      return object[name]?.(...values)
    },
    [method, target, args] as const,
  )
}

async function devices(): Promise<readonly AdminDevice[]> {
  return ((await server.admin('GET', `/apps/${app.id}/devices`)) as { devices: AdminDevice[] }).devices
}
const browserDevice = async () => (await devices()).find(({ platform }) => platform === 'web')

test('a first visit registers the browser with the key of the app', async () => {
  await init()
  const hwid = await call('getHWID')
  expect(hwid).toMatch(new RegExp(`^${app.dialects.pushwoosh?.applicationCode}_`))
  expect(await call('isSubscribed')).toBe(true)
  expect(await devices()).toMatchObject([
    {
      externalId: hwid,
      platform: 'web',
      provider: 'webpush',
      userId: null,
      active: true,
      language: 'en',
      sdkVersion: '3.55.0',
    },
  ])
  expect((await devices())[0]?.token).toBe(await call('getPushToken'))
  const key = await page.evaluate('localStorage.getItem("applicationServerKey")')
  const text = btoa(String.fromCharCode(...(JSON.parse(String(key)) as number[])))
  expect(text.replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')).toBe(app.vapid.publicKey)
  expect(requests[0]).toBe('getConfig')
  expect(requests.indexOf('unregisterDevice')).toBeLessThan(requests.indexOf('registerDevice'))
})

test('the next visit is the same device, and registers nothing again', async () => {
  await init()
  const before = await devices()
  requests = []
  await page.reload()
  await init()
  expect(requests).toContain('checkDevice')
  expect(requests).not.toContain('registerDevice')
  expect((await devices()).map(({ externalId, token }) => [externalId, token])).toEqual(
    before.map(({ externalId, token }) => [externalId, token]),
  )
})

test('user, tags, address and numbers given at the start all arrive', async () => {
  await init({
    userId: 'alice',
    email: 'Alice@Example.com',
    smsNumber: '+14155552671',
    whatsAppNumber: '+14155552671',
    tags: { Level: 3, Liked: ['a', 'b'], Paid: true },
  })
  const found = Object.fromEntries(
    (await devices()).map((one) => [one.platform, [one.externalId, one.userId]]),
  )
  expect(found).toEqual({
    web: [await call('getHWID'), 'alice'],
    email: ['alice@example.com', 'alice'],
    sms: ['+14155552671', 'alice'],
    whatsapp: ['whatsapp:+14155552671', 'alice'],
  })
  expect((await browserDevice())?.tags).toMatchObject({ Level: 3, Liked: ['a', 'b'], Paid: true })
})

test('tags are set, counted up, appended to, read and removed', async () => {
  await init()
  await api('setTags', { Level: 1, Liked: ['a'], Gone: 'x' })
  await api('setTags', {
    Level: { operation: 'increment', value: 4 },
    Liked: { operation: 'append', value: ['b'] },
    Gone: null,
  })
  expect(await api('getTags')).toMatchObject({ result: { Level: 5, Liked: ['a', 'b'], Language: 'en' } })
  expect(await api('setTags', { Level: 'text' })).toEqual({
    skipped: [{ tag: 'Level', reason: 'Invalid type' }],
  })
})

test('an address without a user is tied to nobody', async () => {
  await init({ email: 'alice@example.com' })
  expect((await devices()).map(({ platform, userId }) => [platform, userId]).sort()).toEqual([
    ['email', null],
    ['web', null],
  ])
})

test('unsubscribing keeps the device; subscribing again brings a new token', async () => {
  await init({ tags: { a: 1 } })
  const first = await browserDevice()
  await call('unsubscribe')
  expect(await call('isSubscribed')).toBe(false)
  expect(await browserDevice()).toMatchObject({ externalId: first?.externalId, token: null, active: false })
  await call('subscribe')
  const again = await browserDevice()
  expect(again).toMatchObject({ externalId: first?.externalId, active: true, tags: { a: 1 } })
  expect(again?.token).not.toBe(first?.token)
})

test('whoever withdraws consent is unreachable, and who asks to be forgotten is', async () => {
  await init({ userId: 'alice' })
  await call('setCommunicationEnabled', false)
  expect(await browserDevice()).toMatchObject({ token: null, userId: 'alice' })
  await call('setCommunicationEnabled', true)
  expect(await browserDevice()).toMatchObject({ active: true })
  await call('removeAllDeviceData')
  expect(await devices()).toEqual([])
})

test('a user signs in and out', async () => {
  await init()
  await api('registerUser', 'alice')
  expect(await browserDevice()).toMatchObject({ userId: 'alice' })
  await api('registerUser', '')
  expect(await browserDevice()).toMatchObject({ userId: null, active: true })
})

test('the inbox is empty, events and purchases are taken', async () => {
  await init()
  expect(await on('pwinbox', 'loadMessages', [])).toEqual([])
  expect(await api('postEvent', 'clicked', { button: 'buy' })).toBeNull()
  await api('setPurchase', { productIdentifier: 'shoe', price: 19.95, currency: 'EUR', quantity: 1 })
  expect((await browserDevice())?.tags).toMatchObject({
    'In-app Product': ['shoe'],
    'In-app Purchase': 19.95,
  })
})

test('multiRegisterDevice registers the browser and the addresses at once', async () => {
  await init()
  await api('multiRegisterDevice', {
    user_id: 'alice',
    email: 'alice@example.com',
    sms_phone_number: '+14155552671',
    tags: { Level: { operation: 0, value: 7 } },
  })
  for (const device of await devices())
    expect(device).toMatchObject({ userId: 'alice', active: true, tags: { Level: 7 } })
  expect(await devices()).toHaveLength(3)
})

test('a wrong application is told in words that the SDK passes on', async () => {
  await init()
  await page.evaluate(() => {
    const { Pushwoosh } = globalThis as unknown as {
      Pushwoosh: { data: { setApplicationCode(code: string): Promise<void> } }
    }
    return Pushwoosh.data.setApplicationCode('AAAAA-00000')
  })
  await expect(api('getTags')).rejects.toThrow('Error code: 210. Error text: Application not found')
})

test('with its API token the SDK passes the strict mode across origins; without it, it does not', async () => {
  await opened({ strict: true }, (apiToken) => ({ apiToken }))
  await init()
  expect(await browserDevice()).toMatchObject({ active: true })
  await opened({ strict: true })
  const failed = page.waitForEvent('console', (message) => message.text().includes('status_code: 401'))
  void init().catch(() => undefined)
  await failed
  expect(await devices()).toEqual([])
})

test('the service worker shows what the gateway sent, and its reports are counted for the message', async () => {
  const push = await subscribed(server, app)
  await offer(page, push)
  await init({ userId: 'alice' })
  const { applicationCode, apiToken } = app.dialects.pushwoosh ?? {}
  const notification = {
    users: ['alice'],
    content: 'Today',
    chrome_title: 'Sale',
    link: `${shop.origin}/`,
    data: { order: 7 },
  }
  const sent = await fetch(`${server.origin}/json/1.3/createMessage`, {
    method: 'POST',
    body: JSON.stringify({
      request: { application: applicationCode, auth: apiToken, notifications: [notification] },
    }),
  })
  const { response } = (await sent.json()) as { response: { Messages: string[] } }
  expect(await shownBy(page, await push.arrived())).toMatchObject({ title: 'Sale', body: 'Today' })

  const seen = async () => {
    const { receipts } = (await server.admin(
      'GET',
      `/apps/${app.id}/receipts?message=${response.Messages[0]}`,
    )) as {
      receipts: { kind: string; count: number }[]
    }
    return receipts.map(({ kind, count }) => [kind, count]).sort()
  }
  await expect.poll(seen).toEqual([['delivered', 1]])
  await clickOn(page)
  await expect.poll(seen).toEqual([
    ['delivered', 1],
    ['opened', 1],
  ])
  expect(await counted(server, app)).toEqual({ accepted: 1, delivered: 1, opened: 1 })
})
