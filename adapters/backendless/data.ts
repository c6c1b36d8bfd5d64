import type { Device } from '../../src/domain/device.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { presentRows } from './present.ts'

/** The only supported condition: these keys ship in apps and must not list other devices (section 10). */
const WHERE = /^\s*deviceId\s*=\s*'((?:[^']|'')*)'\s*$/

/** The device id in the condition of a `find`. Throws `invalid` for any other condition. */
export function queriedDevice({ where }: Readonly<Record<string, unknown>>): string {
  const literal = typeof where === 'string' ? WHERE.exec(where)?.[1] : undefined
  if (literal === undefined) {
    throw new GatewayError('invalid', "The only condition for this table is deviceId = '<id>'.")
  }
  return literal.replaceAll("''", "'")
}

/** The requested page of a device's rows; 10 rows by default, at most 100, like the vendor. */
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
