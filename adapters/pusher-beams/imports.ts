import type { ImportTerms, Placed } from '../../src/transfer/format.ts'
import { type BeamsPlatform, isDeviceId, pushToken } from './devices.ts'
import { INTERESTS } from './interests.ts'

/** The platform's name in the paths that its SDK calls. */
const pathOf = ({ platform }: Placed): BeamsPlatform =>
  platform === 'ios' || platform === 'macos' ? 'apns' : platform === 'web' ? 'web' : 'fcm'

/**
 * The vendor has no export; a team that kept ids and tokens writes them in our own format (migration.md 1.6).
 */
export const IMPORTS: ImportTerms = {
  idLimit: 1000,
  userLimit: 164,
  policy: INTERESTS,
  formats: [],
  placeholder: (row) => `${pathOf(row)}-${crypto.randomUUID()}`,
  idOf: (row) => (row.externalId !== null && isDeviceId(row.externalId, pathOf(row)) ? row.externalId : null),
  subscription: (token) => pushToken('web', token),
}
