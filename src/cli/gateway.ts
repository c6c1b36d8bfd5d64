import { adminBase, createClient, type GatewayClient, type Problem } from '../client/client.ts'
import { type Context, chosenContext } from './contexts.ts'
import { EXIT, Fault } from './faults.ts'

/** The gateway that a command talks to. */
export interface Remote {
  readonly url: string
  readonly client: GatewayClient
  /**
   * A call with a streamed body or answer, or one that the client's types do not cover. Returns a successful
   * answer.
   */
  raw(method: string, path: string, init?: RawInit): Promise<Response>
  /** An app's id, found by its id or name. */
  appId(named: string): Promise<string>
}

interface RawInit {
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: BodyInit
  readonly signal?: AbortSignal
}

interface Chosen {
  readonly url?: string | undefined
  readonly context?: string | undefined
}

export const remote = (chosen: Chosen): Remote => remoteAt(chosenContext(process.env, chosen))

export function remoteAt({ url, token }: Context): Remote {
  const reach = async (request: Request): Promise<Response> => {
    try {
      return await fetch(request)
    } catch (error) {
      throw unreachable(url, error)
    }
  }
  const client = createClient({ url, token, fetch: reach })
  return {
    url,
    client,
    async raw(method, path, init = {}) {
      const headers = { Authorization: `Bearer ${token}`, ...init.headers }
      const streamed = init.body instanceof ReadableStream && { duplex: 'half' }
      const response = await reach(
        new Request(`${adminBase(url)}${path}`, { ...init, ...streamed, method, headers } as RequestInit),
      )
      if (response.ok) return response
      throw refused(response, await problemOf(response))
    },
    async appId(named) {
      const one = await client.GET('/apps/{app}', { params: { path: { app: named } } })
      if (one.data) return one.data.id
      if (one.response.status !== 404) throw refused(one.response, one.error)
      const found = await byName(client, named)
      const [first] = found
      if (first === undefined) throw new Fault(EXIT.refused, `There is no app ${named}.`)
      if (found.length > 1)
        throw new Fault(EXIT.refused, `${found.length} apps are called ${named}: ${found.join(', ')}.`)
      return first
    },
  }
}

async function byName(client: GatewayClient, name: string): Promise<readonly string[]> {
  const found: string[] = []
  let cursor: string | undefined
  do {
    const page = answered(
      await client.GET('/apps', { params: { query: { limit: 100, ...(cursor && { cursor }) } } }),
    )
    found.push(...page.apps.filter((app) => app.name === name).map(({ id }) => id))
    cursor = page.nextCursor
  } while (cursor !== undefined)
  return found
}

/** The body of a success. Throws for a problem. */
export function answered<T>(call: { data?: T; error?: unknown; response: Response }): T {
  if (call.response.ok) return call.data as T
  throw refused(call.response, call.error)
}

function refused({ status, headers }: Response, body: unknown): Fault {
  const problem = (typeof body === 'object' && body !== null ? body : {}) as Partial<Problem>
  const faults = (problem.errors ?? []).map(({ path, message }) => `\n  ${path}: ${message}`).join('')
  const said = problem.detail ?? problem.title ?? `The gateway answered ${status}.`
  const wait = headers.get('Retry-After')
  const later = status === 429 || status === 503
  return new Fault(
    later ? EXIT.unreachable : EXIT.refused,
    `${faults ? 'Invalid request:' : said}${faults}${later && wait ? ` Try again in ${wait} s.` : ''}`,
    { ...problem, status },
  )
}

async function problemOf(response: Response): Promise<unknown> {
  const text = await response.text().catch(() => '')
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function unreachable(url: string, error: unknown): Fault {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause)
  return new Fault(EXIT.unreachable, `No answer from ${url}: ${code}.`)
}
