const ADVICE: Readonly<Record<string, string>> = {
  app_unknown:
    'No app has the id that the build sent. Compare it with this app’s id, or add it to the app’s settings.',
  unauthorized:
    'The key or token is not one of this app’s. Add the key that the build contains under App settings, Credentials.',
  forbidden: 'The key is known but does not allow this call. Give it the scope, or use another key.',
  bad_path: 'The address is malformed: check for a missing or double slash in the base URL.',
  not_found: 'The base URL matches no call of this dialect: check for a missing path or trailing slash.',
  method_not_allowed: 'The address is right, the method is not: a proxy may have changed it.',
  bad_body: 'The body is malformed. A proxy may have truncated it.',
  bad_media_type: 'This vendor does not accept this content type.',
  invalid: 'A value is not valid; the reason names it.',
  too_large: 'The body is larger than the gateway accepts.',
  rate_limited: 'Too many calls came from this address. Wait a minute.',
  device_unknown: 'The gateway does not know this device. The SDK registers again by itself.',
  limit: 'The app is at a limit of this vendor; the reason names it.',
  unavailable: 'The database did not answer. Look at the overview.',
  internal: 'An error in the gateway: its log has the cause, by the request id.',
}

/** Suggested changes, by the reason for which a call was refused. */
export const adviceFor = (code: string): string =>
  ADVICE[code] ?? 'The gateway’s log has more, by the request id.'
