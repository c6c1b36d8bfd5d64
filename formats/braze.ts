import { type Device, isActive } from '../src/domain/device.ts'
import type { AppIds, Form } from '../src/transfer/form.ts'

/** What one call takes. */
const MOST = 75

/** Bodies of Braze's call that tracks users. Tokens of browsers cannot be moved to it. */
export const braze: Form = {
  name: 'braze-ndjson',
  media: 'application/x-ndjson',
  extension: 'ndjson',
  needs: (platforms) => [
    ...(platforms.has('android') ? (['androidAppId'] as const) : []),
    ...(platforms.has('ios') ? (['iosAppId'] as const) : []),
  ],
  open({ appIds }) {
    let waiting: object[] = []
    const line = (attributes: readonly object[]) => `${JSON.stringify({ attributes })}\n`
    return {
      head: '',
      devices(piece) {
        waiting.push(...piece.flatMap(({ device }) => attributesOf(device, appIds)))
        let text = ''
        for (; waiting.length >= MOST; waiting = waiting.slice(MOST)) text += line(waiting.slice(0, MOST))
        return text
      },
      tail: () => (waiting.length > 0 ? line(waiting) : ''),
    }
  },
}

function attributesOf(device: Device, { androidAppId, iosAppId }: AppIds): readonly object[] {
  const { pushToken, externalId, user, language, timezone, tags } = device
  const appId =
    device.platform === 'android' ? androidAppId : device.platform === 'ios' ? iosAppId : undefined
  const own = device.platform === 'android' ? 'fcm' : 'apns'
  if (!isActive(device) || appId === undefined || pushToken?.provider !== own) return []
  const tokens = { push_tokens: [{ app_id: appId, token: pushToken.token, device_id: externalId }] }
  if (!user) return [{ push_token_import: true, ...tokens }]
  return [
    {
      ...{ external_id: user.id, ...tokens },
      ...(language !== null && { language }),
      ...(timezone !== null && { time_zone: timezone }),
      ...(typeof tags.Country === 'string' && { country: tags.Country }),
    },
  ]
}
