import { createECDH } from 'node:crypto'
import { decrypt } from 'http_ece'
import type { BrowserContext, Page } from 'playwright-core'
import { expect, onTestFinished } from 'vitest'
import { fromBase64Url } from '../../src/domain/encoding.ts'
import { type Subscription, subscribe, webPushFake } from '../fixtures/push-services/web-push.ts'
import { deliver } from '../harness/browser.ts'
import type { AppDocument } from '../harness/harness.ts'
import { serve } from '../harness/serve.node.ts'
import type { Server } from '../harness/server.ts'

/** How long a page waits for a notification, in milliseconds. */
const LATE = 60_000

/** A browser's subscription, and the messages for it. */
export interface Subscribed {
  readonly held: Pick<Subscription, 'endpoint' | 'keys'>
  /** The next message, decrypted with the browser's own keys. */
  arrived(): Promise<string>
}

/**
 * A subscription at a push service on this machine, because the real ones are not reachable: it checks
 * requests as they do, and that they are signed with the subscription's key, the app's. The app can send web
 * pushes from then on.
 */
export async function subscribed(server: Server, app: AppDocument): Promise<Subscribed> {
  const held = await subscribedWith(app.vapid.publicKey)
  await server.admin('PUT', `/apps/${app.id}/providers/webpush`, {
    kind: 'webpush',
    subject: 'mailto:ops@example.com',
  })
  return held
}

/** The same for a gateway whose sending is allowed elsewhere. */
export async function subscribedWith(publicKey: string): Promise<Subscribed> {
  const fake = webPushFake(publicKey, () => new Date())
  const { origin, close } = await serve(fake.handler)
  onTestFinished(close)
  const { endpoint, keys, jwk, ...rest } = await subscribe(origin, 'browser')
  fake.subscriptions.set(endpoint, { endpoint, keys, jwk, ...rest })
  const privateKey = createECDH('prime256v1')
  privateKey.setPrivateKey(fromBase64Url(jwk.d ?? '') ?? new Uint8Array())
  return {
    held: { endpoint, keys },
    async arrived() {
      await expect.poll(() => fake.shown.get(endpoint)?.length).toBe(1)
      const [request] = fake.requests
      const body = Buffer.from(request?.bytes ?? [])
      return decrypt(body, { version: 'aes128gcm', privateKey, authSecret: keys.auth }).toString()
    },
  }
}

/** The page's push service, which a test replaces, returns this subscription next. */
export const offer = (page: Page, { held }: Subscribed): Promise<unknown> =>
  page.evaluate(`localStorage.setItem('offered', ${JSON.stringify(JSON.stringify(held))})`)

/** What operators see of the app's only message: phones that accepted it, and devices that reported. */
export async function counted(server: Server, app: AppDocument): Promise<Record<string, unknown>> {
  const path = `/apps/${app.id}/messages`
  const { messages } = (await server.admin('GET', path)) as { messages: { id: string }[] }
  expect(messages).toHaveLength(1)
  const { counts, delivered, opened } = (await server.admin('GET', `${path}/${messages[0]?.id}`)) as {
    counts: Record<string, number>
    delivered: number
    opened: number
  }
  return { accepted: counts.accepted, delivered, opened }
}

const workerOf = (browser: BrowserContext, origin: string) =>
  browser.serviceWorkers().find((one) => one.url().startsWith(origin))

/**
 * Delivers a message to the service worker of the page's site and returns the notification that it shows.
 * Notifications must not be queried before it is shown: Chromium forgets one that it has stored and does not
 * find shown.
 */
export async function shownBy(page: Page, text: string): Promise<Record<string, unknown>> {
  const worker = workerOf(page.context(), new URL(page.url()).origin)
  await worker?.evaluate(`(() => {
    const show = registration.showNotification.bind(registration)
    const late = new Promise((_, reject) => setTimeout(reject, ${LATE}, new Error('nothing was shown')))
    const first = new Promise((resolve) => {
      registration.showNotification = (...given) => {
        const showing = show(...given)
        resolve(showing)
        return showing
      }
    })
    self.showing = Promise.race([first, late])
  })()`)
  await deliver(page, text)
  const shown = await worker?.evaluate(`showing.then(() => registration.getNotifications()).then((all) =>
    all.map(({ title, body }) => ({ title, body })))`)
  expect(shown).toHaveLength(1)
  return (shown as Record<string, unknown>[])[0] ?? {}
}

/**
 * Clicks on it. Without a desktop, the event is created as the browser would, and lives as long as its
 * handlers.
 */
export async function clickOn(page: Page): Promise<void> {
  const worker = workerOf(page.context(), new URL(page.url()).origin)
  await worker?.evaluate(`registration.getNotifications().then(([notification]) => {
    const event = new NotificationEvent('notificationclick', { notification })
    Object.defineProperty(event, 'waitUntil', { value: () => {} })
    self.dispatchEvent(event)
  })`)
}
