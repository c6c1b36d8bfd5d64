import { onTestFinished } from 'vitest'
import { openOwnDb } from '#runtime'
import { adapters } from '../../adapters/index.ts'
import { presentFeedItem } from '../../src/admin/present-feed.ts'
import { createTellFeed } from '../../src/events/feed-call.ts'
import { createOutbound } from '../../src/outbound/outbound.ts'
import type { Store } from '../../src/store/store.ts'
import { ADMIN_TOKEN, type AppDocument, type Harness } from '../harness/harness.ts'
import { ADMIN_TOKEN as SERVER_TOKEN, startServer } from '../harness/server.ts'
import { mirrorHarness, openVendor, type VendorServer } from '../mirror/kit.ts'

const HOUR = 3_600_000
const TOKEN = 'fcm-token-of-a1b2c3:APA91b_0123456789abcdef'
const PREVIOUS_KEY = btoa('p'.repeat(32))

interface Sent {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: unknown
}

/** An app, and the calls that come before an example. */
export interface World {
  readonly app: AppDocument
  /** A call below `/admin/v1`, with the admin token. */
  admin(method: string, path: string, sent?: Sent): Promise<Response>
  /** The same for calls that must succeed: returns the JSON of the answer. */
  made(method: string, path: string, body?: unknown): Promise<Made>
  /** Registers a phone in the app's Pushwoosh dialect; returns the id of its device. */
  phone(hwid?: string): Promise<string>
  /** Works until the imports are finished. */
  imported(): Promise<void>
  vendor(): Promise<VendorServer>
  /** Calls the receivers of webhooks once an hour for two days; they refuse the phone `poison`. */
  twoDaysOfWebhooks(): Promise<void>
  /** Signs in to the console. */
  signIn(): Promise<void>
}
interface Made {
  readonly [name: string]: unknown
  readonly id: string
}

/** Work that one call cannot finish stays pending: nothing continues it here. */
const stuck = (real: Store): Store => ({
  ...real,
  readiness: { ...real.readiness, proceed: async (counting) => counting },
  undos: { ...real.undos, proceed: async (undo) => undo },
})

export type Place = 'harness' | 'stuck' | 'server'

/** A gateway with an app; `server` is the bundled one over a file. */
export const openWorld = (place: Place): Promise<World> =>
  place === 'server' ? overServer() : overHarness(place === 'stuck' ? { store: stuck } : {})

/** All push services, because an example needs one. */
const DIALECTS = Object.fromEntries(adapters.map(({ name }) => [name, {}]))

/**
 * A separate database for these examples: an undo looks through the events of all apps, and ends in one call
 * only if there are few.
 */
let own: ReturnType<typeof openOwnDb> | undefined

async function overHarness(options: { readonly store?: (real: Store) => Store }): Promise<World> {
  own ??= openOwnDb()
  const db = await own
  const h = await mirrorHarness({ ...options, db: () => db })
  const app = await h.createApp(DIALECTS)
  const admin: World['admin'] = (method, path, { headers, body } = {}) =>
    h.request(method, `/admin/v1${path}`, {
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}`, ...headers },
      body,
    })
  return {
    ...common(app, admin, (path, body) => h.request('POST', path, { body })),
    async imported() {
      const importer = h.importer()
      while (await importer.step());
    },
    twoDaysOfWebhooks: () => twoDays(h, app),
    async signIn() {
      const headers = { 'X-Pushport-Console': '1' }
      await h.request('POST', '/console/session', { headers, body: { token: ADMIN_TOKEN } })
    },
  }
}

async function overServer(): Promise<World> {
  const server = await startServer({ runtime: 'node', env: { MASTER_KEY_PREVIOUS: PREVIOUS_KEY } })
  onTestFinished(() => server.kill())
  const app = await server.createApp(DIALECTS)
  const json = { 'Content-Type': 'application/json' }
  const sent = (method: string, url: string, { headers, body }: Sent) =>
    fetch(`${server.origin}${url}`, {
      method,
      headers: { ...(body !== undefined && json), ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const admin: World['admin'] = (method, path, { headers, body } = {}) =>
    sent(method, `/admin/v1${path}`, {
      headers: { Authorization: `Bearer ${SERVER_TOKEN}`, ...headers },
      body,
    })
  const never = () => Promise.reject(new Error('not over a server'))
  return {
    ...common(app, admin, (path, body) => sent('POST', path, { body })),
    imported: never,
    twoDaysOfWebhooks: never,
    signIn: never,
  }
}

function common(
  app: AppDocument,
  admin: World['admin'],
  post: (path: string, body: unknown) => Promise<Response>,
): Pick<World, 'app' | 'admin' | 'made' | 'phone' | 'vendor'> {
  async function made(method: string, path: string, body?: unknown): Promise<Made> {
    const answer = await admin(method, path, { body })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`)
    return JSON.parse(text)
  }
  let vendor: Promise<VendorServer> | undefined
  return {
    app,
    admin,
    made,
    async phone(hwid = 'phone') {
      await register(post, app, hwid)
      const { devices } = await made('GET', `/apps/${app.id}/devices?externalId=${hwid}`)
      const [device] = devices as readonly { id: string }[]
      if (!device) throw new Error(`${hwid} is not registered.`)
      return device.id
    },
    vendor() {
      vendor ??= openVendor().then((opened) => {
        onTestFinished(() => opened.close())
        return opened
      })
      return vendor
    },
  }
}

async function register(
  post: (path: string, body: unknown) => Promise<unknown>,
  { dialects }: AppDocument,
  hwid: string,
) {
  const application = dialects.pushwoosh?.applicationCode
  const call = (method: string, more: object) =>
    post(`/json/1.3/${method}`, { request: { application, hwid, ...more } })
  const push_token = hwid === 'phone' ? TOKEN : `${TOKEN}-${hwid}`
  await call('registerDevice', { device_type: 3, push_token })
  await call('registerUser', { userId: 'ann' })
  await call('setTags', { tags: { plan: 'gold' } })
}

async function twoDays(h: Harness, app: AppDocument): Promise<void> {
  const outbound = createOutbound({
    allowPrivate: false,
    fetch: async (_, { body }) =>
      new Response(null, { status: String(body).includes('"externalId":"poison"') ? 422 : 204 }),
  })
  const tell = createTellFeed({ outbound, present: presentFeedItem })
  for (let hours = 0; hours < 40; hours++) {
    await register((path, body) => h.request('POST', path, { body }), app, `fine-${hours}`)
    await h.gateway.feedCalls.deliver(tell)
    h.clock.advance(HOUR)
  }
}
