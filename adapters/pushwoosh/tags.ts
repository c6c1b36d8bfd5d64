import type { Profile } from '../../src/domain/device.ts'
import { TAG_LIMITS, type Tag, type TagChange, type TypedValue } from '../../src/domain/tag.ts'
import { isStorable } from '../../src/domain/text.ts'
import { Digits, isObject, type Json, nearestNumber, wholeDigits } from '../../src/wire/json.ts'
import { argument } from './errors.ts'
import { columnOf, isSystemTag, systemType } from './system-tags.ts'

export interface Skipped {
  readonly tag: string
  readonly reason: string
}

/** The tags of a request, parsed according to section 8. */
export interface TagRequest {
  readonly changes: readonly TagChange[]
  /** Values that fit no tag type. */
  readonly skipped: readonly Skipped[]
  /** The columns that correspond to system tags among them. */
  readonly profile: Partial<Profile>
}

const INVALID_TYPE = 'Invalid type'
export const NO_TAGS: TagRequest = { changes: [], skipped: [], profile: {} }

/** In characters; the vendor documents no limits. The total size is limited per device. */
export const TAG_NAME = 255
const TEXT = 16_384

const DATE =
  /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])( ([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?)?$/
/** Dates as JavaScript and Swift serialize them. */
const ISO_DATE =
  /^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])T([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,9})?)?(Z|[+-][0-9]{2}:?[0-9]{2})?$/
const VERSION = /^[0-9]{1,4}(\.[0-9]{1,4}){0,3}$/
const DECIMAL = /^[+-]?[0-9]{1,15}(\.[0-9]{1,15})?$/
/** An increment in the notation of older clients (section 8). */
const OLD_INCREMENT = /^#pwinc#([+-]?[0-9]{1,15}(?:\.[0-9]{1,15})?)$/
/** Small enough that repeated increments cannot overflow a number. */
const LARGEST_INCREMENT = 1e15

/**
 * Parses `tags`; each tag that fits its type is applied, independently of the others. Throws for tags that are too many,
 * too long (section 8) or unstorable (identity R22).
 */
export function tagRequest(tags: Json): TagRequest {
  bounded(tags)
  const changes: TagChange[] = []
  const skipped: Skipped[] = []
  let profile: Partial<Profile> = {}
  for (const [name, value] of Object.entries(tags)) {
    const change = changeOf(name, value)
    if (typeof change === 'string') {
      skipped.push({ tag: name, reason: change })
      continue
    }
    changes.push(change)
    profile = { ...profile, ...columnOf(change) }
  }
  return { changes, skipped, profile }
}

function bounded(tags: Json): void {
  const { changes, bytesPerDevice } = TAG_LIMITS
  if (Object.keys(tags).length > changes) throw argument(`tags has more than ${changes} members`)
  const text = JSON.stringify(tags)
  const large = text.length * 3 > bytesPerDevice && new TextEncoder().encode(text).length > bytesPerDevice
  if (large) throw argument(`tags takes more than ${bytesPerDevice} bytes`)
}

/** The change for one tag, or the reason why there is none. */
export function changeOf(name: string, value: unknown): TagChange | string {
  if (name === '') return 'Invalid name'
  if (name.length > TAG_NAME) throw argument(`a tag's name is longer than ${TAG_NAME} characters`)
  if (!isStorable(name)) throw argument("a tag's name has characters that cannot be stored")
  if (value === null) return { name, do: 'remove' }
  const change = isObject(value) ? operation(name, value) : plain(name, value)
  if (typeof change === 'string' || change.do === 'remove' || !isSystemTag(name)) return change
  const type = systemType(name)
  // Devices report versions of any form, and setTags must accept every value that getTags returned.
  const as =
    type === 'version' && typeof value === 'string'
      ? [{ type, value }]
      : change.as.filter((one) => one.type === type)
  return as.length > 0 ? { ...change, as, fixed: true } : INVALID_TYPE
}

function plain(name: string, value: unknown): TagChange | string {
  const old = typeof value === 'string' ? OLD_INCREMENT.exec(value)?.[1] : undefined
  if (old !== undefined) return operation(name, { operation: 'increment', value: old })
  const as = candidates(value)
  return as.length > 0 ? { name, do: 'set', as, stamped: true } : INVALID_TYPE
}

/** The value in every type it could have; the first is the type of a new tag. */
function candidates(value: unknown): TypedValue[] {
  if (typeof value === 'boolean') return [{ type: 'boolean', value }, listOf(value)]
  if (typeof value === 'number' || value instanceof Digits) return numberCandidates(value)
  if (typeof value === 'string') return textCandidates(storable(value))
  const list = elements(value)
  return list && Array.isArray(value) ? [{ type: 'list', value: list }] : []
}

/** Throws for a text that is too long or unstorable. */
function storable(text: string): string {
  if (text.length > TEXT) throw argument(`a tag has a text longer than ${TEXT} characters`)
  if (!isStorable(text)) throw argument('a tag has characters that cannot be stored')
  return text
}

/** Throws for an integer that a client's double cannot represent exactly. */
function numberCandidates(given: number | Digits): TypedValue[] {
  const value = Number(nearestNumber(given))
  if (!Number.isFinite(value)) return []
  if (wholeDigits(given) !== undefined ? given instanceof Digits : Number.isInteger(value)) {
    throw argument(`a number of a tag is beyond ${Number.MAX_SAFE_INTEGER}`)
  }
  const list = listOf(value)
  if (!Number.isInteger(value)) return [{ type: 'price', value }, list]
  return [
    { type: 'integer', value },
    { type: 'price', value },
    ...(value >= 0 ? [{ type: 'date', value }] : []),
    ...(value === 0 || value === 1 ? [{ type: 'boolean', value: value === 1 }] : []),
    list,
  ]
}

function textCandidates(value: string): TypedValue[] {
  const whole = /^[+-]?[0-9]{1,15}$/.test(value)
  return [
    ...(DATE.test(value) ? [{ type: 'date', value }] : []),
    { type: 'string', value },
    ...(whole ? [{ type: 'integer', value: Number(value) }] : []),
    ...(DECIMAL.test(value) ? [{ type: 'price', value: Number(value) }] : []),
    ...(/^[0-9]{1,15}$/.test(value) || ISO_DATE.test(value) ? [{ type: 'date', value }] : []),
    ...(VERSION.test(value) ? [{ type: 'version', value }] : []),
    listOf(value),
  ]
}

const listOf = (value: string | number | boolean): TypedValue => ({ type: 'list', value: [String(value)] })

/** The elements of a list, or a scalar as its only element, as texts; null if one is neither a text nor a scalar. */
function elements(value: unknown): string[] | null {
  const given: readonly unknown[] = Array.isArray(value) ? value : [value]
  if (given.length > TAG_LIMITS.elements) {
    throw argument(`a list has more than ${TAG_LIMITS.elements} elements`)
  }
  const found: string[] = []
  for (const one of given) {
    const plain = one instanceof Digits ? one.text : one
    if (typeof plain !== 'string' && typeof plain !== 'boolean' && !Number.isFinite(plain)) return null
    found.push(storable(String(plain)))
  }
  return found
}

function operation(name: string, { operation: kind, value }: Json): TagChange | string {
  if (kind === 'increment') {
    const step = typeof value === 'string' && DECIMAL.test(value) ? Number(value) : nearestNumber(value)
    if (typeof step !== 'number' || !(Math.abs(step) <= LARGEST_INCREMENT)) return INVALID_TYPE
    const types = Number.isInteger(step) ? ['integer', 'price'] : ['price', 'integer']
    return { name, do: 'increment', as: types.map((type) => ({ type, value: step })) }
  }
  if (kind === 'append' || kind === 'remove') {
    const list = elements(value)
    if (!list) return INVALID_TYPE
    return { name, do: kind === 'append' ? 'append' : 'subtract', as: [{ type: 'list', value: list }] }
  }
  return kind === undefined ? INVALID_TYPE : 'Invalid operation'
}

/** `getTags`: every value as it was set, by name. */
export const presentTags = (tags: readonly Tag[]): Json =>
  Object.fromEntries(tags.map(({ name, value }) => [name, value]))

/** `response` of setTags: null, or what was skipped. */
export function presentSkipped(request: TagRequest, mismatched: readonly string[]) {
  const skipped = [...request.skipped, ...mismatched.map((tag) => ({ tag, reason: INVALID_TYPE }))]
  return skipped.length > 0 ? { skipped } : null
}
