import type { Json } from '../../../src/domain/message.ts'
import { present } from '../../../src/domain/payload.ts'
import { mapOf } from '../../../src/wire/json.ts'
import type { Form, Rendering } from './form.ts'

/** The values of the settings as the classic SDK reads them; its old builds throw on words. */
const NUMBERS: Readonly<Record<string, number>> = {
  ...{ max: 2, high: 1, default: 0, low: -1, min: -2 },
  ...{ public: 1, private: 0, secret: -1 },
}

/** Only data: FCM would show a `notification` itself, without the SDK (sending.md 1). */
export function android({ body, of, text, cloud }: Rendering): Form {
  const { message } = body
  const word = (value: unknown) => (cloud || typeof value !== 'string' ? value : NUMBERS[value])
  const { channelId, groupId, collapseKey } = of
  const channel = present({ channelId, groupId })
  return {
    document: {
      data: present({
        ...{ alert: text(message.alert), url: message.url, payload: of.payload, sound: of.sound },
        ...{ bridge: of.bridge, redact: of.redact, category: of.category, icon: of.icon },
        ...{ interactiveCategory: of.interactiveCategory, androidTitle: text(of.androidTitle) },
        // Notifications with the same key are dismissed together.
        key: of.sync === true ? collapseKey : undefined,
        priority: word(of.priority),
        visibility: word(of.visibility),
        style: styleOf(mapOf(of.style)),
        lights: lightsOf(mapOf(of.lights)),
        // One for each SDK generation.
        ...{ type: of.type, notificationType: of.type },
        channel: cloud && Object.keys(channel).length > 0 ? channel : undefined,
      }),
    },
    collapse: collapseKey,
  }
}

/** The type under the names of both generations; lines in the form of a Java list. */
function styleOf(style: Json | undefined): Json | undefined {
  const given = style?.type ?? style?.notification_type
  if (!style || typeof given !== 'string') return undefined
  const type = given.toUpperCase()
  const { title, text, url, lines } = style
  const listed = Array.isArray(lines) ? `[${lines.join(', ')}]` : lines
  return present({ type, notification_type: type, title, text, url, lines: listed })
}

function lightsOf(lights: Json | undefined): Json | undefined {
  if (!lights) return undefined
  const ledARGB = lights.ledArgb ?? lights.ledARGB
  return present({
    ledARGB: typeof ledARGB === 'string' ? ledARGB.toUpperCase() : ledARGB,
    ledOnMS: lights.ledOnMs ?? lights.ledOnMS,
    ledOffMS: lights.ledOffMs ?? lights.ledOffMS,
  })
}
