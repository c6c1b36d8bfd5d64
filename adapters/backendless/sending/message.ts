import type { Json } from '../../../src/domain/message.ts'

/**
 * The parts of a message that may differ by platform. Undefined members count as absent, because a message is
 * stored as JSON.
 */
export interface Form {
  /**
   * By the vendor's names (section 6.3), such as `ios-alert-title` and `android-content-text`, plus the
   * caller's own.
   */
  readonly headers: Readonly<Record<string, string>>
  /** Further members of Apple's `aps`. */
  readonly aps?: Json | undefined
  /** Seconds. */
  readonly ttl?: number | undefined
  readonly priority?: 'high' | 'normal' | undefined
}

export type Os = 'ios' | 'android' | 'osx'

/** A message as it is stored; all send calls are converted to this form. */
export interface Content extends Form {
  readonly message: string
  readonly publisherId?: string | undefined
  readonly subtopic?: string | undefined
  /** The name of the push template that phones look up. */
  readonly template?: string | undefined
  readonly per?: Readonly<Partial<Record<Os, Form>>> | undefined
  /** A push that shows nothing. */
  readonly silent?: boolean | undefined
  readonly collapse?: string | undefined
  /** The operator's overrides of the payload, by push service. */
  readonly overrides?: Readonly<Record<string, Json>> | undefined
}

/** Safe cast: only this dialect writes its messages. */
export const contentOf = (body: Json): Content => body as unknown as Content
export const bodyOf = (content: Content): Json => content as unknown as Json
