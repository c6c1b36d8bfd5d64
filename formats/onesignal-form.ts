import { type Device, isActive } from '../src/domain/device.ts'
import { wrappedEndpoint } from '../src/domain/push-token.ts'
import type { Form } from '../src/transfer/form.ts'

const TYPES: Readonly<Record<string, string>> = {
  'ios/apns': 'iOSPush',
  'android/fcm': 'AndroidPush',
  'amazon/adm': 'FireOSPush',
  'huawei/hms': 'HuaweiPush',
  'windows/wns': 'WindowsPush',
  'macos/apns': 'macOSPush',
  'web/apns': 'SafariPush',
  'web/webpush': 'ChromePush',
  'email/email': 'Email',
  'sms/sms': 'SMS',
}

/** One body of OneSignal's call that creates a user for each device with a token: its tables take none in. */
export const onesignalForm: Form = {
  name: 'onesignal-ndjson',
  media: 'application/x-ndjson',
  extension: 'ndjson',
  open: () => ({
    head: '',
    devices: (piece) => piece.map(({ device }) => bodyOf(device)).join(''),
    tail: () => '',
  }),
}

function bodyOf(device: Device): string {
  const { pushToken, platform, user, language, timezone, tags } = device
  const type = pushToken?.token ? TYPES[`${platform}/${pushToken.provider}`] : undefined
  if (!pushToken || type === undefined) return ''
  const token =
    pushToken.provider === 'webpush' ? (wrappedEndpoint(pushToken.token) ?? pushToken.token) : pushToken.token
  const country = tags.Country
  const texts = Object.entries(tags).map(([name, value]) => [name, textOf(value)] as const)
  const body = {
    ...(user && { identity: { external_id: user.id } }),
    properties: {
      ...(language !== null && { language }),
      ...(timezone !== null && { timezone_id: timezone }),
      ...(texts.length > 0 && { tags: Object.fromEntries(texts) }),
      ...(typeof country === 'string' && { country }),
    },
    subscriptions: [
      {
        type: type === 'ChromePush' && /^https:\/\/[^/]*mozilla/.test(token) ? 'FirefoxPush' : type,
        token,
        enabled: isActive(device),
        ...(device.model !== null && { device_model: device.model }),
        ...(device.osVersion !== null && { device_os: device.osVersion }),
        ...(device.appVersion !== null && { app_version: device.appVersion }),
        ...(pushToken.keys && { web_auth: pushToken.keys.auth, web_p256: pushToken.keys.p256dh }),
      },
    ],
  }
  return `${JSON.stringify(body)}\n`
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value))
