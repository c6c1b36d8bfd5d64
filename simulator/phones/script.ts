import type { Send } from '../wire.ts'
import type { Phone, Texts, Told } from './phone.ts'

/** What an app is shipped with: the ids and keys of its part in the dialect. */
export type Keys = Readonly<Record<string, unknown>>

export interface Start {
  readonly phone: Phone
  readonly keys: Keys
  readonly texts: Texts
  readonly now: Date
  readonly send: Send
  /** From 0 to 1, another one at each call. */
  readonly chance: () => number
}

/** What an SDK of the dialect sends at a start of its app. */
export interface Script {
  readonly dialect: string
  /** Whether the SDK tells by itself, at each start, all that there is to know. */
  readonly tellsAll: boolean
  /** Whether the vendor takes a new installation with the token of the one before for the same device, its user included. */
  readonly tokenIsDevice?: boolean
  /** Throws `TryAgain` where the SDK would; then nothing counts as told. */
  start(start: Start): Promise<void>
  /** Under which id the vendor knows the phone; null if it does not. */
  idOf(phone: Phone, texts: Texts): string | null
  /** What the vendor must hold once a start has succeeded; null: nothing. */
  told(phone: Phone, texts: Texts): Told | null
}

export const keyText = (keys: Keys, name: string): string => {
  const value = keys[name]
  if (typeof value !== 'string') throw new Error(`the app has no ${name}`)
  return value
}
