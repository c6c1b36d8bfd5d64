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
  /** Takes a body as large as the limit of bulk calls. */
  readonly bulk?: boolean
}
