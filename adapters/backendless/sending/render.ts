import type { Rendered, Sending } from '../../../src/delivery/rendering.ts'
import { DEFAULT_TTL, type Json, type Recipient } from '../../../src/domain/message.ts'
import { fcmData, mergePatch } from '../../../src/domain/payload.ts'
import { isObject } from '../../../src/wire/json.ts'
import { compose } from './compose.ts'
import { bodyOf, type Content, contentOf, type Form, type Os } from './message.ts'

/** Renders a message for the phones of this dialect (section 6.3). */
export const sending: Sending = {
  compose: (message) => bodyOf(compose(message)),

  variant: (body, to) => `${to.provider} ${to.platform} ${knowsTemplate(contentOf(body), to)}`,

  render(body, to, { externalId }) {
    const { per, ...content } = contentOf(body)
    const os: Os = to.provider === 'fcm' ? 'android' : to.platform === 'macos' ? 'osx' : 'ios'
    const own = per?.[os]
    const all = { ...content, ...own, headers: { ...content.headers, ...own?.headers } }
    if (to.provider === 'fcm') return rendered(all, android(all, externalId))
    return to.provider === 'apns' ? rendered(all, apple(all, to, externalId)) : null
  },
}

const rendered = ({ silent, collapse, priority, ttl }: Content, document: Json): Rendered => ({
  push: {
    body: JSON.stringify(document),
    priority: priority ?? (silent ? 'normal' : 'high'),
    ...(collapse !== undefined && { collapse }),
  },
  ttl: ttl ?? DEFAULT_TTL,
})

/** A device lists the templates that it received when it registered. */
const knowsTemplate = ({ template }: Content, { details }: Recipient): boolean =>
  Array.isArray(details.templates) && details.templates.includes(template)

/** The headers without those that only other platforms read. */
const headersBut = (foreign: RegExp, { headers }: Form) =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => !foreign.test(name)))

/** Data only: a notification would be displayed by the system and never reach the SDK (section 1, row 1). */
function android(content: Content, messageId: string): Json {
  const { message, publisherId, subtopic, template, silent, overrides } = content
  const headers = headersBut(/^(?:ios|wp)-/, content)
  // Old SDKs show nothing without a ticker text, and show no other text than this one.
  const needed = silent
    ? {}
    : {
        'android-ticker-text': headers['android-content-title'] ?? message,
        'android-content-text': message,
      }
  const own = { message, publisherId, subtopic, template_name: template }
  const changed = mergePatch({ data: fcmData({ ...needed, ...headers, ...own }) }, overrides?.fcm)
  // Set after the operator's overrides, so that they cannot replace it.
  return { ...changed, data: { ...(isObject(changed.data) && changed.data), messageId } }
}

/** `aps`, and next to it the members that the SDK's extension and the app read. */
function apple(content: Content, to: Recipient, messageId: string): Json {
  const { message, publisherId, subtopic, silent, aps, overrides } = content
  const headers = headersBut(/^(?:android|wp)-/, content)
  // The extension crashes on a template that the phone does not have (section 6.4).
  const template_name = knowsTemplate(content, to) ? content.template : undefined
  const shown = silent ? { 'content-available': 1 } : shownBy(headers, message)
  const changes = template_name ?? headers.ios_immediate_push ?? headers['attachment-url']
  const mutable = changes !== undefined && { 'mutable-content': 1 }
  const own = { message, publisherId, subtopic, template_name, aps: { ...shown, ...mutable, ...aps } }
  return { ...mergePatch({ ...headers, ...own }, overrides?.apns), messageId }
}

function shownBy(headers: Readonly<Record<string, string>>, message: string): Json {
  const badge = Number(headers['ios-badge'] || Number.NaN)
  return {
    alert: {
      title: headers['ios-alert-title'],
      subtitle: headers['ios-alert-subtitle'],
      body: headers['ios-alert-body'] ?? headers['ios-alert'] ?? message,
    },
    ...(Number.isInteger(badge) && { badge }),
    sound: headers['ios-sound'] ?? 'default',
    // The Swift SDK sets this header on every message, so the alert is kept with it.
    ...(headers['ios-content-available'] === '1' && { 'content-available': 1 }),
  }
}
