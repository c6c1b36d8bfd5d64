import type { Schedule } from '../domain/message.ts'

const SECOND = 1000
/** A message by local time starts when the first time zone reaches it (UTC+14). */
const EARLIEST_ZONE = 14 * 3_600_000
const MINUTE = 60 * SECOND

/** The offset of a zone from UTC at a time, in milliseconds; null for an unknown zone. */
function offsetOf(zone: string, at: Date): number | null {
  const [, sign, hours, minutes] = /^([+-])(0\d|1[0-4]):?([0-5]\d)$/.exec(zone) ?? []
  if (sign) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE
  // Some SDKs report it in seconds.
  if (/^-?\d{1,5}$/.test(zone)) return Number(zone) * SECOND
  try {
    const shown = new Intl.DateTimeFormat('sv-SE', {
      timeZone: zone,
      dateStyle: 'short',
      timeStyle: 'medium',
    })
    return Date.parse(`${shown.format(at).replace(' ', 'T')}Z`) - Math.floor(at.getTime() / SECOND) * SECOND
  } catch {
    return null
  }
}

/** When a zone's local time equals the UTC time `wall`; for an unknown zone, `wall` itself. */
export function localTime(wall: Date, zone: string | null): Date {
  if (zone === null) return wall
  const guess = offsetOf(zone, wall)
  if (guess === null) return wall
  // The offset at that time, which may differ just after a clock change.
  const offset = offsetOf(zone, new Date(wall.getTime() - guess)) ?? guess
  return new Date(wall.getTime() - offset)
}

/** The local time at which a message by local time is due, expressed as that time in UTC. */
export const wallOf = (schedule: Schedule | undefined, run: number, began: Date): Date =>
  run === 0 && schedule?.at ? schedule.at : new Date(began.getTime() + EARLIEST_ZONE)
