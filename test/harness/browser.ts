import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type BrowserContext, chromium, type Page } from 'playwright-core'
import { FLAGS, findChromium } from './chromium.ts'
import { temporaryFolder } from './process.ts'

/**
 * Why browser tests are skipped; undefined if they run. With REQUIRE_BROWSER=1 they always run, and may fail.
 */
export function browserMissing(): string | undefined {
  if (findChromium() !== undefined || process.env.REQUIRE_BROWSER === '1') return undefined
  return 'no `chromium` on the PATH: install the Debian package `chromium`'
}

/** A fresh browser profile in a headless Chromium; `close()` ends it. */
export async function openBrowser(): Promise<BrowserContext> {
  const executablePath = findChromium()
  if (executablePath === undefined)
    throw new Error('REQUIRE_BROWSER=1, but there is no `chromium`: install the Debian package `chromium`')
  const options = { executablePath, args: FLAGS, headless: true }
  const context = await chromium.launchPersistentContext(temporaryFolder(), options)
  // A page's script is told no more than `Failed to fetch`.
  context.on('requestfailed', (request) => {
    const { errorText = '' } = request.failure() ?? {}
    if (errorText !== 'net::ERR_ABORTED')
      process.stderr.write(`${errorText}: ${request.method()} ${request.url()}\n`)
  })
  return context
}

export interface LocalSite {
  readonly origin: string
  close(): Promise<void>
}

/** A site on a separate port, so that the gateway is another origin for its pages. */
export async function serveSite(listener: RequestListener): Promise<LocalSite> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    origin: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Passes a message to the service worker of the page's site, as the browser does for its push service. */
export async function deliver(page: Page, data: string): Promise<void> {
  const { origin } = new URL(page.url())
  const devtools = await page.context().newCDPSession(page)
  const registration = new Promise<string>((resolve) => {
    devtools.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
      const own = registrations.find(({ scopeURL }) => scopeURL.startsWith(origin))
      if (own) resolve(own.registrationId)
    })
  })
  await devtools.send('ServiceWorker.enable')
  await devtools.send('ServiceWorker.deliverPushMessage', {
    origin,
    registrationId: await registration,
    data,
  })
}
