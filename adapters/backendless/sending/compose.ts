import type { NeutralMessage } from '../../../src/domain/message.ts'
import { asText, inLanguage } from '../../../src/domain/payload.ts'
import { Digits } from '../../../src/wire/json.ts'
import type { Content } from './message.ts'

/**
 * Converts an operator's message, which is in neutral terms; the languages of devices are not known here
 * (section 8).
 */
export function compose(neutral: NeutralMessage): Content {
  const { silent, ttl, priority, collapseKey, category, group, overrides } = neutral
  const [title, subtitle, body] = [neutral.title, neutral.subtitle, neutral.body].map((text) =>
    inLanguage(text, null),
  )
  return {
    message: body ?? '',
    headers: headersOf({
      ...neutral.data,
      'ios-alert-title': title,
      'android-content-title': title,
      'ios-alert-subtitle': subtitle,
      'android-summary-subtext': subtitle,
      'ios-sound': neutral.sound,
      'android-content-sound': neutral.sound,
      // This dialect cannot express a change such as `+1`.
      'ios-badge': typeof neutral.badge === 'number' ? neutral.badge : undefined,
      'attachment-url': neutral.image,
      'android-action': neutral.link,
    }),
    aps: { category, 'thread-id': group },
    ...{ silent, ttl, priority, collapse: collapseKey, overrides },
  }
}

/** Header values are texts; null counts as absent (section 6.2). */
export const headersOf = (values: Readonly<Record<string, unknown>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name, textOf(value)]],
    ),
  )

/** A text, or the JSON text of anything else; a number keeps its digits. */
export const textOf = (value: unknown): string => (value instanceof Digits ? value.text : asText(value))
