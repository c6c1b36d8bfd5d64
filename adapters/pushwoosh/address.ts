import { parsePhoneNumberFromString } from 'libphonenumber-js/max'
import { asciiLower } from '../../src/domain/push-token.ts'
import { argument } from './errors.ts'

/** Section 7: something before one `@`, no blanks, a dot inside the domain. */
const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/
const E164 = /^\+[1-9][0-9]{6,14}$/
const WHATSAPP = 'whatsapp:'

export const isEmail = (text: string): boolean => text.length <= 320 && EMAIL.test(text)

/** An address as it is kept; throws where it is none. */
export function emailAddress(given: string): string {
  const address = given.trim()
  if (!isEmail(address))
    throw argument(`${JSON.stringify(given)} is not an email address`, 'an email address is none')
  return address
}

/** A number of E.164's form that a numbering plan knows. */
function isPhoneNumber(number: string): boolean {
  return E164.test(number) && parsePhoneNumberFromString(number)?.isValid() === true
}

/** The number that an SMS device is known by; throws where it is none. */
export function smsNumber(given: string): string {
  const number = given.trim()
  if (!isPhoneNumber(number))
    throw argument(`${JSON.stringify(given)} is not a valid E.164 phone number`, 'a phone number is none')
  return number
}

/** With its prefix, which some SDKs leave out: else it would be the SMS device of the same number (section 7). */
export function whatsappNumber(given: string): string {
  const text = given.trim()
  return WHATSAPP + smsNumber(text.startsWith(WHATSAPP) ? text.slice(WHATSAPP.length) : text)
}

/**
 * The id under which the device of a `hwid` is kept: an email address without the case of ASCII letters, a WhatsApp number with its
 * prefix, anything else byte for byte.
 */
export function externalIdOf(hwid: string, deviceType?: number): string {
  if (deviceType === 21 && !hwid.startsWith(WHATSAPP)) return WHATSAPP + hwid.trim()
  const trimmed = hwid.trim()
  return isEmail(trimmed) ? asciiLower(trimmed) : hwid
}

/** What a device is, as far as its id tells, for calls that come before its registration and name no type. */
export function guessedType(externalId: string): number {
  if (isEmail(externalId)) return 14
  if (externalId.startsWith(WHATSAPP)) return 21
  if (E164.test(externalId)) return 18
  // Section 6: iOS sends an upper-case UUID, the web `<application>_<uuid>`, Android lower-case letters.
  if (/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/.test(externalId)) return 1
  return /_[0-9a-f]{8}-/.test(externalId) ? 11 : 3
}
