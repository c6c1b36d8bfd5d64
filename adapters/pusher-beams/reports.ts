import { GatewayError } from '../../src/domain/error.ts'
import { LENGTHS } from '../../src/domain/lengths.ts'
import type { ReceiptKind } from '../../src/domain/receipt.ts'
import { nearestNumber } from '../../src/wire/json.ts'

const EVENTS: ReadonlyMap<unknown, ReceiptKind> = new Map([
  ['delivery', 'delivered'],
  ['open', 'opened'],
])
/** Later times come from broken clocks and are refused (the year 9999). */
const LAST_SECOND = 253_402_300_799

export interface Report {
  readonly kind: ReceiptKind
  readonly publishId: string
  readonly deviceId: string
  readonly at: Date
  readonly details: Readonly<Record<string, unknown>>
}

/** Validates a delivery or open report (section 4, "Reporting"). Throws `invalid`, naming the member. */
export function report(body: Readonly<Record<string, unknown>>): Report {
  const { event, publishId, deviceId, timestampSecs } = body
  const kind = typeof event === 'string' ? EVENTS.get(event.toLowerCase()) : undefined
  if (!kind) throw missing('event')
  if (typeof publishId !== 'string' || publishId === '') throw missing('publishId')
  if (typeof deviceId !== 'string' || deviceId === '') throw missing('deviceId')
  const seconds = nearestNumber(timestampSecs)
  if (seconds === undefined || !(seconds >= 0 && seconds <= LAST_SECOND)) throw missing('timestampSecs')
  const { userId, appInBackground, hasDisplayableContent, hasData } = body
  return {
    kind,
    publishId,
    deviceId,
    // The web SDK before 1.0.1 sent fractions.
    at: new Date(Math.floor(seconds) * 1000),
    details: {
      ...(typeof userId === 'string' && userId.length <= LENGTHS.user && { userId }),
      ...(typeof appInBackground === 'boolean' && { appInBackground }),
      ...(typeof hasDisplayableContent === 'boolean' && { hasDisplayableContent }),
      ...(typeof hasData === 'boolean' && { hasData }),
    },
  }
}

const missing = (member: string) => new GatewayError('invalid', `\`${member}\` is missing or not valid.`)
