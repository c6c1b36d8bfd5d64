import type { Context, Hono } from 'hono'
import type { ZodType } from 'zod'
import type { Sending } from './delivery/rendering.ts'
import type { Credential, DialectApp, DialectSetup } from './domain/app.ts'
import type { GatewayError } from './domain/error.ts'
import type { Clock } from './domain/ids.ts'
import type { AcceptedOf, HeardOf, MirroringOf, SubjectOf } from './domain/mirroring.ts'
import type { Operator } from './domain/operator.ts'
import type { Reason } from './domain/refusal.ts'
import type { WebhookForm } from './domain/webhook.ts'
import type { Offers } from './gateway/adoption.ts'
import type { DialectSetupDraft, SecretDraft } from './gateway/directory.ts'
import type { Gateway } from './gateway/gateway.ts'
import type { Limits } from './limits/limits.ts'
import type { RateLimits } from './limits/rate-limit.ts'
import type { Outbound } from './outbound/outbound.ts'
import type { ImportTerms } from './transfer/format.ts'

/** How the caller sees the gateway, behind trusted proxies too. Computed lazily: most requests do not need it. */
export interface Outside {
  /** The caller's address, in the form that rate limits count. */
  readonly address: string
  /** The base URL that the caller used: scheme and host, plus the path of `PUBLIC_URL` if it has one. */
  readonly origin: string
  /** The prefix for links: empty if a relative link reaches us, else the origin. */
  readonly base: string
  /** The host name and port that the caller used. */
  readonly host: string
}

/**
 * The variables of every request: those that every handler needs, and two records for those that only some
 * need.
 */
export interface AppEnv {
  Bindings: Record<string, unknown>
  Variables: {
    gateway: Gateway
    limits: Limits
    /** The clock, for a dialect's own checks. */
    now: Clock
    outside: Outside
    /** Our own request id, recorded in the history as the cause of changes. */
    requestId: string
    /** The way to the request's app; in routes of dialects only. */
    tenant: Tenancy
    services: Services
    notes: Notes
  }
}

/** Services of the runtime for the few handlers that need them; the same for all requests. */
export interface Services {
  /** The only way to call another server. */
  readonly outbound: Outbound
  /** Consumed by `wire/credentials.ts`. */
  readonly rates: RateLimits
  /** Signals a new job, so that its first steps do not wait for the timer. */
  wakeJobs(c: Context<AppEnv>): void
  /** Lets work that the answer does not wait for continue after it; the work must not reject. */
  later(c: Context<AppEnv>, work: Promise<void>): void
  /** The body, if the runtime already has all of it and can provide it without a copy. */
  readonly arrived?: ((c: Context<AppEnv>) => Promise<Uint8Array<ArrayBuffer> | undefined>) | undefined
}

/** Data that is collected during a request, for its log line and the list of refusals. */
export interface Notes {
  /** Where the runtime itself adds headers to every answer. */
  readonly house?: HouseHeaders | undefined
  /** The request id in the answer and the log: the caller's own if it is well-formed. */
  readonly answerId: string
  /** The dialect that owns the path; a dialect disowns a wrongly claimed request by unsetting it. */
  adapter?: Adapter | undefined
  /** The app's id once it is known. */
  app?: string
  /**
   * Set while a call is applied here that the app's vendor has accepted: the vendor's answer is the
   * authorization.
   */
  vendor?: { readonly answer: unknown }
  /** The caller of an administrative call. */
  operator?: Operator
  /** The masked identifier of the app, key or client, of a refused request. */
  identifier?: string | undefined
  /** The reasons for a refusal. */
  readonly refused: Reason[]
}

/** Headers that are added to whatever is answered, by name. */
export type HouseHeaders = Record<string, string>

/** The context of a request to any route. */
export type Request = Context<AppEnv, string>

/** How a request names its app, as far as the request alone can tell. */
export interface Identity {
  /** The identifier as the caller sent it: of the app, of a client, or the key that names both. Logged masked. */
  readonly sent: string
  /** The credential that came with the identifier; logged instead of it, masked, once the app is known. */
  readonly credential?: string | undefined
  /**
   * How the app is found: by its identifier in normalized form, or by a secret that identifies it. Absent if
   * no app can have the identifier, or if only the dialect can resolve it, such as a client's id.
   */
  readonly by?: { readonly name: string } | { readonly secret: string } | undefined
}

/** The app that a request was found to belong to. */
export interface Tenant {
  readonly app: DialectApp
  /** The credential by which it was found; null if it was found by its name, which authenticates nothing. */
  readonly credential: Credential | null
}

/**
 * The only way from a request to its app (http/tenancy.ts); counts the request against the app's limit and
 * records the app for the log. The dialect decides when, because the order of its errors is part of its
 * contract.
 */
export interface Tenancy {
  /** The app that `identify` names; null if there is none. Throws `rate_limited`. */
  find(): Promise<Tenant | null>
  /** For an app that the dialect found by other means, such as an access token. Throws `rate_limited`. */
  enter(app: DialectApp): Promise<void>
  /**
   * The app that `find` would return, without counting the request; null if there is none or it cannot be
   * determined. Never throws.
   */
  peek(): Promise<DialectApp | null>
}

/** An app's secret, from the app document or generated. */
export interface SecretPlan extends SecretDraft {
  /** Generated by us, so the operator must be shown it once. */
  readonly generated?: boolean
}

/** An app's complete setup in a dialect. */
export type DialectPlan = DialectSetupDraft<SecretPlan>

/** A secret for display; `secret` is set only right after it was generated. */
export interface ShownSecret {
  readonly kind: string
  readonly name: string | null
  readonly scopes: readonly string[]
  readonly secret?: string
}

/** Sets up an app in a dialect. `Document` is the dialect's part of the app document. */
export interface Provisioning<Document = never> {
  /** Must be strict: unknown keys are mistakes of the operator. */
  readonly schema: ZodType<Document>
  /** Completes a document, generating absent values; in a change, `known` is the current setup. */
  plan(document: Document, known?: DialectSetup): DialectPlan
  /** Plans an additional secret. Throws `invalid` for a kind that the dialect does not have. */
  secret(request: SecretRequest): SecretPlan
  /** The document of a setup; contains only secrets passed here. */
  show(setup: DialectSetup, secrets: readonly ShownSecret[]): Readonly<Record<string, unknown>>
}

/** An operator's request for a new credential; absent values except the kind are generated. */
export interface SecretRequest {
  readonly kind?: string | undefined
  readonly name?: string | undefined
  readonly secret?: string | undefined
  readonly scopes?: readonly string[] | undefined
}

/** A configuration variable of one dialect. */
export interface Variable<Value = unknown> {
  /** Parses the text; must accept undefined for an unset variable. Its messages say what the value must be. */
  readonly schema: ZodType<Value>
  /** A description for operators. */
  readonly help: string
}
export type Variables = Readonly<Record<string, Variable>>

/** The parsed variables of a dialect, by name. */
export type Settings<Of extends Variables = Variables> = {
  readonly [Name in keyof Of]: Of[Name] extends Variable<infer Value> ? Value : never
}

/** A dialect's CORS policy: every page may call and read every answer under its bases, refusals included. */
export interface CrossOrigin {
  readonly allowMethods: readonly string[]
  /** By name: `*` does not cover Authorization (Fetch standard, "CORS-preflight fetch"). */
  readonly allowHeaders: readonly string[]
  readonly exposeHeaders?: readonly string[]
  /**
   * Allows `credentials: include` by echoing the page's origin, because `*` does not suffice. Safe as long as requests
   * are authorized by a key they carry, never by a cookie.
   */
  readonly credentials?: boolean
  /** Seconds for which a browser may cache a preflight. */
  readonly maxAge: number
}

/** One vendor's API: translation only, no business rules and no SQL. */
export interface Adapter {
  /** The dialect's name: in the admin API, in logs, in the store and in test titles. */
  readonly name: string
  /** The path prefixes that this dialect owns. Everything below them is answered in its format. */
  readonly bases: readonly `/${string}`[]
  readonly provisioning: Provisioning
  /**
   * Determines from path, headers or, if it is nowhere else, the body which app a request is for; null if it
   * names none. Must not use the gateway, and may throw: then the request names none. Reads the body only
   * with `wire/body.ts`, which keeps it for the handler, and with the handler's own limit.
   */
  identify(c: Request): Identity | null | Promise<Identity | null>
  /** Routes with full paths, all under the bases. Built once at start, without I/O. */
  routes(): Hono<AppEnv>
  /** The only place that renders this dialect's error bodies. Must handle every code and every request. */
  fail(error: GatewayError, c: Context<AppEnv>): Response
  /** A shell command that registers an Android phone with an FCM token; takes a document from `provisioning.show`. */
  example(document: Readonly<Record<string, unknown>>, origin: string, token: string): string
  /** Optional capabilities; empty for most dialects. */
  readonly capabilities: Capabilities
}

/**
 * Capabilities that only some dialects have. The gateway checks for a capability by its name, never for the
 * dialect.
 */
export interface Capabilities {
  /** How its paths are read, if they are not plain paths below fixed prefixes. */
  readonly paths?: PathForms
  /** CORS under the bases; without it, web pages cannot read answers. */
  readonly crossOrigin?: CrossOrigin
  /** The dialect's webhooks for events of devices or messages. */
  readonly webhooks?: WebhookForm
  readonly offers?: Offers
  /** Messages for the dialect's devices, in the form that its SDKs display and report. */
  readonly sending?: Sending
  /** Its calls can be shared with the vendor. */
  readonly mirror?: Mirroring
  /**
   * How it imports devices from its vendor or elsewhere; without it, no file can be imported into the
   * dialect.
   */
  readonly imports?: ImportTerms
  /** The dialect's own configuration variables; set by `configurable`. */
  readonly configuration?: Configuration
}

/** How a dialect's calls are shared with its vendor. */
export type Mirroring = MirroringOf<Request>
export type Accepted = AcceptedOf<Request>
export type Heard = HeardOf<Request>
export type Answered = SubjectOf<Request>

/** How a dialect's paths are read. */
export interface PathForms {
  /** Whether empty path segments are significant; otherwise repeated slashes are folded. */
  readonly emptySegments?: boolean
  /**
   * For a dialect without a fixed path prefix: maps a request outside every base to a path below this dialect's
   * internal base `/~…`, or returns null if the path does not have its form. The segments are not decoded. Paths that
   * begin with `/~` cannot be requested from outside.
   */
  claim?(segments: readonly string[]): `/~${string}` | null
}

/** A dialect's own variables, and the dialect under them. */
export interface Configuration {
  readonly variables: Variables
  /** The same dialect with other settings; the adapter itself has the defaults. */
  under(settings: Settings): Adapter
}

/** Applies the dialects' settings to their adapters. */
export const configured = (
  adapters: readonly Adapter[],
  { dialects }: { readonly dialects: Readonly<Record<string, Settings>> },
): readonly Adapter[] =>
  adapters.map((adapter) => {
    const settings = dialects[adapter.name]
    return settings === undefined ? adapter : (adapter.capabilities.configuration?.under(settings) ?? adapter)
  })

/** An adapter with its own variables, initially with default settings. */
export function configurable<Of extends Variables>(
  variables: Of,
  dialect: (settings: Settings<Of>) => Adapter,
): Adapter {
  const under = (settings: Settings): Adapter => {
    // Safe cast: the settings were parsed by the schemas from which `Of` is inferred.
    const adapter = dialect(settings as Settings<Of>)
    return { ...adapter, capabilities: { ...adapter.capabilities, configuration: { variables, under } } }
  }
  const unset = Object.entries(variables).map(([name, { schema }]) => [name, schema.parse(undefined)])
  return under(Object.fromEntries(unset))
}

/** Hides the document type. Safe cast: `plan` only receives documents parsed by the `schema` of the same adapter. */
export const provisioning = <Document>(typed: Provisioning<Document>): Provisioning =>
  typed as unknown as Provisioning
