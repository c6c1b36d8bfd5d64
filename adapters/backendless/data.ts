import type { Device } from '../../src/domain/device.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { presentRows } from './present.ts'

/** The one condition that is obeyed: these keys ship in apps, and none may list other devices (section 10). */
const WHERE = /^\s*deviceId\s*=\s*'((?:[^']|'')*)'\s*$/

/** The device id that a `find` asks for. Throws `invalid` for any other condition. */
export function queriedDevice({ where }: Readonly<Record<string, unknown>>): string {
  const literal = typeof where === 'string' ? WHERE.exec(where)?.[1] : undefined
  if (literal === undefined) {
    throw new GatewayError('invalid', "The only condition for this table is deviceId = '<id>'.")
  }
  return literal.replaceAll("''", "'")
}

/** The page of a device's rows that was asked for; the service's pages have 10 rows unless told, at most 100. */
export function queriedRows(device: Device | null, query: Readonly<Record<string, unknown>>) {
  const offset = whole(query.offset, 0, Number.MAX_SAFE_INTEGER) ?? 0
  const pageSize = whole(query.pageSize, 1, 100) ?? 10
  return device ? presentRows(device).slice(offset, offset + pageSize) : []
}

function whole(value: unknown, least: number, most: number): number | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most) return value
  throw new GatewayError('invalid', 'pageSize must be from 1 to 100, offset from 0.')
}
