import type { Identity, Request } from '../../src/adapter.ts'
import { segmentOrNull } from '../../src/wire/path.ts'
import { INSTANCE_ID } from './provisioning.ts'

const INSTANCE = /^\/[a-z]+_api\/v[12]\/instances\/([^/]*)/

/** The instance id in the path; empty for an empty segment, null if the path has none. */
export const instanceId = (c: Request): string | null => segmentOrNull(INSTANCE.exec(c.req.path)?.[1])

/** Instance ids are UUIDs, in any case; any other text belongs to no app. */
export function identify(c: Request): Identity | null {
  const id = instanceId(c)
  if (!id) return null
  return { sent: id, by: INSTANCE_ID.test(id) ? { name: id.toLowerCase() } : undefined }
}
