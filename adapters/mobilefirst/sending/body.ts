import { randomBase64Url } from '../../../src/domain/encoding.ts'
import type { Json, LocalText, MessageDraft, NeutralMessage } from '../../../src/domain/message.ts'
import { present } from '../../../src/domain/payload.ts'
import { isStorableDocument } from '../../../src/domain/text.ts'
import { mapOf } from '../../../src/wire/json.ts'
import { fault } from '../errors.ts'
import { optionalText, requiredText } from '../values.ts'
import { checkedSettings } from './settings.ts'
import { audienceOf } from './target.ts'

/** A stored message: the vendor's members, and those that only an operator's message can have. */
export interface Body {
  readonly message: { readonly alert: LocalText; readonly url?: string }
  readonly settings: Readonly<Record<string, Json>>
  /** An SMS only, which is sent to nobody. */
  readonly sms?: true
  readonly operator?: Pick<NeutralMessage, 'ttl' | 'priority' | 'collapseKey' | 'overrides'>
}

/** Push services accept much less. */
const MOST_ALERT = 100_000
const MOST_ID = 8

/** Up to eight letters and digits, because SDKs and back ends store it in this form. */
const messageId = (): string => randomBase64Url(32).replace(/[-_]/g, '').slice(0, MOST_ID)

/** A checked message (mobilefirst.md 5.5). */
export function draftOf(given: Json): MessageDraft {
  const message = mapOf(given.message)
  if (!message) throw fault('badValue', 'message')
  const alert = requiredText(message, 'alert', MOST_ALERT)
  const url = optionalText(message, 'url', MOST_ALERT)
  const type = given.notificationType ?? 1
  if (![1, 2, 3].includes(Number(type))) throw fault('badValue', 'notificationType')
  const audience = audienceOf(given)
  const { settings, ignored } = checkedSettings(given)
  if (!isStorableDocument(settings)) throw fault('badValue', 'settings')
  const unknown = Object.keys(given).filter((name) => !KNOWN.includes(name))
  return {
    externalId: messageId(),
    body: { message: present({ alert, url }), settings, ...(Number(type) === 2 && { sms: true }) },
    audience,
    priority: isUrgent(mapOf(settings.gcm)?.priority) ? 'high' : 'normal',
    ignored: [...unknown, ...ignored],
  }
}

/** Whether FCM is to wake the phone for it. */
export const isUrgent = (priority: unknown): boolean => priority !== 'low' && priority !== 'min'

const KNOWN = ['message', 'notificationType', 'target', 'settings', 'validate']

/** An operator's message in this dialect's terms (sending.md 8). */
export function compose(message: NeutralMessage): Json {
  const { title, subtitle, body, icon, image, sound, badge, link, data, silent, category, channel, group } =
    message
  const { ttl, priority, collapseKey, overrides } = message
  const type = silent ? 'silent' : undefined
  const web = present({ title, iconUrl: icon, payload: data })
  const style = image === undefined ? undefined : { type: 'PICTURE_NOTIFICATION', url: image }
  return {
    message: present({ alert: body ?? '', url: link }),
    settings: {
      apns: present({
        ...{ title, subtitle, sound, payload: data, type, attachmentUrl: image },
        badge: typeof badge === 'number' ? badge : undefined,
        interactiveCategory: category,
        apnsThreadId: group,
      }),
      gcm: present({
        ...{ androidTitle: title, icon, sound, style, payload: data, type },
        ...{ interactiveCategory: category, channelId: channel, groupId: group },
      }),
      chromeWeb: web,
      firefoxWeb: web,
      chromeAppExt: web,
    },
    operator: present({ ttl, priority, collapseKey, overrides }),
  }
}
