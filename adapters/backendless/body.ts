import type { Request } from '../../src/adapter.ts'
import { GatewayError } from '../../src/domain/error.ts'
import { mediaType, readJsonObject } from '../../src/wire/body.ts'

/** Accepts any JSON content type, or none, because the SDKs differ (section 3). */
export function jsonBody(c: Request): Promise<Record<string, unknown>> {
  const type = mediaType(c)
  if (type !== null && type !== 'application/json') {
    throw new GatewayError('bad_media_type', 'Content-Type must be application/json.')
  }
  return readJsonObject(c)
}
