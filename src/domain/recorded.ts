import type { Shape } from './shape.ts'

/** A recorded call, stripped of personal data: it shows the form of the request, not whom it was about. */
export interface Recorded {
  readonly at: string
  readonly dialect: string
  readonly route: string
  readonly method: string
  /** Path and query. */
  readonly path: string
  readonly type: string | null
  /** JSON; null without a body. */
  readonly body: unknown
  readonly answer: {
    readonly status: number
    readonly shape: Shape | null
    /** Placeholders for ids in the answer, by path; later recorded calls may refer to them. */
    readonly ids: Readonly<Record<string, string>>
  }
}
