import type { DeviceLists, RegistrationDraft, Seen, TokenDraft } from '../../store.ts'
import type { Db } from '../port.ts'
import { toDevice } from '../rows.ts'
import { call } from '../statement.ts'
import type { DeviceRow } from '../statements/device-view.ts'
import { seenByKey, seenByToken } from '../statements/devices.ts'
import { taken } from '../statements/fresh.ts'
import { keyValues, listValues } from './values.ts'

/** The stored devices that a registration would affect, in one round trip. */
export async function look(
  db: Db,
  { key, identity, token }: Pick<RegistrationDraft, 'key' | 'identity' | 'token'>,
  now: number,
  lists?: DeviceLists,
): Promise<Seen> {
  const values = { now, ...keyValues(key), ...listValues(lists) }
  // The hash is computed on demand.
  const withToken = () => ({ provider: token?.provider ?? null, hash: token?.hash ?? null, ...values })
  const known = identity === 'token' && token ? call(seenByToken, withToken()) : call(seenByKey, values)
  if (!db.inThread) {
    const [[row], [found]] = await db.read([known, call(taken, withToken())])
    return seen(row, found)
  }
  // Most calls find their device unchanged, so no further query is needed.
  const [[row]] = await db.read([known])
  if (row && (!token || holdsAsSent(row, token))) return seen(row, undefined)
  const [[found]] = await db.read([call(taken, withToken())])
  return seen(row, found)
}

const holdsAsSent = (row: DeviceRow, { provider, token }: TokenDraft): boolean =>
  row.provider === provider && row.token === token

/** Without a query, the key and token count as existing. */
const seen = (
  row: DeviceRow | undefined,
  found: { readonly device: number; readonly token: number } | undefined,
): Seen => ({
  device: row ? toDevice(row) : null,
  keyFree: found?.device === 0,
  tokenFree: found?.token === 0,
})
