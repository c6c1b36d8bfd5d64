import { type Device, isActive } from '../src/domain/device.ts'
import type { Form } from '../src/transfer/form.ts'

const TYPES: Readonly<Record<string, string>> = {
  'ios/apns': 'ios',
  'ios/fcm': 'ios',
  'macos/apns': 'osx',
  'android/fcm': 'android',
  'windows/wns': 'winrt',
}

/** Installations for Parse: one document, however long. */
export const parseForm: Form = {
  name: 'parse-json',
  media: 'application/json',
  extension: 'json',
  open() {
    let any = false
    return {
      head: '{"results":[',
      devices: (piece) =>
        piece
          .flatMap(({ device }) => installationOf(device))
          .map((one) => {
            const text = `${any ? ',' : ''}\n${JSON.stringify(one)}`
            any = true
            return text
          })
          .join(''),
      tail: () => '\n]}\n',
    }
  },
}

function installationOf(device: Device): readonly object[] {
  const { pushToken, appVersion, language, timezone } = device
  const type = pushToken && TYPES[`${device.platform}/${pushToken.provider}`]
  if (!type || !isActive(device)) return []
  return [
    {
      installationId: device.externalId,
      deviceType: type,
      ...(pushToken.provider === 'fcm' && { pushType: 'gcm' }),
      deviceToken: pushToken.token,
      channels: device.topics,
      ...(appVersion !== null && { appVersion }),
      ...(language !== null && { localeIdentifier: language }),
      ...(timezone !== null && { timeZone: timezone }),
      createdAt: device.createdAt.toISOString(),
      updatedAt: device.updatedAt.toISOString(),
    },
  ]
}
