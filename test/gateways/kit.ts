import type { Shop } from '../cross/dialects.ts'
import { speakers } from '../cross/speakers.ts'
import type { RequestOptions } from '../harness/harness.ts'
import { type Server, type ServerOptions, startServer } from '../harness/server.ts'

const MASTER_KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='

/** Gateways side by side on one database, and an app that speaks all dialects. */
export interface Site {
  readonly gateways: readonly Server[]
  readonly app: Shop['app']
  /** The app in the form for the dialects' speakers; calls go to the gateways in turn. */
  readonly shop: Shop
  devices(): Promise<readonly ShownDevice[]>
}

interface ShownDevice {
  readonly externalId: string
  readonly dialect: string
  readonly token: string | null
  readonly active: boolean
  readonly topics: readonly string[]
}

export const gatewayOver = (
  url: string,
  env: Readonly<Record<string, string>> = {},
  runtime: ServerOptions['runtime'] = 'node',
) =>
  startServer({
    runtime,
    env: { DATABASE_URL: url, MASTER_KEY, RATE_LIMIT: 'off', LOG_LEVEL: 'silent', ...env },
  })

export async function openSite(
  url: string,
  count: number,
  env: Readonly<Record<string, string>> = {},
): Promise<Site> {
  return siteOf(await Promise.all(Array.from({ length: count }, () => gatewayOver(url, env))))
}

/** The gateways of one database; the first one answers questions about the data. */
export async function siteOf(gateways: readonly Server[]): Promise<Site> {
  const [first] = gateways
  if (!first) throw new Error('a site has a gateway')
  const app = await first.createApp(Object.fromEntries(speakers.map(({ name }) => [name, {}])))
  let calls = 0
  async function request(method: string, path: string, { headers = {}, body }: RequestOptions = {}) {
    const gateway = gateways[calls++ % gateways.length] ?? first
    const json = body !== undefined && typeof body !== 'string'
    return fetch(`${gateway?.origin}${path}`, {
      method,
      headers: { ...(json && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: json ? JSON.stringify(body) : String(body) }),
      signal: AbortSignal.timeout(30_000),
    })
  }
  const setup = (dialect: string, key: string) => String(app.dialects[dialect]?.[key])
  return {
    gateways,
    app,
    // Only the parts that the speakers use.
    shop: { h: { request }, app, setup } as unknown as Shop,
    async devices() {
      const all: ShownDevice[] = []
      let cursor: string | null = ''
      while (cursor !== null) {
        const page = (await first.admin('GET', `/apps/${app.id}/devices?limit=100${cursor}`)) as {
          devices: ShownDevice[]
          nextCursor?: string | null
        }
        all.push(...page.devices)
        cursor = page.nextCursor ? `&cursor=${encodeURIComponent(page.nextCursor)}` : null
      }
      return all
    },
  }
}
