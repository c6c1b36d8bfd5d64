import type { DialectApp } from './app.ts'
import type { Comparison, Masked } from './comparison.ts'

/** A mirror's rules for one call of a dialect. */
export interface MirroredRoute {
  /** The name under which calls are counted and compared: method and path with `{…}` in place of ids. */
  readonly name: string
  readonly method: string
  /** The route's paths in the router: `{…}` matches one segment, `{…*}` the rest of the path. */
  readonly paths: readonly string[]
  /** The body of a successful vendor answer, by default JSON; `any` is anything except an HTML page. */
  readonly answers?: 'json' | 'nothing' | 'any'
  /** True if the call names a client instead of an app; the vendor's clients are unknown here. */
  readonly ofClient?: boolean
  /** The answer redirects the caller: to the same server, or to the URL in this query parameter. */
  readonly sendsOn?: string
  /** Calls are only forwarded; nothing is stored here. */
  readonly passes?: boolean
  /** The body may be as large as a bulk body. */
  readonly bulk?: boolean
  /** In `shadow`: whether a copy is never sent to the vendor or at most once; by default it is retried until it succeeds. */
  readonly copied?: Copying
  /** The call removes the device. */
  readonly ends?: boolean
  /**
   * The caller's authorization is only valid here: a copy needs the operator's credentials for the vendor, and is not sent
   * without them.
   */
  readonly granted?: boolean
}

/** How often a call is copied that must not be retried. */
export type Copying = 'never' | 'once'

/** A request for the authorization of copies at the vendor. */
export interface GrantRequest {
  /** Path and query. */
  readonly target: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
  /** The `Authorization` header from the answer and its lifetime; null for an answer without one. */
  read(answer: unknown): { readonly authorization: string; readonly seconds: number } | null
}

/** A dialect's rules for sharing calls with its vendor. */
export interface MirroringOf<Request> {
  readonly routes: readonly MirroredRoute[]
  /** Sets of credential members, any of which operators may provide for the gateway's own calls. */
  readonly credentials: readonly (readonly string[])[]
  /** The default of `maxPerSecond`, for vendors with a lower limit than most. */
  readonly maxPerSecond?: number
  /** In `record`, calls can be answered here while the vendor is down: they contain no id or token issued by the vendor. */
  readonly fallsBack?: boolean
  /** Devices take the ids that the vendor assigns; calls with their previous ids still work. */
  readonly renames?: boolean
  /** The dialect's SDKs can be made to register again with their tokens. */
  readonly coaxes?: boolean
  readonly comparison: Comparison
  readonly masked: Masked
  /** The name that identifies an app by its host; absent if hosts do not identify apps. */
  nameOfHost?(host: string): string
  /** Removes members of an answer that would direct the app to another server; all other bytes stay. */
  cleaned?(answer: string): string
  /** Whether the body of an answer with a success status is an error. */
  refuses?(answer: unknown): boolean
  /** Parses a body that is not JSON; undefined if it cannot be parsed. */
  read?(body: Uint8Array): unknown
  /** The form of an answer used for comparison, if it differs from the answer. */
  shown?(answer: unknown): unknown
  /**
   * Runs before a call that the vendor accepted is applied here. Creates what the call needs, such as a device that so far
   * only the vendor had. Returns whether it created anything, in which case both answers may differ.
   */
  prepare?(call: AcceptedOf<Request>): Promise<boolean>
  /** In `record`, before `prepare`: whether the device was unknown here, so that differences mean nothing. */
  unknown?(call: AcceptedOf<Request>): Promise<boolean>
  /** Runs after the call was applied here: stores values of the vendor's answer, above all the ids that it assigned. */
  adopt?(call: HeardOf<Request>): Promise<void>
  /** In `record`: names of the counters and lists that a call adds to; passed to `Lesson.take`. */
  counted?(request: unknown): readonly string[]
  /** Requests to the vendor for a device's state, made once per device; null for a call without a device. */
  lesson?(call: AcceptedOf<Request>): Lesson | null
  /** In `shadow`: like a route's `copied`, for routes where it depends on the request. */
  copying?(request: unknown): Copying | undefined
  /**
   * The id here of the device that a call is about; null for none. Calls of one device are copied in order in `shadow`, and
   * wait in `record` while the vendor is asked about it. If undefined, `shadow` asks again with our answer.
   */
  subject?(call: SubjectOf<Request>): string | null | undefined | Promise<string | null>
  /**
   * In `shadow`: push tokens and vendor ids of the devices that a call creates, removes or gives another token. Copies that
   * share one keep their order, even for different devices here, and no vendor id is requested meanwhile.
   */
  handles?(call: SubjectOf<Request>): Promise<readonly string[]>
  /** In `shadow`: path and query of the copy if the vendor uses other ids than the call; undefined to keep them. */
  copiedTo?(call: SubjectOf<Request>): Promise<string | undefined>
  /** In `shadow`: the authorization of copies of `granted` routes: an `Authorization` header, or a request for one. */
  grant?(credentials: Readonly<Record<string, string>>, target: string): string | GrantRequest
  /** The users that a call names; in `shadow`, an erasure finds waiting copies by them. */
  users?(call: SubjectOf<Request>): readonly string[]
  /** In `shadow`: whether the vendor must answer first, because the app stores the id that it assigns. */
  first?(call: SubjectOf<Request>): Promise<boolean>
  /** In `shadow`: that id from the vendor's answer; null if there is none, and then the answer is not passed on. */
  gives?(call: HeardOf<Request>): string | null
  /** In `shadow`: pairs of our id and the vendor's id for the same object, after a call was copied. */
  pairs?(call: PairsOf): readonly { readonly ours: string; readonly vendor: string }[]
  /**
   * The device whose call is refused once, so that its SDK registers again with its token, with the path and query to ask the
   * vendor whether the device exists; null if the call is not refused.
   */
  coaxed?(
    call: Pick<AcceptedOf<Request>, 'c' | 'app' | 'route'>,
  ): Promise<{ readonly device: string; readonly target: string } | null>
}

/** A call that is answered here. */
export interface SubjectOf<Request> {
  readonly c: Request
  readonly app: DialectApp
  readonly route: MirroredRoute
  readonly request: unknown
  /** Undefined until there is an answer. */
  readonly ours?: unknown
}

/** A call that was answered here and copied to the vendor. */
export interface PairsOf {
  readonly subject: string | null
  readonly route: MirroredRoute
  readonly ours: unknown
  readonly theirs: unknown
}

/** A call that the vendor accepted. */
export interface AcceptedOf<Request> {
  readonly c: Request
  readonly app: DialectApp
  readonly route: MirroredRoute
  /** The parsed body of the request; undefined without a body, or if it cannot be parsed. */
  readonly request: unknown
  readonly theirs: unknown
}

/** An accepted call after it was applied here. */
export interface HeardOf<Request> extends AcceptedOf<Request> {
  readonly ours: unknown
}

/** Requests for a device's state at the vendor. */
export interface Lesson {
  /** The device or user; the vendor is asked once about each. */
  readonly subject: string
  readonly asks: readonly {
    readonly method: string
    /** Path and query. */
    readonly target: string
    readonly body?: unknown
  }[]
  /**
   * Stores the answers, in the order of `asks`; undefined for a refused request. `counted` are values that calls have already
   * added to here; the vendor's values include these additions.
   */
  take(answers: readonly unknown[], counted: ReadonlySet<string>): Promise<void>
}
