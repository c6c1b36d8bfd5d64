import type { ImportTerms, Placed } from '../../src/transfer/format.ts'
import { type BeamsPlatform, isDeviceId, pushToken } from './devices.ts'
import { INTERESTS } from './interests.ts'

/** In which paths the SDK of a platform calls. */
const pathOf = ({ platform }: Placed): BeamsPlatform =>
  platform === 'ios' || platform === 'macos' ? 'apns' : platform === 'web' ? 'web' : 'fcm'

/** The vendor lets nobody export; a team that kept ids and tokens writes them in our own format (migration.md 1.6). */
export const IMPORTS: ImportTerms = {
  idLimit: 1000,
  userLimit: 164,
  policy: INTERESTS,
  formats: [],
  placeholder: (row) => `${pathOf(row)}-${crypto.randomUUID()}`,
  idOf: (row) => (row.externalId !== null && isDeviceId(row.externalId, pathOf(row)) ? row.externalId : null),
  subscription: (token) => pushToken('web', token),
}
