import type { MiddlewareHandler } from 'hono'
import type { Adapter, AppEnv } from '../../adapter.ts'
import type { Masked } from '../../domain/comparison.ts'
import type { MirroredRoute } from '../../domain/mirroring.ts'
import type { Recorded } from '../../domain/recorded.ts'
import { type Shape, shapeOf } from '../../domain/shape.ts'
import { walk } from '../../mirror/mask.ts'
import { routeFinder } from '../../mirror/routes.ts'
import { readBytes } from '../../wire/body.ts'
import type { Lines } from './files.ts'

export interface RecorderOptions {
  /** The share of the calls of each route; the first call of a route is always recorded. */
  readonly share: number
  readonly standIn: (text: string) => string
  readonly lines: Lines
  readonly now: () => number
}

/** Larger bodies, and bodies other than JSON, are not recorded. */
const LARGEST = 65_536
const SECRET = /secret|password|^auth|authorization|access_token|refresh_token|assertion/i
const PARAMETER = /^(d|device|user|person|token|client|subscription|secret|key)/i
const OPAQUE = /^[0-9A-F]{8}-(?:[0-9A-F]{4}-){3}[0-9A-F]{12}$|\d{6}/i
const DROPPED = 'dropped'
const UNREAD = Symbol('unread')

/** Records a share of the calls of a dialect. Null if the dialect does not declare its routes. */
export function createRecorder(options: RecorderOptions) {
  return (adapter: Adapter): MiddlewareHandler<AppEnv> | null => {
    const { mirror } = adapter.capabilities
    if (!mirror) return null
    const find = routeFinder(mirror.routes)
    const seen = new Map<string, number>()
    return async (c, next) => {
      const route = find(c.req.method, c.req.path)
      if (!route || !isDrawn(seen, route.name, options.share)) return next()
      const body = await requestBody(c)
      await next()
      if (body === undefined) return
      const answer = (await jsonOf(c.res.clone())) ?? null
      const identifier = (await c.get('tenant')?.peek())?.identifier
      const masking = maskingOf(mirror.masked, options.standIn, identifier)
      const [path, query] = masking.address(c.req.url, route)
      const record: Recorded = {
        ...{ at: new Date(options.now()).toISOString(), dialect: adapter.name, route: route.name },
        ...{ method: c.req.method, path: query === '' ? path : `${path}?${query}` },
        ...{ type: c.req.header('content-type') ?? null, body: masking.body(body) },
        answer: {
          status: c.res.status,
          shape: shapeIn(answer, masking.body),
          ids: answer === UNREAD ? {} : masking.ids(answer),
        },
      }
      options.lines.write(JSON.stringify(record))
    }
  }
}

/** `unread` if the answer was too large to be inspected. */
function shapeIn(answer: unknown, masked: (value: unknown) => unknown): Shape | null {
  if (answer === UNREAD) return 'unread'
  return answer === null ? null : shapeOf(masked(answer))
}

/** Distributed evenly over the calls of a route. */
function isDrawn(seen: Map<string, number>, route: string, share: number): boolean {
  const count = seen.get(route) ?? 0
  seen.set(route, count + 1)
  return count === 0 || Math.floor((count + 1) * share) > Math.floor(count * share)
}

/** Null without a body, undefined for one that is not recorded. */
async function requestBody(c: Parameters<MiddlewareHandler<AppEnv>>[0]): Promise<unknown> {
  if (c.req.method === 'GET' || c.req.method === 'HEAD' || !c.req.raw.body) return null
  if (Number(c.req.header('content-length') ?? LARGEST + 1) > LARGEST) return undefined
  const bytes = await readBytes(c, LARGEST).catch(() => null)
  if (bytes === null) return undefined
  if (bytes.byteLength === 0) return null
  return parsed(new TextDecoder().decode(bytes))
}

/** The JSON of an answer; `UNREAD` if it is larger than the limit. The caller does not wait for this. */
async function jsonOf({ headers, body }: Response): Promise<unknown> {
  if (!body || !headers.get('content-type')?.includes('json')) return undefined
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    size += part.length
    if (size > LARGEST) return UNREAD
    parts.push(part)
  }
  return parsed(Buffer.concat(parts).toString())
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Replaces personal values, in the dialect's own terms; the app's own id stays. */
function maskingOf(rules: Masked, standIn: (text: string) => string, identifier: string | undefined) {
  const one = (text: string) => (text === identifier ? text : standIn(text))
  const body = (value: unknown): unknown =>
    retyped(
      value,
      walk(dropped(value), rules, null, (text, kind) => (kind === null ? text : one(text))),
    )
  const named = (name: string, value: string): string => {
    if (SECRET.test(name)) return DROPPED
    const masked = body({ [name]: value }) as Readonly<Record<string, string>>
    const found = masked[name] ?? value
    return found === value && value !== identifier && OPAQUE.test(value) ? standIn(value) : found
  }
  return {
    body,
    /** The path and query. */
    address(url: string, route: MirroredRoute): readonly [string, string] {
      const { pathname, searchParams } = new URL(url)
      const query = new URLSearchParams([...searchParams].map(([name, value]) => [name, named(name, value)]))
      return [
        pathOf(pathname, route, (name, value) =>
          PARAMETER.test(name) && value !== identifier ? standIn(value) : named(name, value),
        ),
        query.toString(),
      ]
    },
    /** The stand-ins in an answer, by their paths. */
    ids(value: unknown): Readonly<Record<string, string>> {
      const found: Record<string, string> = {}
      const look = (was: unknown, is: unknown, path: readonly string[]): void => {
        if (typeof was === 'string' && typeof is === 'string' && was !== is && is !== DROPPED)
          found[path.join('.')] = is
        if (typeof was !== 'object' || was === null || path.length > 4) return
        for (const [name, inner] of Object.entries(was).slice(0, 50))
          look(inner, (is as Readonly<Record<string, unknown>> | null)?.[name], [...path, name])
      }
      look(value, body(value), [])
      return found
    },
  }
}

/** A path with its parameter values replaced. */
function pathOf(path: string, route: MirroredRoute, value: (name: string, text: string) => string): string {
  const segments = path.split('/')
  const pattern = route.paths
    .map((one) => one.split('/'))
    .find((parts) =>
      parts.every((part, at) => part.startsWith('{') || part === segments[at] || part.includes('{')),
    )
  return segments
    .map((segment, at) => {
      const part = pattern?.[Math.min(at, pattern.length - 1)] ?? '{}'
      const name = /\{([^}*]*)\*?\}/.exec(part)?.[1]
      return name === undefined ? segment : encodeURIComponent(value(name, decoded(segment)))
    })
    .join('/')
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    return segment
  }
}

/** Removes the values of members whose names mark them as secrets. */
function dropped(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(dropped)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [
      name,
      SECRET.test(name) && typeof one === 'string' ? DROPPED : dropped(one),
    ]),
  )
}

/** Numbers stay unchanged, because they are part of the call's form. */
function retyped(was: unknown, is: unknown): unknown {
  if (typeof was === 'number' && typeof is === 'string') return Number(is)
  if (typeof was !== 'object' || was === null || typeof is !== 'object' || is === null) return is
  const inner = Object.values(was)
  if (Array.isArray(is)) return is.map((one, at) => retyped(inner[at], one))
  return Object.fromEntries(Object.entries(is).map(([name, one], at) => [name, retyped(inner[at], one)]))
}
