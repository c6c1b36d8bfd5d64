import type { Rendered, Sent } from '../../../src/delivery/rendering.ts'
import { DEFAULT_TTL, type Json, type Recipient } from '../../../src/domain/message.ts'
import { fcmData, inLanguage, mergePatch, present } from '../../../src/domain/payload.ts'
import { mapOf, parseJsonText } from '../../../src/wire/json.ts'
import { isCloud } from '../devices.ts'
import { android } from './android.ts'
import type { Body } from './body.ts'
import { isUrgent } from './body.ts'
import type { Form, Rendering } from './form.ts'
import { alertPush } from './ios.ts'
import { windows } from './windows.ts'

/** Renders only bodies that `draftOf` or `compose` created. */
const bodyOf = (body: Json): Body => body as unknown as Body

/**
 * The section of the settings for each supported platform; Safari's pushes would need a site's certificate.
 */
const SECTIONS: Readonly<Record<string, string>> = {
  A: 'apns',
  G: 'gcm',
  W: 'wns',
  WEB_CHROME: 'chromeWeb',
  WEB_FIREFOX: 'firefoxWeb',
  APPEXT_CHROME: 'chromeAppExt',
}
/** For an example phone in a rehearsal; registered phones have a name. */
const USUAL: Readonly<Record<string, string>> = {
  'apns ios': 'A',
  'fcm android': 'G',
  'wns windows': 'W',
  'webpush web': 'WEB_CHROME',
}
const platformName = ({ details, provider, platform }: Recipient): string =>
  String(details.platformName ?? USUAL[`${provider} ${platform}`])

/** The properties of recipients that affect their payload. */
export function variant(body: Json, to: Recipient): string {
  const { message, settings } = bodyOf(body)
  const texts = [
    message.alert,
    ...Object.values(settings).flatMap((one) => [one.title, one.androidTitle, one.subtitle]),
  ]
  const localised = texts.some((text) => typeof text === 'object')
  return [platformName(to), isCloud(to.details), localised ? to.language : ''].join(' ')
}

export function render(stored: Json, to: Recipient, { externalId }: Sent): Rendered | null {
  const body = bodyOf(stored)
  const section = SECTIONS[platformName(to)]
  if (section === undefined || body.sms) return null
  const of = body.settings[section] ?? {}
  const text = (value: unknown) => inLanguage(value as Parameters<typeof inLanguage>[0], to.language)
  const rendering: Rendering = { body, of, text, cloud: isCloud(to.details) }
  const { ttl, priority, collapseKey, overrides } = body.operator ?? {}
  const urgent = isUrgent(of.priority) && priority !== 'normal'
  const push = { priority: urgent ? ('high' as const) : ('normal' as const) }
  const lasting = ttl ?? (typeof of.timeToLive === 'number' ? of.timeToLive : DEFAULT_TTL)
  if (section === 'wns') return { push: { ...push, ...windows(rendering) }, ttl: lasting }
  const { document, collapse } = FORMS[section]?.(rendering) ?? web(rendering)
  const key = collapse ?? collapseKey
  const message = enveloped(mergePatch(document, overrides?.[to.provider]), section, externalId)
  return {
    push: { ...push, body: JSON.stringify(message), ...(key !== undefined && { collapse: String(key) }) },
    ttl: lasting,
  }
}

const web = ({ body, of, text }: Rendering): Form => ({
  document: present({
    ...{ title: text(of.title), alert: text(body.message.alert) },
    ...{ iconUrl: of.iconUrl, payload: of.payload },
  }),
})

/** An extension reads the web's members as FCM data. */
const extension = (rendering: Rendering): Form => ({
  document: { data: web(rendering).document },
  collapse: rendering.of.collapseKey,
})

const FORMS: Readonly<Record<string, (rendering: Rendering) => Form>> = {
  apns: alertPush,
  gcm: android,
  chromeAppExt: extension,
}

/** The message's id, with which SDKs report, in a place that a caller's payload cannot overwrite. */
function enveloped(document: Json, section: string, nid: string): Json {
  if (section !== 'gcm' && section !== 'chromeAppExt') return withPayload(document, nid)
  const data = withPayload(mapOf(document.data) ?? {}, nid)
  const own = section === 'gcm' ? { mid: nid, 'has-template': '0' } : {}
  return { ...document, data: fcmData({ ...data, ...own }) }
}

/** SDKs read the payload as JSON text. */
function withPayload(document: Json, nid: string): Json {
  const { payload } = document
  const given = mapOf(typeof payload === 'string' ? parseJsonText(payload) : payload)
  return { ...document, payload: JSON.stringify({ ...given, nid }) }
}
