import {
  type Answer,
  type Asked,
  cell,
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
  token: string
  type: number
  user: string
  language: string
  appVersion: string
  readonly first: number
  open: number
  readonly tags: Map<string, unknown>
}

type Request = Readonly<Record<string, unknown>>

/** Export columns that are tags of the simulated apps. */
const TAGS = ['Level', 'Favourites', 'Launches']
const HUMANIZED: Readonly<Record<number, string>> = { 1: 'iOS', 3: 'Android' }
const COLUMNS = [
  ...['Hwid', 'User ID', 'Push Token', 'Type', 'Type (humanized)', 'Language', 'Application Version'],
  ...['First Install', 'Last Application Open', ...TAGS],
]
/** The real service sends this member to move apps to another of its hosts. */
const ELSEWHERE = 'https://elsewhere.pushwoosh.example/json/1.3/'

const answered = (response: unknown = null): Answer =>
  ok({ status_code: 200, status_message: 'OK', response, base_url: ELSEWHERE })
const refused = (status: number, status_message: string): Answer => ({
  status,
  body: { status_code: status === 200 ? 210 : status, status_message, response: null },
})

/** Tokens are not moved from a previous hwid to the current one, so the export contains some twice. */
export class PushwooshVendor implements Vendor {
  readonly dialect = 'pushwoosh'
  readonly #devices = new Map<string, Device>()
  readonly #now: () => number

  constructor({ clock }: VendorDeps) {
    this.#now = () => clock.now().getTime()
  }

  answer(asked: Asked): Answer {
    const request = (jsonOf(asked).request ?? {}) as Request
    const hwid = textOf(request.hwid)
    if (hwid === '') return refused(200, 'hwid is missing')
    switch (partsOf(asked).at(-1)) {
      case 'registerDevice':
        return this.#register(this.#deviceOf(hwid), request)
      case 'unregisterDevice':
        return this.#changed(this.#devices.get(hwid), { token: '' })
      case 'registerUser':
        return this.#changed(this.#deviceOf(hwid), { user: textOf(request.userId) })
      case 'applicationOpen':
        return this.#changed(this.#deviceOf(hwid), { open: this.#now() })
      case 'setTags':
        return this.#tagged(this.#deviceOf(hwid), (request.tags ?? {}) as Request)
      case 'getTags':
        return this.#tags(this.#devices.get(hwid))
      default:
        return refused(404, 'Unknown method')
    }
  }

  held(): Held[] {
    return [...this.#devices].map(([externalId, { token, user, tags }]) => ({
      externalId,
      token: token || null,
      user: user === '' || user === externalId ? null : user,
      topics: [],
      tags: Object.fromEntries(tags),
    }))
  }

  exported(): Exported {
    const lines = [COLUMNS.join()]
    for (const [hwid, device] of this.#devices) {
      const { token, type, user, language, appVersion } = device
      const times = [device.first, device.open].map((at) => Math.floor(at / 1000))
      const tags = TAGS.map((name) => inCell(device.tags.get(name)))
      const row = [hwid, user || hwid, token, type, HUMANIZED[type], language, appVersion, ...times, ...tags]
      lines.push(row.map(cell).join())
    }
    return { format: 'pushwoosh-csv', body: `${lines.join('\n')}\n` }
  }

  #deviceOf(hwid: string): Device {
    const known = this.#devices.get(hwid)
    if (known) return known
    const [first, tags] = [this.#now(), new Map<string, unknown>()]
    const device = { token: '', type: 3, user: '', language: 'en', appVersion: '', first, open: first, tags }
    this.#devices.set(hwid, device)
    return device
  }

  #register(device: Device, request: Request): Answer {
    return this.#changed(device, {
      type: Number(request.device_type),
      token: textOf(request.push_token) || device.token,
      user: textOf(request.userId) || device.user,
      language: textOf(request.language) || device.language,
      appVersion: textOf(request.app_version) || device.appVersion,
    })
  }

  #changed(device: Device | undefined, values: Partial<Device>): Answer {
    if (device) Object.assign(device, values)
    return answered()
  }

  #tagged({ tags }: Device, set: Request): Answer {
    for (const [name, value] of Object.entries(set)) {
      const { operation, value: by } = (Array.isArray(value) ? {} : (value ?? {})) as Request
      tags.set(name, operation === 'increment' ? Number(tags.get(name) ?? 0) + Number(by) : value)
    }
    return answered()
  }

  #tags(device: Device | undefined): Answer {
    const result = device ? { Language: device.language, ...Object.fromEntries(device.tags) } : {}
    return answered({ result })
  }
}

const inCell = (value: unknown) => (Array.isArray(value) ? JSON.stringify(value) : value)
