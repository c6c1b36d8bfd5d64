import { fromBase64Url, toBase64Url } from './encoding.ts'
import type { Place, TextPlace, TimePlace } from './page.ts'
import { isStorable } from './text.ts'

/** Checks for each value of a place. */
export type PlaceForm<At extends Place> = {
  readonly [Index in keyof At]: (value: unknown) => value is At[Index]
}

export const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0
const isText = (value: unknown): value is string => typeof value === 'string' && isStorable(value)

export const BY_TIME: PlaceForm<TimePlace> = [isCount, isText]
export const BY_TEXT: PlaceForm<TextPlace> = [isText]
/** Receipts: by message, device and kind. */
export const BY_TEXTS: PlaceForm<readonly [string, string, string]> = [isText, isText, isText]
/** Subscriptions: by device, time and topic. */
export const BY_TEXT_AND_TIME: PlaceForm<readonly [string, number, string]> = [isText, isCount, isText]

/** Phones of a message: by run, page and place. */
export const BY_NUMBERS: PlaceForm<readonly [number, number, number]> = [isCount, isCount, isCount]

/** The feed of events. */
export const BY_EVENT: PlaceForm<readonly [number, number, string]> = [isCount, isCount, isText]

/** Deliveries: by event and device. */
export const BY_LETTER: PlaceForm<readonly [number, string]> = [isCount, isText]

/** Changes with the form of cursors; those of another version are refused. */
const VERSION = 1
/** In characters. A name of 1000 characters, each escaped, needs 8000. */
const LONGEST = 10_000

/** The cursors of one list. */
export interface Cursors<At extends Place> {
  encode(place: At): string
  /** Null for a text that this list would not have issued: crafted, too long, from another list or another version. */
  decode(text: string): At | null
}

/**
 * A cursor is a place as text that clients pass back as it is: the version, the list and the place, as JSON in base64url,
 * which needs no escaping in a URL. Clients use one within minutes, so a release may change the form. Cursors contain no
 * secret and give access to nothing: a place only selects where a list begins that the caller may read anyway.
 */
export function cursorsOf<const At extends Place>(list: string, form: PlaceForm<At>): Cursors<At> {
  const checks: readonly ((value: unknown) => boolean)[] = form
  const encode = (place: At) =>
    toBase64Url(new TextEncoder().encode(JSON.stringify([VERSION, list, ...place])))
  return {
    encode,
    decode(text) {
      if (text.length > LONGEST) return null
      const [version, name, ...place] = parsed(text)
      if (version !== VERSION || name !== list || place.length !== checks.length) return null
      if (!checks.every((check, index) => check(place[index]))) return null
      // Safe cast: every value was checked. Another encoding of the same place is refused, since it was never issued.
      const found = place as unknown as At
      return encode(found) === text ? found : null
    },
  }
}

function parsed(text: string): readonly unknown[] {
  const bytes = fromBase64Url(text)
  try {
    const value: unknown = JSON.parse(new TextDecoder().decode(bytes ?? undefined))
    return Array.isArray(value) ? value : []
  } catch {
    return []
  }
}
