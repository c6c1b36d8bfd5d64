import { randomUUID } from 'node:crypto'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { browserMissing, openBrowser } from '../harness/browser.ts'
import type { AppDocument } from '../harness/harness.ts'
import { noteServer, playedBy } from '../harness/played.ts'
import { SENDING, type Server, startServer } from '../harness/server.ts'
import { sdkOf } from './installed.ts'
import { type App, serveApp } from './mobilefirst-site.ts'
import { clickOn, counted, shownBy, subscribed } from './push-chain.ts'

interface Token {
  readonly value: string
  readonly scope: string
}
/** The globals that the SDKs define in the page. */
interface PageGlobals {
  WL: {
    Client: {
      init(options: unknown): Promise<unknown>
      getDeviceDisplayName(options: unknown): void
      setDeviceDisplayName(name: string, options: unknown): void
    }
    BrowserManager: { getWLUniqueID(): string }
  }
  WLAuthorizationManager: {
    obtainAccessToken(scope: string): Promise<Token>
    logout(check: string): Promise<unknown>
    __sendHeartBeat(milliseconds: number): void
  }
  WLResourceRequest: new (
    url: string,
    method: string,
    options?: unknown,
  ) => {
    addHeader(name: string, value: string): void
    send(body?: unknown): Promise<{ status: number; responseText: string }>
  }
  pushReg: unknown
  MFPPushModule: { default: Record<string, (...values: unknown[]) => Promise<unknown>> }
}

const missing = browserMissing()
let server: Server
noteServer(() => server)
let browser: BrowserContext
let site: App
let page: Page
let app: AppDocument
let applicationId: string
let operator: string

beforeAll(async () => {
  if (missing !== undefined) return
  ;[server, browser] = await Promise.all([startServer(SENDING), openBrowser()])
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

async function open(kind: 'sdk' | 'push') {
  applicationId = `com.example.shop.${randomUUID().slice(0, 8)}`
  const client = { clientId: randomUUID(), clientSecret: 'secret' }
  const scopes = [
    'tags.write',
    'tags.read',
    'devices.read',
    'messages.write',
    `push.application.${applicationId}`,
  ]
  app = await server.createApp({ mobilefirst: { applicationId, clients: [{ ...client, scopes }] } })
  operator = await operatorToken(client, scopes)
  site = await serveApp(server.origin, kind)
  page = await browser.newPage()
  await page.goto(site.origin)
}

async function operatorToken(client: { clientId: string; clientSecret: string }, scopes: string[]) {
  const answer = await fetch(`${server.origin}/mfp/api/az/v1/token`, {
    method: 'POST',
    headers: { Authorization: `Basic ${btoa(`${client.clientId}:${client.clientSecret}`)}` },
    body: new URLSearchParams({ grant_type: 'client_credentials', scope: scopes.join(' ') }),
  })
  return ((await answer.json()) as { access_token: string }).access_token
}

async function createTag(name: string) {
  const answer = await fetch(`${server.origin}/imfpush/v1/apps/${applicationId}/tags`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${operator}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ name }),
  })
  expect(answer.status).toBe(201)
}

const devices = async () =>
  ((await server.admin('GET', `/apps/${app.id}/devices`)) as { devices: Record<string, unknown>[] }).devices

afterEach(async () => {
  await page?.close()
  await site?.close()
})

const steps = () => site.seen.map(({ method, path, status }) => `${method} ${path} ${status}`)

describe('ibm-mfp-web-sdk 8.0.2022091310', () => {
  playedBy(sdkOf('ibm-mfp-web-sdk'))
  beforeEach(async ({ skip }) => {
    if (missing !== undefined) return skip(missing)
    await open('sdk')
    await page.evaluate(
      (id) =>
        (globalThis as unknown as PageGlobals).WL.Client.init({ mfpContextRoot: '/mfp', applicationId: id }),
      applicationId,
    )
  })

  test('registers itself with an RSA key and obtains a token for push', async () => {
    const scope = await page.evaluate(async () => {
      const { WLAuthorizationManager } = globalThis as unknown as PageGlobals
      return (await WLAuthorizationManager.obtainAccessToken('push.mobileclient')).scope
    })
    expect(scope.split(' ').sort()).toEqual(['RegisteredClient', 'push.mobileclient'])
    expect(steps()).toContain('POST /mfp/api/registration/v1/self 201')
  })

  test('finds its way from the first refusal to a registered device', async () => {
    const result = await page.evaluate(async (id) => {
      const { WL, WLResourceRequest } = globalThis as unknown as PageGlobals
      const base = `/imfpush/v1/apps/${id}`
      const deviceId = WL.BrowserManager.getWLUniqueID()
      const send = async (method: string, path: string, body?: unknown) => {
        try {
          const request = new WLResourceRequest(`${base}${path}`, method)
          request.addHeader('Content-Type', 'application/json')
          const answer = await request.send(body)
          return [answer.status, answer.responseText]
        } catch (error) {
          return [(error as { status: number }).status, '']
        }
      }
      const first = await send('GET', `/devices/${deviceId}`)
      const made = await send('POST', '/devices', {
        deviceId,
        platform: 'WEB_CHROME',
        token: 'not-a-subscription',
      })
      const again = await send('GET', `/devices/${deviceId}`)
      return { deviceId, first: first[0], made: made[0], again: JSON.parse(String(again[1])) }
    }, applicationId)
    expect(result).toMatchObject({
      first: 404,
      made: 201,
      again: { deviceId: result.deviceId, userId: 'anonymous', token: 'not-a-subscription' },
    })
    expect(await devices()).toMatchObject([
      { dialect: 'mobilefirst', externalId: result.deviceId, platform: 'web' },
    ])
  })

  test('keeps the name that the user gives the device', async () => {
    const name = await page.evaluate(async () => {
      const { WL, WLAuthorizationManager } = globalThis as unknown as PageGlobals
      await WLAuthorizationManager.obtainAccessToken('push.mobileclient')
      await new Promise((onSuccess, onFailure) =>
        WL.Client.setDeviceDisplayName('Jürgens Browser', { onSuccess, onFailure }),
      )
      return new Promise((onSuccess, onFailure) => WL.Client.getDeviceDisplayName({ onSuccess, onFailure }))
    })
    expect(name).toBe('Jürgens Browser')
    expect(steps().some((step) => /^PUT \/mfp\/api\/registration\/v1\/self\/\S+ 200$/.test(step))).toBe(true)
  })

  test('registers anew by itself when the server does not know it any more', async () => {
    const tags = () =>
      page.evaluate(async (id) => {
        const { WLResourceRequest } = globalThis as unknown as PageGlobals
        return (await new WLResourceRequest(`/imfpush/v1/apps/${id}/tags`, 'GET').send()).status
      }, applicationId)
    expect(await tags()).toBe(200)
    // A gateway that has the application, but no data about its clients.
    await server.admin('PATCH', `/apps/${app.id}`, { dialects: { mobilefirst: null } })
    await server.admin('PATCH', `/apps/${app.id}`, { dialects: { mobilefirst: { applicationId } } })
    site.seen.length = 0
    expect(await tags()).toBe(200)
    expect(steps()).toContain('POST /mfp/api/preauth/v1/preauthorize 400')
    expect(steps()).toContain('POST /mfp/api/registration/v1/self 201')
  })
})

describe('ibm-mfp-web-push 8.0.2020052213', () => {
  playedBy(sdkOf('ibm-mfp-web-push'))
  beforeEach(async ({ skip }) => {
    if (missing !== undefined) return skip(missing)
    await open('push')
    // The push service's part, because no real service is reachable and its key pair is the vendor's.
    await page.evaluate(() => {
      const bytes = (length: number) => new Uint8Array(length).fill(7).buffer
      const subscription = {
        endpoint: 'https://push.example/subscription/1',
        getKey: (name: string) => bytes(name === 'auth' ? 16 : 65),
      }
      const pushReg = { pushManager: { getSubscription: async () => subscription } }
      Object.assign(globalThis, { pushReg })
    })
    const started = page.waitForEvent('console', {
      predicate: (message) => message.text().includes('initialized successfully'),
      timeout: 60_000,
    })
    await page.evaluate((appId) => {
      const { MFPPushModule } = globalThis as unknown as PageGlobals
      void MFPPushModule.default.initialize?.({ appId, mfpContextRoot: '/mfp' })
    }, applicationId)
    await started
  })

  const call = (method: string, ...values: unknown[]) =>
    page.evaluate(
      async ([name, given]) => {
        const { MFPPushModule } = globalThis as unknown as PageGlobals
        const result = await MFPPushModule.default[name]?.(...given)
        return JSON.parse(JSON.stringify(result ?? null))
      },
      [method, values] as const,
    )

  test('registers with an HMAC key, subscribes, lists, unsubscribes and unregisters', async () => {
    await createTag('offers')
    await createTag('news')
    await call('registerDevice')
    const [device] = await devices()
    expect(device).toMatchObject({ dialect: 'mobilefirst', platform: 'web', provider: 'webpush' })
    expect(JSON.parse(String(device?.token))).toMatchObject({
      endpoint: 'https://push.example/subscription/1',
    })

    expect(await call('retrieveAvailableSubscriptions')).toMatchObject({
      tags: [{ name: 'offers' }, { name: 'news' }],
    })
    await call('subscribe', 'offers')
    const active = (await call('retrieveActiveSubscriptions')) as { subscriptions: { tagName: string }[] }
    expect(active.subscriptions.map(({ tagName }) => tagName).sort()).toEqual(['Push.ALL', 'offers'])
    await call('unsubscribe', 'offers')
    expect(await devices()).toMatchObject([{ topics: ['Push.ALL'] }])
    await call('unregisterDevice')
    expect(await devices()).toEqual([])
  })

  test('looks itself up at the next start and changes nothing', async () => {
    await call('registerDevice')
    site.seen.length = 0
    await call('registerDevice')
    expect(site.seen.map(({ method, status }) => `${method} ${status}`)).toEqual(['GET 200'])
    expect(await devices()).toHaveLength(1)
  })

  test('the service worker shows what the gateway sent; what it tells the page is counted for the message', async () => {
    await browser.grantPermissions(['notifications'], { origin: site.origin })
    const push = await subscribed(server, app)
    await page.evaluate(`(async () => {
      await navigator.serviceWorker.register('/MFPPushServiceWorker.js')
      await new Promise((resolve) => {
        if (navigator.serviceWorker.controller) resolve()
        navigator.serviceWorker.addEventListener('controllerchange', resolve)
      })
      const { endpoint, keys } = ${JSON.stringify(push.held)}
      const bytes = (text) => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (one) => one.charCodeAt(0)).buffer
      const subscription = { endpoint, getKey: (name) => bytes(keys[name]) }
      pushReg = { pushManager: { getSubscription: async () => subscription } }
      // The app's own lines: the SDK tells its page what came and what was opened, and leaves the report to it.
      navigator.serviceWorker.addEventListener('message', ({ data }) => {
        const [, status, text] = /^msgEvent(Seen|Open):(.*)$/s.exec(data)
        const given = JSON.parse(text)
        const { nid } = given.payload ? JSON.parse(given.payload) : given
        const request = new WLResourceRequest('/imfpush/v1/apps/${applicationId}/messages/' + nid, 'PUT', { scope: 'push.mobileclient devices.write' })
        request.addHeader('Content-Type', 'application/json')
        request.send({ deviceId: WL.BrowserManager.getWLUniqueID(), status: status.toUpperCase() })
      })
    })()`)
    await call('registerDevice')
    const sent = await fetch(`${server.origin}/imfpush/v1/apps/${applicationId}/messages`, {
      method: 'POST',
      headers: { Authorization: `Bearer ${operator}`, 'Content-Type': 'application/json' },
      body: JSON.stringify({
        message: { alert: 'Today' },
        settings: { chromeWeb: { title: 'Sale', payload: { order: 7 } } },
      }),
    })
    expect(sent.status).toBe(202)
    const text = await push.arrived()
    const { messageId } = (await sent.json()) as { messageId: string }
    expect(JSON.parse(JSON.parse(text).payload)).toEqual({ order: 7, nid: messageId })
    expect(await shownBy(page, text)).toMatchObject({ title: 'Sale', body: 'Today' })
    const reports = () => counted(server, app)
    await expect.poll(reports).toEqual({ accepted: 1, delivered: 1, opened: 0 })
    await clickOn(page)
    await expect.poll(reports).toEqual({ accepted: 1, delivered: 1, opened: 1 })
  })
})
