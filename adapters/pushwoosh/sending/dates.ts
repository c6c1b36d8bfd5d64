import { isObject } from '../../../src/wire/json.ts'
import { argument } from '../errors.ts'

const DATE_TIME = /^(\d{4})-(\d{2})-(\d{2})[ T](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z)?$/

/** The instant of a wall-clock time in UTC; undefined if the time is invalid. */
function utcOf(text: string): number | undefined {
  const [, ...parts] = DATE_TIME.exec(text.trim()) ?? []
  if (parts.length === 0) return undefined
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts.map((part) =>
    Number(part ?? 0),
  )
  const at = Date.UTC(year, month - 1, day, hour, minute, second)
  const same =
    new Date(at).toISOString().slice(0, 16) === `${parts.slice(0, 3).join('-')}T${parts[3]}:${parts[4]}`
  return same && second < 60 ? at : undefined
}

/** When a notification is sent: undefined for now. A time without its own zone is in `timezone`. */
export function sendDate(value: unknown, timezone: unknown): Date | undefined {
  if (value === undefined || value === null || value === '' || value === 'now') return undefined
  const at = typeof value === 'string' ? utcOf(value) : undefined
  if (typeof value !== 'string' || at === undefined) throw argument('Cannot parse date')
  if (timezone === undefined || timezone === null || timezone === '' || value.trim().endsWith('Z'))
    return new Date(at)
  if (typeof timezone !== 'string') throw argument('timezone must be a string')
  // The offset of the first guess may be from the other side of a clock change; the offset of the second
  // guess is correct.
  const guess = at - offsetAt(timezone, at)
  return new Date(at - offsetAt(timezone, guess))
}

/** A zone's offset from UTC at an instant, in milliseconds. */
function offsetAt(timeZone: string, at: number): number {
  try {
    const format = new Intl.DateTimeFormat('en-US', {
      timeZone,
      ...{ hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric' },
      ...{ hour: 'numeric', minute: 'numeric', second: 'numeric' },
    })
    const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = part
    return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000
  } catch {
    throw argument(`timezone ${JSON.stringify(timeZone).slice(0, 100)} is unknown`)
  }
}

const AGO = /^(\d{1,5}) days? ago$/i

/**
 * A date for comparison: seconds since 1970, or a number of days before today; undefined if it is invalid.
 */
export function dateOperand(value: unknown): number | { readonly daysAgo: number } | undefined {
  if (typeof value === 'number') return value
  if (typeof value !== 'string' || isObject(value)) return undefined
  const ago = AGO.exec(value.trim())?.[1]
  if (ago !== undefined) return { daysAgo: Number(ago) }
  if (/^\d{1,12}$/.test(value)) return Number(value)
  const at = utcOf(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value} 00:00` : value)
  return at === undefined ? undefined : at / 1000
}
