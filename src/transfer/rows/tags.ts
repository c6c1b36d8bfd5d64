import type { ImportTag } from '../../domain/import.ts'
import { TAG_LIMITS, type TagValue, type TypedValue } from '../../domain/tag.ts'
import { isStorable, isStorableDocument } from '../../domain/text.ts'
import type { RawTag } from '../format.ts'

const NAME = 255
const TEXT = 16_384
const INTEGER = /^-?(0|[1-9]\d{0,14})$/
const PRICE = /^-?(0|[1-9]\d{0,14})\.\d{1,4}$/
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])( ([01]\d|2[0-3]):[0-5]\d(:[0-5]\d)?)?$/

/** The tags of a row that can be stored, and whether all of them can. */
export function tagsOf(
  raw: readonly RawTag[] | 'malformed' | undefined,
  isTable: boolean,
): { tags: readonly ImportTag[]; whole: boolean } {
  if (raw === undefined) return { tags: [], whole: true }
  if (raw === 'malformed') return { tags: [], whole: false }
  const tags: ImportTag[] = []
  let bytes = 0
  let whole = true
  for (const { name, value, type } of raw) {
    if (value === undefined || value === null || (isTable && value === '')) continue
    const as = name === '' || name.length > NAME || !isStorable(name) ? [] : candidates(value, type, isTable)
    const size = as.length === 0 ? 0 : 3 * (name.length + JSON.stringify(as[0]?.value).length)
    if (as.length === 0 || bytes + size > TAG_LIMITS.bytesPerDevice || tags.length >= TAG_LIMITS.changes) {
      whole = false
      continue
    }
    bytes += size
    tags.push({ name, as })
  }
  return { tags, whole }
}

/**
 * The value in every type to which it converts without loss, the preferred type first; empty if it cannot be
 * stored.
 */
function candidates(value: unknown, type: string | undefined, isTable: boolean): readonly TypedValue[] {
  if (!isStorableDocument(value)) return []
  const own = isTable && typeof value === 'string' ? ofText(value) : ofJson(value)
  if (type === undefined) return own
  const fits = own.find((one) => one.type === type)
  const asIs: readonly TypedValue[] = fits ? [fits] : isValue(value) ? [{ type, value }] : []
  return [...asIs, ...own.filter((one) => one.type !== type)]
}

const isValue = (value: unknown): value is TagValue => value !== null && value !== undefined

function ofText(text: string): readonly TypedValue[] {
  if (text.length > TEXT) return []
  const list = listIn(text)
  if (list) return [{ type: 'list', value: list }, ofString(text)]
  if (INTEGER.test(text))
    return [{ type: 'integer', value: Number(text) }, { type: 'price', value: Number(text) }, ofString(text)]
  if (PRICE.test(text)) return [{ type: 'price', value: Number(text) }, ofString(text)]
  if (text === 'true' || text === 'false')
    return [{ type: 'boolean', value: text === 'true' }, ofString(text)]
  if (DATE.test(text)) return [{ type: 'date', value: text }, ofString(text)]
  return [ofString(text)]
}
const ofString = (value: string): TypedValue => ({ type: 'string', value })

function listIn(text: string): string[] | null {
  if (!text.startsWith('[')) return null
  try {
    const list: unknown = JSON.parse(text)
    if (!Array.isArray(list) || list.length > TAG_LIMITS.elements) return null
    return list.every((one) => ['string', 'number', 'boolean'].includes(typeof one)) ? list.map(String) : null
  } catch {
    return null
  }
}

function ofJson(value: unknown): readonly TypedValue[] {
  if (typeof value === 'string')
    return value.length > TEXT
      ? []
      : [ofString(value), ...(DATE.test(value) ? [{ type: 'date', value }] : [])]
  if (typeof value === 'boolean') return [{ type: 'boolean', value }]
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) return []
    const whole = Number.isSafeInteger(value)
    return [...(whole ? [{ type: 'integer', value }] : []), { type: 'price', value }, ofString(String(value))]
  }
  if (Array.isArray(value)) return value.length > TAG_LIMITS.elements ? [] : [{ type: 'list', value }]
  return []
}
