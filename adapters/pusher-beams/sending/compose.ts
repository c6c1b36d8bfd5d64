import type { NeutralMessage } from '../../../src/domain/message.ts'
import { inLanguage, present } from '../../../src/domain/payload.ts'
import type { Json } from '../../../src/wire/json.ts'

/**
 * Converts an operator's message to a publish for every platform; no SDK reports its language
 * (contracts/sending.md 8).
 */
export function compose(message: NeutralMessage): Json {
  const { icon, image, color, sound, link, data, ttl, priority, collapseKey, category, channel, group } =
    message
  const [title, subtitle, body] = [message.title, message.subtitle, message.body].map((text) =>
    inLanguage(text, null),
  )
  const shown = message.silent !== true
  const badge = typeof message.badge === 'number' ? message.badge : undefined
  const alert = present({ title, subtitle, body })
  const aps = {
    ...(Object.keys(alert).length > 0 && { alert }),
    ...present({ badge, sound, category, 'thread-id': group }),
    ...(image !== undefined && { 'mutable-content': 1 }),
  }
  const notification = present({ title, body, icon, image })
  const legacy = { ...notification, ...present({ color, sound, android_channel_id: channel, tag: group }) }
  const life = present({ data, time_to_live: ttl, priority })
  return {
    fcm: {
      ...life,
      ...present({ collapse_key: collapseKey }),
      ...(shown && { notification: { ...legacy, ...present({ click_action: link }) } }),
    },
    apns: {
      ...present({ data, ttl, collapse_id: collapseKey }),
      ...(priority === 'normal' && { priority: 5 }),
      aps: shown ? aps : { 'content-available': 1 },
    },
    web: { ...life, ...(shown && { notification: { ...notification, ...present({ deep_link: link }) } }) },
    ...present({ overrides: message.overrides }),
  }
}
