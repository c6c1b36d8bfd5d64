import type { DialectApp } from './app.ts'
import type { Comparison, Masked } from './comparison.ts'

/** What a dialect says about one of its calls, for a mirror. */
export interface MirroredRoute {
  /** Under which calls are counted and compared: the method and the path with `{…}` in place of ids. */
  readonly name: string
  readonly method: string
  /** The paths of it, as the router sees them: `{…}` stands for one segment, `{…*}` for all that is left. */
  readonly paths: readonly string[]
  /** What a success of the vendor holds: JSON unless said otherwise; `any` is anything but a page. */
  readonly answers?: 'json' | 'nothing' | 'any'
  /** Names a client instead of an app, and a client of the vendor is none of ours. */
  readonly ofClient?: boolean
  /** Sends the caller on: to the same server, or to where this member of the query says. */
  readonly sendsOn?: string
  /** Only passed on: nothing of it is stored here. */
  readonly passes?: boolean
  /** Takes a body as large as the limit of bulk calls. */
  readonly bulk?: boolean
  /** In `shadow`: never sent to the vendor, or at most once; otherwise until the vendor has it. */
  readonly copied?: Copying
  /** The device has gone then. */
  readonly ends?: boolean
  /**
   * What lets the call in is worth something here alone: a copy needs the operator's credentials for the vendor, and without
   * them it is never sent.
   */
  readonly granted?: boolean
}

/** How a call is copied that may not be sent as often as it takes. */
export type Copying = 'never' | 'once'

/** What a vendor is asked for, so that copies are let in. */
export interface GrantRequest {
  /** Path and query. */
  readonly target: string
  readonly headers: readonly (readonly [string, string])[]
  readonly body: string
  /** The value of `Authorization` that an answer gives, and for how many seconds; null for no such answer. */
  read(answer: unknown): { readonly authorization: string; readonly seconds: number } | null
}

/** How a dialect's calls are shared with its vendor. */
export interface MirroringOf<Request> {
  readonly routes: readonly MirroredRoute[]
  /** What operators may give for calls of our own: any of these sets of members. */
  readonly credentials: readonly (readonly string[])[]
  /** The default of `maxPerSecond`, where the vendor allows less than most. */
  readonly maxPerSecond?: number
  /** In `record`, calls can be answered here while the vendor is down: no id and no token in them is the vendor's. */
  readonly fallsBack?: boolean
  /** Devices get the ids that the vendor gives them: the ones that they had here go on answering. */
  readonly renames?: boolean
  /** Its SDKs can be made to send their tokens once more. */
  readonly coaxes?: boolean
  readonly comparison: Comparison
  readonly masked: Masked
  /** The name by which the app is found that a host is bound to; absent where hosts are not bound to apps. */
  nameOfHost?(host: string): string
  /** Takes out of an answer what would lead the app elsewhere; the rest stays byte for byte. */
  cleaned?(answer: string): string
  /** Whether a success by its status is a refusal by its body. */
  refuses?(answer: unknown): boolean
  /** Reads a body that is not JSON; undefined for what cannot be read. */
  read?(body: Uint8Array): unknown
  /** An answer in the form in which it is compared, where that is another. */
  shown?(answer: unknown): unknown
  /**
   * Before a call that the vendor accepted is applied here: makes what it needs, such as a device that only the vendor knows
   * so far. Returns whether it had to, so that both sides cannot be alike.
   */
  prepare?(call: AcceptedOf<Request>): Promise<boolean>
  /** In `record`, before that: whether the device was unknown here until now, so that a difference says nothing. */
  unknown?(call: AcceptedOf<Request>): Promise<boolean>
  /** After it was applied here: what the vendor's answer says beyond the call, above all the ids that it gave. */
  adopt?(call: HeardOf<Request>): Promise<void>
  /** In `record`: the names of what a call counts up or adds to, as `Lesson.take` gets them. */
  counted?(request: unknown): readonly string[]
  /** What the vendor is asked about a device, once; null for a call that tells of none. */
  lesson?(call: AcceptedOf<Request>): Lesson | null
  /** In `shadow`: the same as a route's `copied`, where it depends on what the call says. */
  copying?(request: unknown): Copying | undefined
  /**
   * The device that a call is about, by its id here, whose calls are copied in their order in `shadow`, and wait in `record` while
   * the vendor is asked about it; null for none. In `shadow` asked again with our answer where it is undefined.
   */
  subject?(call: SubjectOf<Request>): string | null | undefined | Promise<string | null>
  /**
   * In `shadow`: the push tokens and ids by which the vendor knows the devices that a call makes, ends or gives another token. Copies
   * that name the same one keep their order, whichever devices they are of here, and the vendor is asked for no id meanwhile.
   */
  handles?(call: SubjectOf<Request>): Promise<readonly string[]>
  /** In `shadow`: path and query of a copy, where the vendor knows what the call names by another id; undefined as sent. */
  copiedTo?(call: SubjectOf<Request>): Promise<string | undefined>
  /** In `shadow`: what lets copies of `granted` routes in, by the credentials: `Authorization` itself, or how to get it. */
  grant?(credentials: Readonly<Record<string, string>>, target: string): string | GrantRequest
  /** The users whom a call names: in `shadow`, an erasure finds it by them while it waits. */
  users?(call: SubjectOf<Request>): readonly string[]
  /** In `shadow`: whether the vendor has to be asked before the answer, since the id that it gives is kept by the app. */
  first?(call: SubjectOf<Request>): Promise<boolean>
  /** In `shadow`: that id, in the vendor's answer; null for an answer without one, which is not passed on. */
  gives?(call: HeardOf<Request>): string | null
  /** In `shadow`: ids of ours, and the vendor's for the same, after a call was copied. */
  pairs?(call: PairsOf): readonly { readonly ours: string; readonly vendor: string }[]
  /**
   * The device whose call is refused once, so that its SDK registers again with its token, and by what (path and query) the vendor
   * is asked whether it is there to register at; null for no such call.
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
  /** Undefined as long as there is none. */
  readonly ours?: unknown
}

/** A call that was answered here, and copied. */
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
  /** The body of the request; undefined without one that can be read. */
  readonly request: unknown
  readonly theirs: unknown
}

/** The same, applied here. */
export interface HeardOf<Request> extends AcceptedOf<Request> {
  readonly ours: unknown
}

/** What the vendor knows of a device. */
export interface Lesson {
  /** Whom it is about: asked about once. */
  readonly subject: string
  readonly asks: readonly {
    readonly method: string
    /** Path and query. */
    readonly target: string
    readonly body?: unknown
  }[]
  /**
   * The answers in the order of `asks`; undefined for what the vendor refused. Of what is `counted`, which calls have counted up
   * or added to here, the vendor's value has all of it in.
   */
  take(answers: readonly unknown[], counted: ReadonlySet<string>): Promise<void>
}
