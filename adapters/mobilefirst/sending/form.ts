import type { Json } from '../../../src/domain/message.ts'
import type { Body } from './body.ts'

/** The parts of a message and its recipient that a renderer needs. */
export interface Rendering {
  readonly body: Body
  /** The settings for the recipient's push service. */
  readonly of: Json
  /** In the recipient's language. */
  readonly text: (text: unknown) => string | undefined
  readonly cloud: boolean
}

/** A push in the service's own form, before an operator's overrides and the envelope. */
export interface Form {
  readonly document: Json
  readonly collapse?: unknown
}
