import type { Shape } from './shape.ts'

/** A call as it is kept: whoever reads it learns what was asked and how, and not of whom. */
export interface Recorded {
  readonly at: string
  readonly dialect: string
  readonly route: string
  readonly method: string
  /** With its query. */
  readonly path: string
  readonly type: string | null
  /** JSON; null for none. */
  readonly body: unknown
  readonly answer: {
    readonly status: number
    readonly shape: Shape | null
    /** What stands for ids in the answer, by where they are: a later call may name them. */
    readonly ids: Readonly<Record<string, string>>
  }
}
