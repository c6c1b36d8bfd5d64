import type { Rendered } from '../../../src/delivery/rendering.ts'
import { mapOf } from '../../../src/wire/json.ts'
import type { Rendering } from './form.ts'

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
}
/** Escaped, without control characters that XML cannot contain. */
const xml = (value: unknown): string =>
  String(value ?? '')
    .replace(/[^\t\n\r\x20-\uffff]/g, '')
    .replace(/[&<>"']/g, (one) => ENTITIES[one] ?? one)

/** Raw data or a badge if the settings have one; otherwise the text, as a toast. */
export function windows({ body, of, text }: Rendering): Pick<Rendered['push'], 'body' | 'headers'> {
  const raw = mapOf(of.raw)?.payload
  if (raw !== undefined && raw !== null) {
    return {
      body: typeof raw === 'string' ? raw : JSON.stringify(raw),
      headers: { 'x-wns-type': 'wns/raw' },
    }
  }
  const badge = mapOf(of.badge)
  if (badge && !of.toast) return { body: `<badge value="${xml(badge.value)}"/>` }
  const { launch, duration } = mapOf(of.toast) ?? {}
  const attributes = Object.entries({ launch, duration })
    .filter(([, value]) => typeof value === 'string')
    .map(([name, value]) => ` ${name}="${xml(value)}"`)
    .join('')
  const binding = `<binding template="ToastText01"><text id="1">${xml(text(body.message.alert))}</text></binding>`
  return { body: `<toast${attributes}><visual>${binding}</visual></toast>` }
}
