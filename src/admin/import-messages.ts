import type { ImportError, Reason, ShownRow, Warning } from '../domain/import.ts'

const AGAIN = 'Export the file again and do not open it in a spreadsheet.'

/** Advice to the operator for each reason. */
const REASONS: Readonly<Record<Reason, string>> = {
  encoding:
    'It holds bytes or characters that are no valid text. Export the file in UTF-8, or say its encoding.',
  csv_quote: 'Its quotes are not closed, or something stands behind them. Mend the line and import it again.',
  columns: 'It has more or fewer cells than the header. Put quotes around cells that hold the delimiter.',
  not_json: 'The line is no JSON. Mend it and import it again.',
  not_object: 'It is no JSON object. Only objects are devices.',
  scientific_notation: `A spreadsheet turned it into a number. ${AGAIN}`,
  type: 'It must be a text in quotes.',
  control_character: 'It holds a control character. Mend the cell and import the row again.',
  id_too_long: 'The id is longer than the dialect takes.',
  token_too_long: 'The token is longer than any push service gives out.',
  token_expo: 'It is a token of Expo, which no push service takes. Get the device’s own token instead.',
  token_description:
    'It describes a token’s bytes and is none: an app stored it with iOS 13. It heals when the app calls.',
  token_form: 'It has not the form of a token of its push service.',
  token_provider: 'It is a token of APNs in a row of Android. Say the right platform.',
  email_form: 'It is no e-mail address.',
  phone_form: 'It is no phone number in the form of E.164, such as +4930123456.',
  platform_unknown: 'The platform is not known here. Say one, or leave the row out.',
  no_identity: 'It has neither an id nor a token that name a device.',
  id_form: 'The id has not the form that the dialect gives its ids, and there is no token to go by.',
  device_unknown: 'No device has this id: import the devices before their subscriptions.',
  topic_missing: 'It names no topic.',
  device_limit: 'The app has as many devices as its limit allows.',
  erased: 'It is of a user who was erased after the file was made.',
  gone_since: 'The device was removed after the file was made. Say `exportedAt` if the file is newer.',
  duplicate_in_file: 'The same device with the same values stands in an earlier row.',
  older_than_import: 'A newer import has written the device.',
  older_than_live: 'The phone has called since the file was made, and has another token.',
  no_token: 'It has no token, so that nothing can be sent to it.',
  unsubscribed: 'The device does not want messages.',
  expired: 'The registration’s time is over.',
  other_app: 'It is of another app than `sourceApp`.',
  other_dialect: 'It is of a dialect that this import, or the app, does not have.',
  unknown_type: 'It is a line of a kind that this version does not know.',
}

const TAKEN: Readonly<Partial<Record<Warning, string>>> = {
  webpush_keys_missing:
    'Nothing can be sent to the browser before its page calls again: the file has no keys.',
  token_held_by_live: 'Its token is that of a phone that calls by itself, and stays there.',
  token_held_by_newer: 'Its token is that of a device which a newer import wrote, and stays there.',
}

export function messageOf({ reason, warnings, shown }: ImportError): string {
  if (reason === null) {
    const told = warnings.flatMap((one) => TAKEN[one] ?? [])
    return told[0] ?? `It was taken, with: ${warnings.join(', ')}.`
  }
  const what = reading(shown)
  const text = REASONS[reason]
  return reason === 'scientific_notation' && what !== null
    ? `${what}: a spreadsheet turned it into a number. ${AGAIN}`
    : text
}

const reading = ({ field, value }: ShownRow): string | null =>
  field === undefined || value === undefined ? null : `${field} reads ${value}`
