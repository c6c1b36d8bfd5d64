import type { Schedule } from '../domain/message.ts'

const SECOND = 1000
/** A message by local time begins when the first zone has it (UTC+14). */
const EARLIEST_ZONE = 14 * 3_600_000
const MINUTE = 60 * SECOND

/** Milliseconds by which the clocks of a zone are ahead of UTC at a time; null for a zone that there is not. */
function offsetOf(zone: string, at: Date): number | null {
  const [, sign, hours, minutes] = /^([+-])(0\d|1[0-4]):?([0-5]\d)$/.exec(zone) ?? []
  if (sign) return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * MINUTE
  // Some SDKs tell it in seconds.
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

/** When a clock in a zone shows what one in UTC shows at `wall`; in UTC itself where the zone is unknown. */
export function localTime(wall: Date, zone: string | null): Date {
  if (zone === null) return wall
  const guess = offsetOf(zone, wall)
  if (guess === null) return wall
  // The offset at that very time: it may be another one just after a change of the clocks.
  const offset = offsetOf(zone, new Date(wall.getTime() - guess)) ?? guess
  return new Date(wall.getTime() - offset)
}

/** What the clocks show at which a run of a message by local time is due, as that time in UTC. */
export const wallOf = (schedule: Schedule | undefined, run: number, began: Date): Date =>
  run === 0 && schedule?.at ? schedule.at : new Date(began.getTime() + EARLIEST_ZONE)
