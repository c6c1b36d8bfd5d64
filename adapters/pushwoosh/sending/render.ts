import type { Rendered, Sending, Sent } from '../../../src/delivery/rendering.ts'
import type { Json, NeutralMessage, Recipient } from '../../../src/domain/message.ts'
import { asText, fcmData, mergePatch, present } from '../../../src/domain/payload.ts'
import { apple, badgeChange } from './apple.ts'
import { type Envelope, isOn, objectOf, overrideOf, ttlOf } from './body.ts'
import { hashOf } from './hash.ts'
import { isLocal, shown, tagsInTexts } from './texts.ts'

/** Keys that the Android SDK reads, by the members they come from (sending.md 5.4). */
const ANDROID: Readonly<Record<string, string>> = {
  i: 'android_icon',
  ci: 'android_custom_icon',
  b: 'android_banner',
  s: 'android_sound',
  led: 'android_led',
  ibc: 'android_ibc',
  pri: 'android_priority',
  pw_badges: 'android_badges',
  group_id: 'android_group_id',
  l: 'link',
  u: 'data',
}

/** Data only: the system would display a notification, and the SDK would never see it. */
function android(body: Json, to: Recipient, envelope: Envelope): Rendered {
  const own = { adm: 'adm_root_params', hms: 'huawei_root_params' }[String(to.provider)]
  const { collapse_key: collapse, ...root } = {
    ...objectOf(body.android_root_params),
    ...objectOf(own && body[own]),
  }
  const flags = {
    ...(body.android_vibration !== undefined && { vib: isOn(body.android_vibration) ? '1' : '0' }),
    ...(isOn(body.android_silent) && { pw_silent: '1' }),
  }
  const keys = Object.entries(ANDROID).map(([key, name]) => [key, body[name]])
  const values = {
    title: shown(body, to, 'android_content', 'content'),
    header: shown(body, to, 'android_header', 'title'),
    ...Object.fromEntries(keys),
    ...flags,
    ...root,
  }
  const override = overrideOf(body, to.provider)
  const message = mergePatch({ data: values }, override)
  const data = fcmData({ ...objectOf(message.data), pw_msg: '1', ...envelope })
  const forms: Readonly<Record<string, unknown>> = {
    adm: data,
    hms: { ...message, data: JSON.stringify(data) },
  }
  const low = /^normal$/i.test(String(body.android_delivery_priority ?? body.priority ?? 'high'))
  return {
    push: {
      body: JSON.stringify(forms[to.provider] ?? { ...message, data }),
      priority: low ? 'normal' : 'high',
      ...(present({ collapse }).collapse !== undefined && { collapse: asText(collapse) }),
    },
    ttl: ttlOf(body, ...(to.provider === 'adm' ? ['adm_ttl'] : []), 'android_gcm_ttl', 'ttl'),
  }
}

/** Without a member `data`, which the service worker would take for the old envelope. */
function web(body: Json, to: Recipient, envelope: Envelope): Rendered {
  const firefox = to.details.deviceType === 12
  const of = (name: string) => body[`${firefox ? 'firefox' : 'chrome'}_${name}`]
  const buttons = [1, 2].flatMap((at) =>
    of(`button_text${at}`) ? [{ title: asText(of(`button_text${at}`)), url: of(`button_url${at}`) }] : [],
  )
  const values = present({
    header: shown(body, to, firefox ? 'firefox_title' : 'chrome_title', 'title'),
    body: shown(body, to, firefox ? 'firefox_content' : 'chrome_content', 'content') ?? '',
    l: body.link,
    u: body.data,
    i: of('icon'),
    image: of('image'),
    duration: of('duration'),
    buttons: buttons.length > 0 ? JSON.stringify(buttons) : undefined,
    ...objectOf(of('root_params')),
  })
  const { data: _, ...payload } = mergePatch(values, overrideOf(body, 'webpush'))
  return {
    push: {
      body: JSON.stringify({ ...payload, ...envelope }),
      priority: body.priority === 'normal' ? 'normal' : 'high',
    },
    ttl: ttlOf(body, firefox ? 'firefox_gcm_ttl' : 'chrome_gcm_ttl', 'ttl'),
  }
}

const FORMS: Readonly<Record<string, (body: Json, to: Recipient, envelope: Envelope) => Rendered>> = {
  fcm: android,
  adm: android,
  hms: android,
  webpush: web,
  apns: apple,
}

/** Converts an operator's message to the vendor's members. */
function compose(message: NeutralMessage): Json {
  const { title, subtitle, body, icon, image, color, sound, badge, link, data, silent, ttl, priority } =
    message
  const { collapseKey, category, channel, group, overrides } = message
  const flag = silent ? 1 : undefined
  return present({
    ...{ title, subtitle, content: body, link, ttl, priority, overrides },
    data: data && JSON.stringify(data),
    ...{ android_icon: icon, chrome_icon: icon, firefox_icon: icon, android_ibc: color },
    ...{ android_banner: image, chrome_image: image, ios_attachment: image },
    ...{ ios_sound: sound, android_sound: sound, ios_badges: badge, android_badges: badge },
    ...{ ios_silent: flag, android_silent: flag, ios_category_id: category, apns_collapse_id: collapseKey },
    ...{ android_group_id: group, ios_thread_id: group },
    android_root_params:
      collapseKey === undefined && channel === undefined
        ? undefined
        : present({ collapse_key: collapseKey, pw_channel: channel }),
  })
}

/** Pushes in the form that the vendor's SDKs display and report. */
export const sending: Sending = {
  platformMember: 'deviceType',
  compose,
  tags: tagsInTexts,
  variant: (body, to) =>
    JSON.stringify([
      ...[to.provider, to.platform, to.details.deviceType],
      isLocal(body) ? to.language : null,
      Object.keys(to.tags).length > 0 ? to.tags : null,
      badgeChange(body) === undefined ? null : to.details.badge,
    ]),
  render(body: Json, to: Recipient, { externalId }: Sent) {
    const form = FORMS[to.provider]
    // Safari's own push, whose topic belongs to no app.
    if (!form || (to.provider === 'apns' && to.platform === 'web')) return null
    return form(body, to, { p: hashOf(externalId), md: JSON.stringify({ uid: externalId }) })
  },
}
