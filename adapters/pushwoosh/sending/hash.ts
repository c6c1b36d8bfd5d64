import { randomHex } from '../../../src/domain/encoding.ts'

const ALPHABET = '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const CODE = /^([0-9A-F]{4})-([0-9A-F]{8})-([0-9A-F]{8})$/
const HASH = /^x_0_[0-9a-zA-Z]{1,9}_([0-9a-zA-Z]{1,6})-([0-9a-zA-Z]{1,6})-([0-9a-zA-Z]{1,6})$/

/** A message code in the vendor's form that cannot be guessed. */
export function randomCode(): string {
  const digits = randomHex(10).toUpperCase()
  return [digits.slice(0, 4), digits.slice(4, 12), digits.slice(12)].join('-')
}

/** The `p` of a push, in which SDKs find campaign, message number and code (sending.md 5.4). */
export function hashOf(code: string): string {
  const [, first = '', ...others] = CODE.exec(code) ?? []
  // SDKs read the number as a 64-bit integer; 48 bits are exact here, too.
  const number = Number.parseInt(`${first}${others[0]}`, 16)
  const parts = [first, ...others].map((part) => base62(Number.parseInt(part, 16)))
  return `x_0_${base62(number)}_${parts.join('-')}`
}

/**
 * The code in one of our hashes; any other text unchanged, because SDKs also report the vendor's own pushes.
 */
export function codeOf(hash: string): string {
  const parts = HASH.exec(hash)?.slice(1) ?? []
  const code = parts.map((part, at) => hexadecimal(part).padStart(at === 0 ? 4 : 8, '0')).join('-')
  return CODE.test(code) && hashOf(code) === hash ? code : hash
}

function base62(number: number): string {
  const rest = Math.floor(number / 62)
  return (rest > 0 ? base62(rest) : '') + ALPHABET[number % 62]
}

const hexadecimal = (text: string): string =>
  [...text]
    .reduce((sum, one) => sum * 62 + ALPHABET.indexOf(one), 0)
    .toString(16)
    .toUpperCase()
