import type { Platform } from './device.ts'

/** A value to compare with; `daysAgo` is the start of that UTC day, computed when the message is sent. */
export type Operand = string | number | boolean | { readonly daysAgo: number }

/**
 * Selects devices of an audience by their tags. A list matches if any of its elements matches. A device without the tag
 * matches only `set: false` (and `not`). Bounds are inclusive and compare numbers with numbers, and texts with texts by
 * code unit. With `by`, texts are compared as versions (number by number from the left) or as instants: dates as text or in
 * seconds since 1970.
 */
export type Filter =
  | { readonly all: readonly Filter[] }
  | { readonly any: readonly Filter[] }
  | { readonly not: Filter }
  | { readonly platforms: readonly Platform[] }
  | { readonly topic: string }
  | { readonly tag: string; readonly set: boolean }
  | { readonly tag: string; readonly in: readonly Operand[] }
  | { readonly tag: string; readonly from?: Operand; readonly to?: Operand; readonly by?: 'version' | 'date' }

/** Most conditions of a filter, most levels of nesting, and most elements of a list. */
export const FILTER_LIMITS = { conditions: 200, depth: 20, elements: 1000 } as const

/** The part of a device that filters read. */
export interface Filtered {
  readonly platform: Platform
  readonly topics: ReadonlySet<string>
  readonly tags: Readonly<Record<string, unknown>>
}

const DAY = 86_400_000

/** Whether a device matches at a time. */
export function matchesFilter(filter: Filter, device: Filtered, now: Date): boolean {
  if ('all' in filter) return filter.all.every((one) => matchesFilter(one, device, now))
  if ('any' in filter) return filter.any.some((one) => matchesFilter(one, device, now))
  if ('not' in filter) return !matchesFilter(filter.not, device, now)
  if ('platforms' in filter) return filter.platforms.includes(device.platform)
  if ('topic' in filter) return device.topics.has(filter.topic)
  const value = Object.hasOwn(device.tags, filter.tag) ? device.tags[filter.tag] : undefined
  if ('set' in filter) return (value !== undefined) === filter.set
  if (value === undefined) return false
  const elements: readonly unknown[] = Array.isArray(value) ? value : [value]
  const known = (operand: Operand) =>
    typeof operand === 'object' ? startOfDay(operand.daysAgo, now) : operand
  if ('in' in filter) {
    const wanted = new Set<unknown>(filter.in.map(known))
    return elements.some((element) => wanted.has(element))
  }
  const compare = { version: compareVersions, date: compareDates, alike: compareAlike }[filter.by ?? 'alike']
  const within = (element: unknown, bound: Operand | undefined, sign: 1 | -1) => {
    if (bound === undefined) return true
    const order = compare(element, known(bound))
    return order !== null && order * sign >= 0
  }
  return elements.some((element) => within(element, filter.from, 1) && within(element, filter.to, -1))
}

/** Seconds since 1970 of the start of a UTC day. */
const startOfDay = (daysAgo: number, now: Date): number =>
  (Math.floor(now.getTime() / DAY) - daysAgo) * (DAY / 1000)

/** The order of two values of one type; null for values that have none. */
function compareAlike(left: unknown, right: unknown): number | null {
  if (typeof left === 'number' && typeof right === 'number') return left - right
  if (typeof left !== 'string' || typeof right !== 'string') return null
  return left < right ? -1 : Number(left > right)
}

const VERSION = /^\d{1,15}(?:\.\d{1,15})*$/

function compareVersions(left: unknown, right: unknown): number | null {
  const [one, other] = [left, right].map((version) =>
    typeof version === 'string' && VERSION.test(version) ? version.split('.').map(Number) : null,
  )
  if (!one || !other) return null
  for (let at = 0; at < Math.max(one.length, other.length); at++) {
    const difference = (one[at] ?? 0) - (other[at] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

const WRITTEN = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?)(Z|[+-]\d{2}:?\d{2})?)?$/

function compareDates(left: unknown, right: unknown): number | null {
  const difference = secondsOf(left) - secondsOf(right)
  return Number.isNaN(difference) ? null : difference
}

/** A date in seconds since 1970; NaN if it is not a date. UTC if it has no time zone. */
function secondsOf(date: unknown): number {
  if (typeof date === 'number') return date
  if (typeof date !== 'string') return Number.NaN
  if (/^\d{1,15}$/.test(date)) return Number(date)
  const [, day, time = '00:00', zone = 'Z'] = WRITTEN.exec(date) ?? []
  return day === undefined ? Number.NaN : Date.parse(`${day}T${time}${zone}`) / 1000
}

/** The names of the tags that a filter reads. */
export function tagsOf(filter: Filter): readonly string[] {
  if ('all' in filter) return filter.all.flatMap(tagsOf)
  if ('any' in filter) return filter.any.flatMap(tagsOf)
  if ('not' in filter) return tagsOf(filter.not)
  return 'tag' in filter ? [filter.tag] : []
}

/** The names of the topics that a filter reads. */
export function topicsOf(filter: Filter): readonly string[] {
  if ('all' in filter) return filter.all.flatMap(topicsOf)
  if ('any' in filter) return filter.any.flatMap(topicsOf)
  if ('not' in filter) return topicsOf(filter.not)
  return 'topic' in filter ? [filter.topic] : []
}
