import type { Context, Hono } from 'hono'
import type { ZodType } from 'zod'
import type { DialectSetup } from './domain/app.ts'
import type { GatewayError } from './domain/error.ts'
import type { Clock } from './domain/ids.ts'
import type { Reason } from './domain/refusal.ts'
import type { WebhookEvent } from './domain/webhook.ts'
import type { DialectSetupDraft, SecretDraft } from './gateway/directory.ts'
import type { Gateway } from './gateway/gateway.ts'
import type { Limits } from './limits/limits.ts'
import type { RateLimits } from './limits/rate-limit.ts'
import type { Outbound } from './outbound/outbound.ts'

/** How a request looks from outside. Each is worked out when it is asked for: most requests never ask. */
export interface Outside {
  /** Who calls, as limits count it. */
  readonly address: string
  /** What the caller wrote before the path: scheme and host, and the folder where `PUBLIC_URL` has one. */
  readonly origin: string
  /** What a link needs in front of its path: nothing where the caller's own address leads back here. */
  readonly base: string
  /** The name and port under which the caller reached us. */
  readonly host: string
}

/** What every request carries. */
export interface AppEnv {
  Bindings: Record<string, unknown>
  Variables: {
    gateway: Gateway
    limits: Limits
    /** Ours, and the cause in the history of whatever the request changes. */
    requestId: string
    /** What the answer and the log call the request: the caller's own id where it is a sane one. */
    answerId: string
    /** The time, for what a dialect checks itself. */
    now: Clock
    /** Who calls and at which address, as it is from outside: behind believed proxies too. */
    outside: Outside
    /** Says that a job was made, so that its first steps need not wait for the next timer. */
    wakeJobs: () => void
    /** `wire/credentials.ts` and `wire/tenant.ts` count. */
    rates: RateLimits
    /** The one way to call another server. */
    outbound: Outbound
    /** The dialect whose prefix the path has; a claimed request that proves to be nobody's is disowned by unsetting it. */
    adapter?: Adapter | undefined
    /** The id of the app once it is known, for the log. */
    appId?: string
    /** What the caller named its app, key or client by, masked; `tried` in wire/refused.ts notes it. */
    identifier?: string
    /** Why the request is refused, if it is. */
    refused?: readonly Reason[]
  }
}

/** A request to any route, with its answer. */
export type Request = Context<AppEnv, string>

/** A secret of an app, as a dialect's part of the app document gives it or as it was generated. */
export interface SecretPlan extends SecretDraft {
  /** It was made here, so that the operator has to be shown it once. */
  readonly generated?: boolean
}

/** An app's setup in a dialect, complete. */
export type DialectPlan = DialectSetupDraft<SecretPlan>

/** A live secret as it may be shown: `secret` only right after it was generated. */
export interface ShownSecret {
  readonly kind: string
  readonly name: string | null
  readonly scopes: readonly string[]
  readonly secret?: string
}

/** How the administration sets an app up in a dialect. `Document` is the dialect's part of the app document. */
export interface Provisioning<Document = never> {
  /** Strict: an unknown key is the operator's mistake. */
  readonly schema: ZodType<Document>
  /** Completes a document, generating what was left out; `known` is what the app has already, on a change. */
  plan(document: Document, known?: DialectSetup): DialectPlan
  /** One further secret. Throws `invalid` for a kind that the dialect does not have. */
  secret(request: SecretRequest): SecretPlan
  /** The document of a setup, without any secret that is not given here. */
  show(setup: DialectSetup, secrets: readonly ShownSecret[]): Readonly<Record<string, unknown>>
}

/** What an operator asks for when adding a credential; all but the kind may be left out and is then generated. */
export interface SecretRequest {
  readonly kind?: string | undefined
  readonly name?: string | undefined
  readonly secret?: string | undefined
  readonly scopes?: readonly string[] | undefined
}

/** A variable of the configuration that is one dialect's own. */
export interface Variable<Value = unknown> {
  /** Of its text; undefined where it is not set, which must be fine. Faults say what it must be. */
  readonly schema: ZodType<Value>
  /** For operators. */
  readonly help: string
}
export type Variables = Readonly<Record<string, Variable>>

/** What the variables of a dialect say, by name. */
export type Settings<Of extends Variables = Variables> = {
  readonly [Name in keyof Of]: Of[Name] extends Variable<infer Value> ? Value : never
}

/** What a webhook is sent by POST, as JSON. */
export type WebhookBody = Readonly<Record<string, unknown>>

/** How a dialect words its webhooks. */
export interface WebhookForm {
  /** The body for an event; `identifier` is the app's. */
  body(event: WebhookEvent, identifier: string): WebhookBody
}

/** What a dialect lets web pages do: any page may call and read every answer under its prefixes, refusals included. */
export interface CrossOrigin {
  readonly allowMethods: readonly string[]
  /** By name: `*` does not cover Authorization (Fetch standard, "CORS-preflight fetch"). */
  readonly allowHeaders: readonly string[]
  readonly exposeHeaders?: readonly string[]
  /**
   * Whether a page may ask with `credentials: include`: then its origin is answered, since `*` is not enough. No harm,
   * as long as a request acts by the key it carries, never by a cookie.
   */
  readonly credentials?: boolean
  /** Seconds for which a browser may remember a preflight. */
  readonly maxAge: number
}

/** One vendor's API. It holds no rules and no SQL. */
export interface Adapter {
  /** The dialect's name: in the admin API, in logs, in the store and in test titles. */
  readonly name: string
  /** The path prefixes that are this dialect's: nothing outside them is, and everything inside answers in its shape. */
  readonly bases: readonly `/${string}`[]
  /** Whether an empty segment inside a path means something here; else doubled slashes are one. */
  readonly emptySegments?: boolean
  /**
   * For a dialect whose paths no prefix tells apart: where a request outside every base is routed to, below this
   * dialect's own base `/~…`, or null where the path does not have its form. The segments are as they were sent. From
   * outside, no path that begins with `/~` exists.
   */
  claim?(segments: readonly string[]): `/~${string}` | null
  readonly provisioning: Provisioning
  /** What web pages may do under the bases; without it, none may read an answer. */
  readonly crossOrigin?: CrossOrigin
  /** Routes with whole paths, all under the bases. Built once at start, without I/O. */
  routes(): Hono<AppEnv>
  /** The only place where this dialect's error bodies are made. Total: any code, any request. */
  fail(error: GatewayError, c: Context<AppEnv>): Response
  /** A shell command that registers an Android phone with an FCM token, for an app's document as `provisioning.show` made it. */
  example(document: Readonly<Record<string, unknown>>, origin: string, token: string): string
  /** Present if apps may ask for webhooks in this dialect: changes of their devices are then announced. */
  readonly webhooks?: WebhookForm
  /** Its own variables, where it has some; made by `configurable`. */
  readonly variables?: Variables
  /** The same dialect under other settings; the adapter itself has the default ones. */
  configured?(settings: Settings): Adapter
}

/** The adapters under a configuration: their settings by the names of the dialects. */
export const configured = (
  adapters: readonly Adapter[],
  { dialects }: { readonly dialects: Readonly<Record<string, Settings>> },
): readonly Adapter[] =>
  adapters.map((adapter) => {
    const settings = dialects[adapter.name]
    return settings === undefined ? adapter : (adapter.configured?.(settings) ?? adapter)
  })

/** A dialect with variables of its own, as it is where none is set. */
export function configurable<Of extends Variables>(
  variables: Of,
  dialect: (settings: Settings<Of>) => Adapter,
): Adapter {
  const under = (settings: Settings): Adapter => ({
    // Read by the very schemas that `Of` is inferred from.
    ...dialect(settings as Settings<Of>),
    variables,
    configured: under,
  })
  const unset = Object.entries(variables).map(([name, { schema }]) => [name, schema.parse(undefined)])
  return under(Object.fromEntries(unset))
}

/** Closes over the document type, so that a list of adapters needs no casts. */
export function provisioning<Document>(of: Provisioning<Document>): Provisioning {
  // The schema parses before the plan sees a document: the two halves always meet in the same adapter.
  return of as unknown as Provisioning
}
