import { isObject } from '../text/json.ts'

const DAY = 86_400_000
/** No push service is older than this, so earlier times are invalid. */
const EARLIEST = Date.UTC(2008, 0, 1)

const ISO = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?)?\s*(Z|[+-]\d\d:?\d\d)?$/i
const AMERICAN = /^(\d\d)\/(\d\d)\/(\d{4}) (\d\d:\d\d:\d\d) GMT([+-]\d\d):?(\d\d)$/

/** Milliseconds; null for an empty value, undefined for an invalid or impossible time. */
export function timeOf(value: unknown, now: number, ahead = DAY): number | null | undefined {
  if (value === undefined || value === null || value === '') return null
  const time = read(value)
  if (time === undefined || Number.isNaN(time)) return undefined
  return time < EARLIEST || time > now + ahead ? undefined : time
}

/** An expiry may be in any future year. */
export const FAR = Number.MAX_SAFE_INTEGER

function read(value: unknown): number | undefined {
  if (typeof value === 'number') return ofDigits(String(value))
  if (isObject(value)) return ofObject(value)
  if (typeof value !== 'string') return undefined
  const text = value.trim()
  const digits = ofDigits(text)
  if (digits !== undefined) return digits
  const [, month, day, year, clock, hours, minutes] = AMERICAN.exec(text) ?? []
  if (month !== undefined)
    return exact(`${year}-${month}-${day}`, `${year}-${month}-${day}T${clock}${hours}:${minutes}`)
  const [, date, hour, minute, second = '00', fraction = '', zone = 'Z'] = ISO.exec(text) ?? []
  if (date === undefined) return undefined
  if (hour === undefined) return exact(date, `${date}T00:00:00Z`)
  const offset = zone.length === 5 ? `${zone.slice(0, 3)}:${zone.slice(3)}` : zone.toUpperCase()
  return exact(date, `${date}T${hour}:${minute}:${second}${fraction.slice(0, 4)}${offset}`)
}

/** JavaScript converts 31 February to a day in March. */
function exact(date: string, text: string): number | undefined {
  const day = new Date(`${date}T00:00:00Z`)
  return day.getUTCDate() === Number(date.slice(-2)) ? Date.parse(text) : undefined
}

function ofDigits(text: string): number | undefined {
  if (/^\d{10}$/.test(text)) return Number(text) * 1000
  return /^\d{13}$/.test(text) ? Number(text) : undefined
}

function ofObject(value: Readonly<Record<string, unknown>>): number | undefined {
  if (value.__type === 'Date') return read(value.iso)
  if (!('$date' in value)) return undefined
  const { $date: date } = value
  return isObject(date) && '$numberLong' in date ? read(String(date.$numberLong)) : read(date)
}
