import { parsePhoneNumberFromString } from 'libphonenumber-js/core'
import { asciiLower } from '../../src/domain/push-token.ts'
import { argument } from './errors.ts'
import { numberingPlans } from './numbering-plans.mjs'

/** Section 7: a local part, one `@`, no spaces, a dot inside the domain. */
const EMAIL = /^[^\s@]+@[^\s@.]+(\.[^\s@.]+)+$/
const E164 = /^\+[1-9][0-9]{6,14}$/
const WHATSAPP = 'whatsapp:'

export const isEmail = (text: string): boolean => text.length <= 320 && EMAIL.test(text)

/** The address in its stored form; throws if it is invalid. */
export function emailAddress(given: string): string {
  const address = given.trim()
  if (!isEmail(address))
    throw argument(`${JSON.stringify(given)} is not an email address`, 'an email address is none')
  return address
}

/** Whether a number has the form of E.164 and is valid in its numbering plan. */
function isPhoneNumber(number: string): boolean {
  return E164.test(number) && parsePhoneNumberFromString(number, numberingPlans)?.isValid() === true
}

/** The number that identifies an SMS device; throws if it is invalid. */
export function smsNumber(given: string): string {
  const number = given.trim()
  if (!isPhoneNumber(number))
    throw argument(`${JSON.stringify(given)} is not a valid E.164 phone number`, 'a phone number is none')
  return number
}

/**
 * Adds the prefix that some SDKs omit; without it, the id would be the one of the number's SMS device
 * (section 7).
 */
export function whatsappNumber(given: string): string {
  const text = given.trim()
  return WHATSAPP + smsNumber(text.startsWith(WHATSAPP) ? text.slice(WHATSAPP.length) : text)
}

/**
 * The external id for a `hwid`: e-mail addresses with ASCII letters in lower case, WhatsApp numbers with their prefix,
 * anything else unchanged.
 */
export function externalIdOf(hwid: string, deviceType?: number): string {
  if (deviceType === 21 && !hwid.startsWith(WHATSAPP)) return WHATSAPP + hwid.trim()
  const trimmed = hwid.trim()
  return isEmail(trimmed) ? asciiLower(trimmed) : hwid
}

/** Guesses the device type from the id, for calls without a type that arrive before the registration. */
export function guessedType(externalId: string): number {
  if (isEmail(externalId)) return 14
  if (externalId.startsWith(WHATSAPP)) return 21
  if (E164.test(externalId)) return 18
  // Section 6: iOS sends an upper-case UUID, the web `<application>_<uuid>`, Android lower-case letters.
  if (/^[0-9A-F]{8}(-[0-9A-F]{4}){3}-[0-9A-F]{12}$/.test(externalId)) return 1
  return /_[0-9a-f]{8}-/.test(externalId) ? 11 : 3
}
