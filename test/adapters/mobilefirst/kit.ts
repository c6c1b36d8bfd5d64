import { createHarness, type Harness, type HarnessOptions } from '../../harness/harness.ts'

export const V1 = '/imfpush/v1'
export const RUNTIME = '/mfp/api'

/** Every scope of section 3, as a provisioned back end has them. */
export const ALL_SCOPES = [
  'apps.read apps.write devices.read devices.write messages.read messages.write',
  'settings.read settings.write subscriptions.read subscriptions.write tags.read tags.write',
  'webhooks.read webhooks.write',
].join(' ')

/** The members of answers that tests read; their presence is not guaranteed. */
export interface Answer extends Readonly<Record<string, unknown>> {
  readonly code: string
  readonly message: string
  readonly error: string
  readonly access_token: string
  readonly id: string
  readonly name: string
  readonly href: string
  readonly subscriptionId: string
  readonly devices: readonly unknown[]
  readonly subscribed: readonly unknown[]
  readonly keys: readonly { readonly kid: string }[]
  readonly dialects: Readonly<Record<string, Readonly<Record<string, string>>>>
}

export interface Sent {
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
  /** Null: without a token. */
  readonly token?: string | null
}

/** An app with a confidential client whose token allows everything. */
export interface Tenant {
  readonly h: Harness
  /** The app's own id. */
  readonly id: string
  readonly app: string
  readonly clientId: string
  readonly clientSecret: string
  /** A token for these scopes and the application's own. */
  token(scopes: string): Promise<string>
  /** A request below the application's path, by default with the token that allows everything. */
  send(method: string, path: string, sent?: Sent): Promise<Response>
  /** Like `send`, but asserts a status below 300, and returns the JSON. */
  ok(method: string, path: string, sent?: Sent): Promise<Record<string, unknown>>
  /** Registers a device with unique values. */
  device(more?: Readonly<Record<string, unknown>>): Promise<Record<string, string>>
  /** Creates tags. */
  tags(...names: string[]): Promise<void>
}

let counter = 0
/** A text that no other test uses. */
export const unique = (what: string) => `${what}-${crypto.randomUUID().slice(0, 8)}-${counter++}`

export async function createTenant(
  options: HarnessOptions & { readonly h?: Harness; readonly dialects?: Record<string, unknown> } = {},
): Promise<Tenant> {
  const h =
    options.h ??
    (await createHarness({ ...(options.dialects ? {} : { dialect: 'mobilefirst' }), ...options }))
  const app = unique('com.example.shop')
  const clientId = unique('backend')
  const clientSecret = 's:cret ü'
  const scopes = [...ALL_SCOPES.split(' '), `push.application.${app}`]
  const document = await h.createApp({
    mobilefirst: { applicationId: app, clients: [{ clientId, clientSecret, scopes }] },
    ...options.dialects,
  })
  const token = async (wanted: string) => {
    const answer = await requestToken(h, {
      clientId,
      clientSecret,
      scope: `${wanted} push.application.${app}`,
    })
    const { access_token: text } = await answer.json<Answer>()
    if (answer.status !== 200) throw new Error(`no token: ${answer.status}`)
    return text
  }
  const everything = await token(ALL_SCOPES)

  async function send(method: string, path: string, sent: Sent = {}): Promise<Response> {
    const bearer = sent.token === undefined ? everything : sent.token
    return h.request(method, `${V1}/apps/${app}${path}`, {
      headers: { ...(bearer !== null && { Authorization: `Bearer ${bearer}` }), ...sent.headers },
      ...(sent.body !== undefined && { body: sent.body }),
    })
  }
  async function ok(method: string, path: string, sent: Sent = {}) {
    const response = await send(method, path, sent)
    const text = await response.text()
    if (response.status >= 300) throw new Error(`${method} ${path}: ${response.status} ${text}`)
    return text === '' ? {} : JSON.parse(text)
  }

  return {
    h,
    id: document.id,
    app,
    clientId,
    clientSecret,
    token,
    send,
    ok,
    async device(more = {}) {
      const body = { deviceId: unique('device'), platform: 'A', token: unique('token'), ...more }
      return (await ok('POST', '/devices', { body })) as Record<string, string>
    },
    async tags(...names) {
      for (const name of names) await ok('POST', '/tags', { body: { name, description: `about ${name}` } })
    },
  }
}

/** A call to the token endpoint with Basic authentication, as a back end makes it. */
export function requestToken(
  h: Harness,
  of: { clientId: string; clientSecret: string; scope?: string },
): Promise<Response> {
  const pair = String.fromCharCode(...new TextEncoder().encode(`${of.clientId}:${of.clientSecret}`))
  return h.request('POST', `${RUNTIME}/az/v1/token`, {
    headers: {
      Authorization: `Basic ${btoa(pair)}`,
      'Content-Type': 'application/x-www-form-urlencoded; charset=UTF-8',
    },
    body: form({ grant_type: 'client_credentials', ...(of.scope !== undefined && { scope: of.scope }) }),
  })
}

export const form = (members: Readonly<Record<string, string>>) => new URLSearchParams(members).toString()
