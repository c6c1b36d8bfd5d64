import { createHmac } from 'node:crypto'

/** Not secret, and part of the form: an id's prefix for its push service, and the server of an address. */
const KEPT = /^(?:(?:apns|fcm|web)-|https?:\/\/[^/]+\/)/
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
/** Positions of a UUID's version and variant digits. */
const UUID_KIND: readonly number[] = [14, 19]
const HEX = /^[0-9a-f-]+$/i

const [DIGITS, SMALL, LARGE] = ['0123456789', 'abcdefghijklmnopqrstuvwxyz', 'ABCDEFGHIJKLMNOPQRSTUVWXYZ']
const [SMALL_HEX, LARGE_HEX] = ['0123456789abcdef', '0123456789ABCDEF']

/**
 * Replaces texts by others of the same form: of equal length, digits for digits and letters for letters. The
 * same text always gets the same replacement, and the original cannot be found from it without the key.
 */
export function createStandIns(key: string): (text: string) => string {
  return (text) => {
    const kept = KEPT.exec(text)?.[0] ?? ''
    const rest = text.slice(kept.length)
    const drawn = bytesOf(key, text)
    const uuid = UUID.test(rest)
    const hex = HEX.test(rest) && rest.length >= 16 ? (/[a-f]/.test(rest) ? SMALL_HEX : LARGE_HEX) : null
    const made = [...rest].map((letter, at) =>
      uuid && UUID_KIND.includes(at) ? letter : other(letter, drawn.next().value, hex),
    )
    return kept + made.join('')
  }
}

function other(letter: string, drawn: number, hex: string | null): string {
  if (hex !== null && letter !== '-') return pick(hex, drawn)
  if (DIGITS.includes(letter)) return pick(DIGITS, drawn)
  if (SMALL.includes(letter)) return pick(SMALL, drawn)
  if (LARGE.includes(letter)) return pick(LARGE, drawn)
  return (letter.codePointAt(0) ?? 0) > 127 ? pick(SMALL, drawn) : letter
}

const pick = (letters: string, drawn: number): string => letters[drawn % letters.length] ?? ''

/** The requested number of bytes, derived from the key and the text only. */
function* bytesOf(key: string, text: string): Generator<number, never> {
  for (let block = 0; ; block++)
    for (const byte of createHmac('sha256', key).update(`${block} ${text}`).digest()) yield byte
}
