import type { Send } from '../wire.ts'
import type { Phone, Texts, Told } from './phone.ts'

/** The values with which an app is shipped: the ids and keys of its setup in the dialect. */
export type Keys = Readonly<Record<string, unknown>>

export interface Start {
  readonly phone: Phone
  readonly keys: Keys
  readonly texts: Texts
  readonly now: Date
  readonly send: Send
  /** A new number from 0 to 1 at each call. */
  readonly chance: () => number
}

/** The calls of a dialect's SDK at a start of its app. */
export interface Script {
  readonly dialect: string
  /** Whether the SDK tells its complete state at each start. */
  readonly tellsAll: boolean
  /**
   * Whether the vendor treats a new installation with the previous one's token as the same device, with its
   * user.
   */
  readonly tokenIsDevice?: boolean
  /** Throws `TryAgain` if the SDK would retry; nothing then counts as sent. */
  start(start: Start): Promise<void>
  /** The vendor's id of the phone; null if it has none. */
  idOf(phone: Phone, texts: Texts): string | null
  /** The data that the vendor must hold after a successful start; null: none. */
  told(phone: Phone, texts: Texts): Told | null
}

export const keyText = (keys: Keys, name: string): string => {
  const value = keys[name]
  if (typeof value !== 'string') throw new Error(`the app has no ${name}`)
  return value
}
