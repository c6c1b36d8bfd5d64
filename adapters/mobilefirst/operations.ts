import { Hono } from 'hono'
import type { AppEnv, Request } from '../../src/adapter.ts'
import type { DialectApp } from '../../src/domain/app.ts'
import { GatewayError } from '../../src/domain/error.ts'
import type { Json } from '../../src/wire/json.ts'
import { hasNul, refuseBrokenEscapes } from '../../src/wire/path.ts'
import { applicationOf, authenticate, authorize, type Caller, type MobileUse } from './caller.ts'
import { readObject, requireAcceptable, requireType } from './negotiation.ts'

/** An operation of section 3. */
export interface Operation {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** The path below the mount; `:app` stands for the application. */
  readonly path: string
  /** Any of these scopes suffices; the documented one comes first. */
  readonly scopes: readonly string[]
  readonly mobile?: MobileUse
  /** Whether 406 is documented; otherwise Accept is ignored. */
  readonly negotiated: boolean
  readonly body?: 'json' | 'multipart'
  /** Allows no trailing slash: URL libraries turn `…/devices/..` into such a path, which must not match. */
  readonly exact?: boolean
}

/** The input of a handler, after the common checks. */
export interface Call {
  readonly c: Request
  readonly caller: Caller
  readonly app: DialectApp
  /** Empty if the operation takes no JSON. */
  readonly body: Json
}
/** For operations without an application in their path. */
export type AppsCall = Omit<Call, 'app'>

/** Registers operations under every mount; a trailing slash is ignored (section 2). */
export function operations(mounts: readonly string[]) {
  const routes = new Hono<AppEnv>()

  function on(operation: Operation, answer: (c: Request) => Promise<Response>): void {
    const ends = operation.exact ? [''] : ['', '/']
    const paths = mounts.flatMap((mount) => ends.map((end) => `${mount}${operation.path}${end}`))
    routes.on(operation.method, paths, answer)
  }

  return {
    routes,

    /** An operation on one application; checks token, scope, application, Accept, Content-Type, JSON, in that order. */
    app(operation: Operation, answer: (call: Call) => Promise<Response>): void {
      on(operation, async (c) => {
        refuseBadPath(c)
        const application = c.req.param('app') ?? ''
        const caller = await authenticate(c, application)
        authorize(caller, { anyOf: operation.scopes, application }, operation.mobile ?? 'never')
        const app = await applicationOf(c, caller, application)
        return answer({ c, caller, app, body: await checkedBody(c, operation) })
      })
    },

    /** An operation on the list of applications. */
    apps(operation: Operation, answer: (call: AppsCall) => Promise<Response>): void {
      on(operation, async (c) => {
        const caller = await authenticate(c, null)
        authorize(caller, { anyOf: operation.scopes, application: null }, 'never')
        return answer({ c, caller, body: await checkedBody(c, operation) })
      })
    },
  }
}
export type Operations = ReturnType<typeof operations>

async function checkedBody(c: Request, { negotiated, body }: Operation): Promise<Json> {
  if (negotiated) requireAcceptable(c)
  if (body === undefined) return {}
  requireType(c, body === 'json' ? 'application/json' : 'multipart/form-data')
  return body === 'json' ? readObject(c) : {}
}

/** Refuses broken escapes and U+0000 (section 2, section 13, R22). */
function refuseBadPath(c: Request): void {
  refuseBrokenEscapes(c.req.url)
  if (hasNul(c.req.url)) throw new GatewayError('bad_path', 'The path holds U+0000.')
}

/** The scopes of an operation marked ◆ in the contract, for which `devices.write` suffices too. */
export const orDevicesWrite = (scope: string): readonly string[] => [scope, 'devices.write']

/** The public URL of a resource in an application, under the mount that the request used. */
export function link(c: Request, app: DialectApp, ...segments: readonly string[]): string {
  const { path } = c.req
  const mount = path.slice(0, path.indexOf('/imfpush/v1') + '/imfpush/v1'.length)
  return [`${c.get('outside').origin}${mount}/apps`, app.identifier, ...segments]
    .map((part, i) => (i === 0 ? part : encodeURIComponent(part)))
    .join('/')
}
