import type { ImportError, Reason, ShownRow, Warning } from '../domain/import.ts'

const AGAIN = 'Export the file again and do not open it in a spreadsheet.'

/** Advice to the operator for each reason. */
const REASONS: Readonly<Record<Reason, string>> = {
  encoding: 'It contains invalid characters. Export the file as UTF-8, or give its encoding.',
  csv_quote: 'A quoted cell is not closed, or text follows it. Fix the line and import it again.',
  columns: 'It has more or fewer cells than the header. Quote cells that contain the delimiter.',
  not_json: 'The line is not JSON. Fix it and import it again.',
  not_object: 'It is not a JSON object. Each device must be an object.',
  scientific_notation: `A spreadsheet turned it into a number. ${AGAIN}`,
  type: 'It must be a string in quotes.',
  control_character: 'It contains a control character. Fix the cell and import the row again.',
  id_too_long: 'The id is longer than the dialect allows.',
  token_too_long: 'The token is longer than any token of a push service.',
  token_expo: 'It is an Expo token, which push services do not accept. Use the device’s own push token.',
  token_description:
    'It is the iOS 13 text form of a token, not the token. It is replaced when the app next calls.',
  token_form: 'It does not have the form of a token of its push service.',
  token_provider: 'It is an APNs token in an Android row. Give the correct platform.',
  email_form: 'It is not an e-mail address.',
  phone_form: 'It is not a phone number in E.164 form, such as +4930123456.',
  platform_unknown: 'The platform is unknown. Give a known one, or remove the row.',
  no_identity: 'It has neither an id nor a token that identifies a device.',
  id_form: 'The id does not have the form of the dialect’s ids, and there is no token.',
  device_unknown: 'No device has this id. Import the devices before their subscriptions.',
  topic_missing: 'It names no topic.',
  device_limit: 'The app has as many devices as its limit allows.',
  erased: 'It belongs to a user who was erased after the file was created.',
  gone_since: 'The device was removed after the file was created. Give `exportedAt` if the file is newer.',
  duplicate_in_file: 'An earlier row has the same device with the same values.',
  older_than_import: 'A newer import has already written the device.',
  older_than_live: 'The phone has called since the file was created, and has another token.',
  no_token: 'It has no token, so nothing can be sent to it.',
  unsubscribed: 'The device does not want messages.',
  expired: 'The registration has expired.',
  other_app: 'It belongs to an app other than `sourceApp`.',
  other_dialect: 'Its dialect is not the one of this import, or not one of the app.',
  unknown_type: 'This version does not know this kind of line.',
}

const TAKEN: Readonly<Partial<Record<Warning, string>>> = {
  webpush_keys_missing:
    'The file has no keys, so nothing can be sent to the browser until its page calls again.',
  token_held_by_live: 'Its token belongs to a phone that calls itself, and stays with it.',
  token_held_by_newer: 'Its token belongs to a device from a newer import, and stays with it.',
}

export function messageOf({ reason, warnings, shown }: ImportError): string {
  if (reason === null) {
    const told = warnings.flatMap((one) => TAKEN[one] ?? [])
    return told[0] ?? `It was imported with warnings: ${warnings.join(', ')}.`
  }
  const what = reading(shown)
  const text = REASONS[reason]
  return reason === 'scientific_notation' && what !== null
    ? `${what}: a spreadsheet turned it into a number. ${AGAIN}`
    : text
}

const reading = ({ field, value }: ShownRow): string | null =>
  field === undefined || value === undefined ? null : `${field} reads ${value}`
