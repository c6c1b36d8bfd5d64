import type { Json } from '../../../src/domain/message.ts'

/** What may differ by platform. Members that are undefined are as absent: a message is kept as JSON. */
export interface Form {
  /** By the vendor's names (section 6.3): `ios-alert-title`, `android-content-text`, and the caller's own. */
  readonly headers: Readonly<Record<string, string>>
  /** More members of Apple's `aps`. */
  readonly aps?: Json | undefined
  /** Seconds. */
  readonly ttl?: number | undefined
  readonly priority?: 'high' | 'normal' | undefined
}

export type Os = 'ios' | 'android' | 'osx'

/** A message as it is kept: the one form of what all calls send. */
export interface Content extends Form {
  readonly message: string
  readonly publisherId?: string | undefined
  readonly subtopic?: string | undefined
  /** The name of the push template that phones look up. */
  readonly template?: string | undefined
  readonly per?: Readonly<Partial<Record<Os, Form>>> | undefined
  /** Shows nothing. */
  readonly silent?: boolean | undefined
  readonly collapse?: string | undefined
  /** The operator's own changes of what is sent, by push service. */
  readonly overrides?: Readonly<Record<string, Json>> | undefined
}

/** Safe cast: only this dialect writes its messages. */
export const contentOf = (body: Json): Content => body as unknown as Content
export const bodyOf = (content: Content): Json => content as unknown as Json
