import {
  type Answer,
  type Asked,
  type Held,
  jsonOf,
  ok,
  partsOf,
  textOf,
  type Vendor,
  type VendorDeps,
} from './vendor.ts'

interface Device {
  readonly id: string
  token: string
  user: string
  metadata: unknown
  interests: Set<string>
}

const NOT_FOUND: Answer = { status: 404, body: { error: 'Not found', description: 'Device not found' } }
const bad = (description: string): Answer => ({ status: 400, body: { error: 'Bad request', description } })

export class PusherBeamsVendor implements Vendor {
  readonly dialect = 'pusher-beams'
  readonly #devices = new Map<string, Device>()
  /** By platform and token: an instance has one device for each. */
  readonly #byToken = new Map<string, Device>()
  readonly #newId: () => string

  constructor({ newId }: VendorDeps) {
    this.#newId = newId
  }

  answer(asked: Asked): Answer {
    const [api, , , , , platform = '', id, ...what] = partsOf(asked)
    if (api === 'reporting_api') return ok()
    if (id === undefined) return this.#register(platform, jsonOf(asked))
    if (asked.method === 'DELETE' && what.length === 0) return this.#remove(platform, id)
    const device = this.#devices.get(id)
    return device ? this.#change(asked, device, what) : NOT_FOUND
  }

  held(): Held[] {
    return [...this.#devices.values()].map(({ id, token, user, interests }) => ({
      ...{ externalId: id, token, user: user || null, topics: [...interests], tags: {} },
    }))
  }

  /** No call lists devices, and none returns a token. */
  exported(): null {
    return null
  }

  #register(platform: string, request: Readonly<Record<string, unknown>>): Answer {
    const token = textOf(request.token)
    if (token === '') return bad(`missing ${platform === 'apns' ? 'APNs' : 'FCM'} token`)
    const key = `${platform} ${token}`
    const device = this.#byToken.get(key) ?? {
      ...{ id: `${platform}-${this.#newId()}`, token, user: '', metadata: {} },
      interests: new Set<string>(),
    }
    device.metadata = request.metadata ?? device.metadata
    this.#devices.set(device.id, device)
    this.#byToken.set(key, device)
    return ok({ id: device.id, initialInterestSet: [...device.interests].sort() })
  }

  #remove(platform: string, id: string): Answer {
    const device = this.#devices.get(id)
    if (device) this.#byToken.delete(`${platform} ${device.token}`)
    this.#devices.delete(id)
    return ok()
  }

  #change(asked: Asked, device: Device, [part = '', name]: readonly string[]): Answer {
    switch (`${asked.method} ${part}${name === undefined ? '' : '/*'}`) {
      case 'GET ':
        return ok({ id: device.id, userId: device.user, metadata: device.metadata })
      case 'PUT metadata':
        device.metadata = jsonOf(asked)
        return ok()
      case 'PUT token':
        return this.#rotate(device, textOf(jsonOf(asked).token))
      case 'PUT user':
        device.user = subjectOf(asked.headers.get('authorization') ?? '')
        return ok()
      case 'GET interests':
        return ok({ interests: [...device.interests].sort(), responseMetadata: {} })
      case 'PUT interests':
        device.interests = new Set(jsonOf(asked).interests as string[])
        return ok()
      case 'POST interests/*':
        device.interests.add(name ?? '')
        return ok()
      case 'DELETE interests/*':
        device.interests.delete(name ?? '')
        return ok()
      default:
        return NOT_FOUND
    }
  }

  #rotate(device: Device, token: string): Answer {
    if (token === '') return bad('Missing token field with the FCM Registration Id')
    const holder = this.#byToken.get(`fcm ${token}`)
    if (holder && holder !== device) this.#devices.delete(holder.id)
    this.#byToken.delete(`fcm ${device.token}`)
    device.token = token
    this.#byToken.set(`fcm ${token}`, device)
    return ok()
  }
}

/** Of a user's token: the service's own check of its signature is not what is simulated. */
function subjectOf(authorization: string): string {
  const [, payload = ''] = authorization.replace(/^Bearer /, '').split('.')
  return textOf((JSON.parse(Buffer.from(payload, 'base64url').toString()) as Record<string, unknown>).sub)
}
