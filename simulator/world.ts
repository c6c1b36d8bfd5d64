import { type Clock, clockFrom } from './clock.ts'
import { DIALECTS } from './dialects.ts'
import { type Day, Fleet, type FleetOptions, type Places } from './fleet.ts'
import { openSimulatedGateway, type SimulatedGateway } from './gateway.ts'
import { type Comparison, compared, type Found, Ledger } from './ledger.ts'
import { type Keys, keyText } from './phones/script.ts'
import { bytesOf, uuidOf } from './random.ts'
import { WORKSPACE } from './vendors/flameup.ts'
import { CLIENT, SENDER } from './vendors/mobilefirst.ts'
import { openServices, type Services } from './vendors/service.ts'
import type { Vendor } from './vendors/vendor.ts'
import { sent } from './wire.ts'

export type Mode = 'local' | 'forward' | 'record' | 'shadow'

export interface WorldOptions extends FleetOptions {
  /** The gateway's database file, deleted at the end; `:memory:` for none. */
  readonly file: string
  /** Vendors listen on local ports; otherwise they are called in this process. */
  readonly sockets: boolean
  readonly threaded: boolean
  /** The first simulated day. */
  readonly start: string
}

export interface Export {
  readonly dialect: string
  readonly format: string
  readonly body: string
  readonly exportedAt: Date
}

/** Setup values that must be the same at the vendor and at the gateway. */
const SETUPS: Readonly<Record<string, (seed: number) => object>> = {
  flameup: () => ({ workspaceId: WORKSPACE }),
  'pusher-beams': (seed) => ({ secretKey: bytesOf(`${seed} secret`).toString('hex').toUpperCase() }),
}
/** Copies and queries per second; simulated vendors have no rate limit. */
const MOST_A_SECOND = 10_000

/** Vendors, a fleet of phones, and a gateway between them. */
export class World {
  readonly dialects: readonly string[]
  readonly clock: Clock
  readonly services: Services
  readonly gateway: SimulatedGateway
  readonly app: string
  readonly fleet: Fleet
  readonly #vendors: readonly Vendor[]
  #mode: Mode = 'local'

  private constructor(parts: {
    readonly clock: Clock
    readonly vendors: readonly Vendor[]
    readonly services: Services
    readonly gateway: SimulatedGateway
    readonly app: string
    readonly fleet: Fleet
  }) {
    this.clock = parts.clock
    this.#vendors = parts.vendors
    this.dialects = parts.vendors.map(({ dialect }) => dialect)
    this.services = parts.services
    this.gateway = parts.gateway
    this.app = parts.app
    this.fleet = parts.fleet
  }

  static async open(options: WorldOptions): Promise<World> {
    const { seed, dialects } = options
    const clock = clockFrom(options.start)
    let ids = 0
    const newId = () => uuidOf(`${seed} id ${ids++}`)
    const spoken = DIALECTS.filter(({ script }) => dialects.includes(script.dialect))
    const vendors = spoken.map(({ vendor }) => vendor({ clock, newId }))
    const services = await openServices(vendors, options)
    const gateway = await openSimulatedGateway({ ...options, clock, fetch: services.fetch })
    const setups = Object.fromEntries(dialects.map((name) => [name, SETUPS[name]?.(seed) ?? {}]))
    const made = await gateway.admin('POST', '/apps', { name: 'shop', dialects: setups })
    const shown = made.dialects as Readonly<Record<string, Keys>>
    const keys = (dialect: string): Keys => ({ ...shown[dialect], ...setups[dialect] })
    if (dialects.includes('mobilefirst')) await setUpMobileFirst(gateway, keys('mobilefirst'))
    const fleet = new Fleet(options, clock, keys)
    return new World({ clock, vendors, services, gateway, app: String(made.id), fleet })
  }

  /** The path of the app in the admin API. */
  path(rest: string): string {
    return `/apps/${this.app}${rest}`
  }

  /** Sets the mirror mode of every dialect. */
  async mode(to: Mode): Promise<void> {
    const mirror = (dialect: string) => ({
      ...{ mode: to, upstream: this.services.upstream(dialect), maxPerSecond: MOST_A_SECOND },
      ...(dialect === 'pusher-beams' && (to === 'record' || to === 'shadow') && { coax: true }),
      ...(dialect === 'mobilefirst' && { credentials: CLIENT }),
    })
    const parts = this.dialects.map((name) => [name, { mirror: to === 'local' ? null : mirror(name) }])
    await this.gateway.admin('PATCH', this.path(''), { dialects: Object.fromEntries(parts) })
    this.#mode = to
  }

  /** Simulates days before the gateway exists. */
  async before(count: number): Promise<void> {
    const places = { vendor: this.#direct, gateway: null, keeps: false }
    for (let n = 0; n < count; n++) await this.fleet.day(places, async () => {})
  }

  /** Simulates the given number of days, and reports at the end of each. */
  async days(count: number, told: (day: Day) => void | Promise<void> = () => {}): Promise<void> {
    const { call, settle, maintain } = this.gateway
    for (let n = 0; n < count; n++) {
      const places: Places = { vendor: this.#direct, gateway: call, keeps: this.#mode !== 'forward' }
      const day = await this.fleet.day(places, settle)
      await maintain()
      await told(day)
    }
  }

  /** Takes the vendors' exports. From here on, the gateway must hold their data. */
  exported(): readonly Export[] {
    const files = this.#vendors.flatMap((vendor) => {
      const file = vendor.exported()
      return file ? [{ ...file, dialect: vendor.dialect, exportedAt: this.clock.now() }] : []
    })
    this.fleet.gateway.fillFrom(
      this.fleet.vendor,
      files.map(({ dialect }) => dialect),
    )
    return files
  }

  /** Imports files; returns the finished jobs. */
  async imported(files: readonly Export[]): Promise<readonly Record<string, unknown>[]> {
    const jobs: Record<string, unknown>[] = []
    for (const { format, body, exportedAt } of files) {
      const query = `format=${format}&exportedAt=${exportedAt.toISOString()}`
      const begun = await this.gateway.text('POST', this.path(`/imports?${query}`), body)
      await this.gateway.settle()
      jobs.push(await this.gateway.admin('GET', this.path(`/imports/${JSON.parse(begun).id}`)))
    }
    return jobs
  }

  /** Compares the gateway's export with the ledger. */
  async compareGateway(): Promise<Comparison> {
    return compared(this.fleet.gateway, found(this.gateway.lines(this.path('/export?format=ndjson'))))
  }

  /**
   * Compares the vendors' data with the ledger: until `local`, they must hold all that phones have sent. Pushwoosh leaves a
   * token at its previous device as well, so doubled ones are not faults.
   */
  async compareVendors(): Promise<Comparison> {
    const held = this.#vendors.flatMap((vendor) =>
      vendor
        .held()
        .map(({ externalId, ...rest }) => ({ ...rest, key: Ledger.key(vendor.dialect, externalId) })),
    )
    return { ...(await compared(this.fleet.vendor, held)), doubled: [] }
  }

  async close(): Promise<void> {
    await this.gateway.close()
    await this.services.close()
  }

  readonly #direct = (dialect: string) => (call: Parameters<SimulatedGateway['call']>[0]) =>
    this.services.call(dialect, call)
}

/**
 * The settings that an Android app requests before it registers; the vendor has them already, and no file
 * contains them.
 */
async function setUpMobileFirst({ call }: SimulatedGateway, keys: Keys): Promise<void> {
  const application = keyText(keys, 'applicationId')
  const [client] = keys.clients as readonly { readonly clientId: string; readonly clientSecret: string }[]
  const basic = Buffer.from(`${client?.clientId}:${client?.clientSecret}`).toString('base64')
  const grant = { grant_type: 'client_credentials', scope: `settings.write push.application.${application}` }
  const { access_token } = await sent(call, {
    ...{ method: 'POST', path: '/mfp/api/az/v1/token', body: new URLSearchParams(grant).toString() },
    headers: { authorization: `Basic ${basic}`, 'content-type': 'application/x-www-form-urlencoded' },
  })
  await sent(call, {
    ...{ method: 'PUT', path: `/imfpush/v1/apps/${application}/settings/gcmConf` },
    headers: { authorization: `Bearer ${access_token}`, 'content-type': 'application/json' },
    body: { apiKey: 'a key of before', senderId: SENDER },
  })
}

/** The devices of the gateway's export, in the ledger's terms. */
async function* found(lines: AsyncIterable<string>): AsyncGenerator<Found> {
  for await (const line of lines) {
    if (line === '') continue
    const { type, dialect, externalId, token, userId, topics, tags } = JSON.parse(line) as Record<
      string,
      unknown
    >
    if (type !== undefined && type !== 'device') continue
    yield {
      key: Ledger.key(String(dialect), String(externalId)),
      ...{ token: token as string | null, user: userId as string | null },
      ...{ topics: topics as readonly string[], tags: tags as Readonly<Record<string, unknown>> },
    }
  }
}
