import {
  type Answer,
  type Asked,
  type Exported,
  type Held,
  jsonOf,
  ok,
  partsOf,
  textOf,
  type Vendor,
  type VendorDeps,
} from './vendor.ts'

interface Device {
  readonly deviceId: string
  token: string
  platform: string
  userId: string
  readonly createdTime: string
  lastUpdatedTime: string
  /** The id of the subscription for each tag. */
  readonly tags: Map<string, number>
}

/** The app's sender id at Google. */
export const SENDER = '1234567890'
/** A confidential client of the app's operator: the gateway's copies need its tokens. */
export const CLIENT = { clientId: 'operator', clientSecret: 'a secret of the operator' } as const

const NOT_FOUND: Answer = { status: 404, body: { message: 'Not found.', code: 'FPWSE0001E', docUrl: '' } }
const UNAUTHORIZED: Answer = {
  status: 401,
  body: { message: 'Unauthorized.', code: 'FPWSE0006E', docUrl: '' },
  headers: { 'www-authenticate': 'Bearer' },
}
const UNKNOWN_CLIENT: Answer = { status: 400, body: { errorCode: 'INVALID_CLIENT_ID' } }

/** The push service, with its authorization server. */
export class MobileFirstVendor implements Vendor {
  readonly dialect = 'mobilefirst'
  readonly #devices = new Map<string, Device>()
  readonly #authorization: AuthorizationServer
  readonly #now: () => string
  #subscriptions = 0

  constructor({ clock, newId }: VendorDeps) {
    this.#authorization = new AuthorizationServer(newId, () => clock.now().getTime())
    this.#now = () =>
      clock
        .now()
        .toISOString()
        .replace(/\.\d+Z$/, 'Z')
  }

  answer(asked: Asked): Answer {
    const [first, , ...rest] = partsOf(asked)
    if (first === 'mfp') return this.#authorization.answer(asked, rest.join('/'))
    const token = asked.headers.get('authorization')?.replace(/^Bearer /, '') ?? ''
    const [, , what = '', id] = rest
    if (!this.#authorization.knows(token)) return UNAUTHORIZED
    if (what === 'settings') return ok({ senderId: SENDER })
    if (what === 'subscriptions') return this.#subscription(asked)
    return this.#device(asked, id)
  }

  held(): Held[] {
    return [...this.#devices.values()].map(({ deviceId, token, userId, tags }) => ({
      ...{ externalId: deviceId, token, user: userId === 'anonymous' ? null : userId },
      ...{ topics: [...tags.keys()], tags: {} },
    }))
  }

  exported(): Exported {
    const all = [...this.#devices.values()]
    const links = all.flatMap(({ deviceId, tags }) =>
      [...tags].map(([tagName, id]) => ({ subscriptionId: String(id), deviceId, tagName })),
    )
    const pages = [
      { devices: all.map(shown), pageInfo: { count: String(all.length) } },
      { subscriptions: links, pageInfo: { count: String(links.length) } },
    ]
    return { format: 'mobilefirst-json', body: pages.map((page) => JSON.stringify(page)).join('\n') }
  }

  #device(asked: Asked, id: string | undefined): Answer {
    if (asked.method === 'POST') return this.#register(asked, textOf(jsonOf(asked).deviceId))
    const device = this.#devices.get(id ?? '')
    if (!device) return NOT_FOUND
    if (asked.method === 'PUT') return this.#register(asked, device.deviceId)
    if (asked.method === 'GET') return ok(shown(device))
    this.#devices.delete(device.deviceId)
    return ok(null, 204)
  }

  #register(asked: Asked, deviceId: string): Answer {
    const request = jsonOf(asked)
    const known = this.#devices.get(deviceId)
    const [at, tags] = [this.#now(), known?.tags ?? new Map([['Push.ALL', ++this.#subscriptions]])]
    const device = known ?? {
      ...{
        deviceId,
        token: '',
        platform: '',
        userId: 'anonymous',
        createdTime: at,
        lastUpdatedTime: at,
        tags,
      },
    }
    device.token = textOf(request.token) || device.token
    device.platform = textOf(request.platform) || device.platform
    device.userId = textOf(request.userId) || device.userId
    device.lastUpdatedTime = at
    this.#devices.set(deviceId, device)
    return ok(shown(device), known ? 200 : 201)
  }

  #subscription(asked: Asked): Answer {
    if (asked.method === 'GET') return this.#listed(this.#devices.get(asked.query.get('deviceId') ?? ''))
    const { deviceId, tagNames = [] } = jsonOf(asked) as { deviceId?: string; tagNames?: readonly string[] }
    const device = this.#devices.get(deviceId ?? '')
    if (!device) return NOT_FOUND
    const ends = asked.query.get('action') === 'delete'
    const changed = tagNames.map((tagName) => {
      const id = device.tags.get(tagName) ?? ++this.#subscriptions
      if (ends) device.tags.delete(tagName)
      else device.tags.set(tagName, id)
      return linkOf(device, tagName, id)
    })
    return ends ? ok({ unsubscribed: changed }) : ok({ subscribed: changed }, 201)
  }

  #listed(device: Device | undefined): Answer {
    const subscriptions = device ? [...device.tags].map(([tagName, id]) => linkOf(device, tagName, id)) : []
    const devices = device ? [shown(device)] : []
    return ok({ subscriptions, devices, pageInfo: { count: String(subscriptions.length) } })
  }
}

const shown = ({ tags: _, ...device }: Device) => ({ ...device, createdMode: 'API', href: '', userAgent: '' })
const linkOf = ({ deviceId, userId }: Device, tagName: string, id: number) => ({
  ...{ deviceId, tagName, subscriptionId: String(id), userId, href: '' },
})

const BASIC = `Basic ${Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64')}`

/** Signatures are not checked here, because the gateway's own checks cover them. */
class AuthorizationServer {
  readonly #clients = new Set<string>()
  readonly #codes = new Set<string>()
  readonly #tokens = new Set<string>()
  readonly #newId: () => string
  readonly #now: () => number

  constructor(newId: () => string, now: () => number) {
    this.#newId = newId
    this.#now = now
  }

  knows(token: string): boolean {
    return this.#tokens.has(token)
  }

  answer(asked: Asked, what: string): Answer {
    switch (what) {
      case 'registration/v1/self':
        return this.#register(asked)
      case 'preauth/v1/preauthorize':
        return this.#clients.has(textOf(jsonOf(asked).client_id))
          ? ok({ successes: { clockSynchronization: { serverTimeStamp: this.#now() } } })
          : UNKNOWN_CLIENT
      case 'az/v1/authorization':
        return this.#authorize(asked)
      case 'az/v1/token':
        return this.#token(asked)
      default:
        return NOT_FOUND
    }
  }

  #register({ origin }: Asked): Answer {
    const id = this.#newId()
    this.#clients.add(id)
    return { status: 201, body: {}, headers: { location: `${origin}/mfp/api/registration/clients/${id}` } }
  }

  #authorize({ query }: Asked): Answer {
    if (!this.#clients.has(query.get('client_id') ?? '')) return UNKNOWN_CLIENT
    const code = this.#newId()
    this.#codes.add(code)
    return { status: 302, body: null, headers: { location: `${query.get('redirect_uri')}?code=${code}` } }
  }

  #token({ text, headers }: Asked): Answer {
    const form = new URLSearchParams(text)
    const isGranted =
      form.get('grant_type') === 'client_credentials'
        ? headers.get('authorization') === BASIC
        : this.#codes.delete(form.get('code') ?? '')
    if (!isGranted) return { status: 400, body: { error: 'invalid_grant' } }
    const access_token = `vendor.${this.#newId()}`
    this.#tokens.add(access_token)
    const scope = 'RegisteredClient push.mobileclient'
    return ok({ access_token, token_type: 'Bearer', expires_in: 3600, scope })
  }
}
