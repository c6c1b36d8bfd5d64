import type { Sending } from '../../../src/delivery/rendering.ts'
import { DEFAULT_TTL } from '../../../src/domain/message.ts'
import { fcmData, inLanguage, mergePatch, present } from '../../../src/domain/payload.ts'
import { type Json, mapOf } from '../../../src/wire/json.ts'

const objectOf = (value: unknown): Json => mapOf(value) ?? {}
const filled = (name: string, value: Json): Json => (Object.keys(value).length > 0 ? { [name]: value } : {})

/** Members that iOS displays besides the text. */
const apsOf = ({
  ios_badge: badge,
  ios_sound: sound,
  ios_category: category,
  image_url: image,
  silent,
}: Json) => ({
  ...present({ badge, sound, category }),
  ...(image !== undefined && image !== null && { 'mutable-content': 1 }),
  ...(silent === true && { 'content-available': 1 }),
})

/** FCM, for iOS too. Apps have no SDK, so the system shows the text (contracts/sending.md 7). */
function forFcm(body: Json, own: Json): Json {
  const { title, body: text, image_url: image, android_channel_id, android_icon, android_color } = body
  const shown = body.silent !== true && { notification: present({ title, body: text, image }) }
  const android = present({ channel_id: android_channel_id, icon: android_icon, color: android_color })
  const form = {
    ...shown,
    ...(shown && filled('android', filled('notification', android))),
    ...filled('apns', filled('payload', filled('aps', apsOf(body)))),
    data: objectOf(body.custom_data),
  }
  const message = mergePatch(form, mapOf(objectOf(body.overrides).fcm))
  return { ...message, data: { ...fcmData(objectOf(message.data)), ...own } }
}

/** APNs, for apps that register an APNs token themselves. */
function forApns(body: Json, own: Json): Json {
  const alert = body.silent === true ? {} : { alert: present({ title: body.title, body: body.body }) }
  const form = { ...objectOf(body.custom_data), aps: { ...alert, ...apsOf(body) } }
  return { ...mergePatch(form, mapOf(objectOf(body.overrides).apns)), ...own }
}

const FORMS = { fcm: forFcm, apns: forApns } as const

export const flameupSending: Sending = {
  compose({ title, body, image, link, data, badge, sound, category, channel, icon, color, ...message }) {
    return present({
      title: inLanguage(title, null),
      body: inLanguage(body, null),
      image_url: image,
      action_url: link,
      priority: message.priority,
      ttl: message.ttl,
      custom_data: data,
      ios_badge: typeof badge === 'number' ? badge : undefined,
      ios_sound: sound,
      ios_category: category,
      android_channel_id: channel,
      android_icon: icon,
      android_color: color,
      silent: message.silent,
      collapse: message.collapseKey,
      overrides: message.overrides,
    })
  },

  showsReached: true,
  variant: (_, { provider }) => provider,

  render(body, { provider }, { externalId }) {
    if (provider !== 'fcm' && provider !== 'apns') return null
    const own = present({ action_url: body.action_url, message_id: externalId })
    const low = body.silent === true || body.priority === 'low' || body.priority === 'normal'
    return {
      push: {
        body: JSON.stringify(FORMS[provider](body, own)),
        priority: low ? 'normal' : 'high',
        ...(typeof body.collapse === 'string' && { collapse: body.collapse }),
      },
      ttl: typeof body.ttl === 'number' ? Math.min(body.ttl, DEFAULT_TTL) : DEFAULT_TTL,
    }
  },
}
