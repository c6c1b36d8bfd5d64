import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { browserMissing, type LocalSite, openBrowser, serveSite } from '../harness/browser.ts'
import { noteServer, playedBy } from '../harness/played.ts'
import { type Server, startServer } from '../harness/server.ts'
import { type BackendlessSdk, browserBuild } from './backendless-client.ts'
import { sdkOf } from './installed.ts'

const missing = browserMissing()
const build = readFileSync(browserBuild())
let server: Server
noteServer(() => server)
playedBy(sdkOf('backendless', 'in a browser'))
let browser: BrowserContext
let site: LocalSite
let page: Page
let uuid: string

beforeAll(async () => {
  if (missing !== undefined) return
  ;[server, browser, site] = await Promise.all([startServer(), openBrowser(), serveShop()])
})
afterAll(async () => {
  await browser?.close()
  await site?.close()
  await server?.stop()
})

/** A page of another origin than the gateway's, with the SDK as a script. */
function serveShop(): Promise<LocalSite> {
  const html = '<!doctype html><title>shop</title><script src="/backendless.js"></script>'
  return serveSite((request, response) => {
    if (request.url === '/backendless.js') {
      return void response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(build)
    }
    response.writeHead(200, { 'Content-Type': 'text/html' }).end(html)
  })
}

beforeEach(async ({ skip }) => {
  if (missing !== undefined) return skip(missing)
  const [applicationId, js] = [randomUUID().toUpperCase(), randomUUID().toUpperCase()]
  await server.createApp({ backendless: { applicationId, apiKeys: { js } } })
  uuid = randomUUID().toUpperCase()
  page = await browser.newPage()
  await page.goto(site.origin)
  await page.evaluate(
    ([appId, apiKey, gateway, id]) => {
      const { Backendless } = globalThis as unknown as { Backendless: BackendlessSdk }
      Backendless.serverURL = gateway
      Backendless.initApp(appId, apiKey)
      Backendless.setupDevice({ uuid: id, platform: 'android', version: '14' })
    },
    [applicationId, js, server.origin, uuid] as const,
  )
})
afterEach(() => page?.close())

type Method = keyof BackendlessSdk['Messaging']

/** Calls the SDK in the page; a rejection is returned as `{code, status}`. */
function call(method: Method, ...args: readonly unknown[]): Promise<unknown> {
  return page.evaluate(
    async ([name, values]) => {
      const { Backendless } = globalThis as unknown as { Backendless: BackendlessSdk }
      const messaging = Backendless.Messaging as unknown as Record<string, (...of: unknown[]) => unknown>
      try {
        return await messaging[name]?.(...values)
      } catch (error) {
        const { code, status } = error as { code: unknown; status: unknown }
        return { code, status }
      }
    },
    [method, args] as const,
  )
}
const withPage = (act: (sdk: BackendlessSdk) => void) =>
  page.evaluate(`(${act.toString()})(globalThis.Backendless)`)

test('a page of another origin registers, retrieves and cancels', async () => {
  expect(await call('registerDevice', 'T', ['news'])).toEqual({
    registrationId: expect.stringMatching(/^[0-9A-F-]{36}::news$/),
  })
  expect(await call('getRegistrations')).toMatchObject([
    { deviceId: uuid, deviceToken: 'T', channels: ['news'] },
  ])
  expect(await call('unregisterDevice')).toEqual({ result: true })
})

test('it sees the code of an error, not a failed network', async () => {
  expect(await call('getRegistrations')).toEqual({ code: 5000, status: 400 })
  expect(await call('unregisterDevice')).toEqual({ code: 5001, status: 400 })
})

test('with a user logged in, the browser asks first, and may', async () => {
  await withPage((sdk) => sdk.setCurrentUserToken('STALE'))
  expect(await call('registerDevice', 'T')).toMatchObject({ registrationId: expect.any(String) })
  expect(await call('getRegistrations')).toMatchObject([{ deviceId: uuid }])
  expect(await call('unregisterDevice')).toEqual({ result: true })
})

test('an app that sends credentials with everything is answered', async () => {
  await page.evaluate(`{
    const send = XMLHttpRequest.prototype.send
    XMLHttpRequest.prototype.send = function (body) {
      this.withCredentials = true
      send.call(this, body)
    }
  }`)
  expect(await call('registerDevice', 'T')).toMatchObject({ registrationId: expect.any(String) })
  expect(await call('getRegistrations')).toMatchObject([{ deviceId: uuid }])
})

test('nothing was refused by the browser', async () => {
  const refused: string[] = []
  page.on(
    'console',
    (message) => void (/CORS|Access-Control/.test(message.text()) && refused.push(message.text())),
  )
  await call('registerDevice', 'T')
  await call('getPushTemplates', 'android')
  await call('unregisterDevice')
  await call('getRegistrations')
  expect(refused).toEqual([])
})
