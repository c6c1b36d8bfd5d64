import { isNothing, isSharedId } from '../domain/absent.ts'
import type { DialectApp } from '../domain/app.ts'
import type { DeviceKey } from '../domain/device.ts'
import { GatewayError } from '../domain/error.ts'
import { isStorable } from '../domain/text.ts'
import type { TokenDraft } from '../store/store.ts'

/** Identifies a device by its app and its id in the app's dialect. */
export interface DeviceRef {
  readonly app: DialectApp
  readonly externalId: string
  /** For dialects whose device ids are push tokens: the id is never treated as shared, whatever it looks like. */
  readonly idIsToken?: boolean | undefined
}

/** The cause of a change if a dialect does not pass the request id. */
export const UNKNOWN_CAUSE = 'unknown'

/** Matches no device: an empty id counts as absent (identity R19). */
const NO_DEVICE = ''
/** Prefix of ids derived from a token's hash. */
const SHARED = 'shared:'
/** Hexadecimal digits of the hash: enough to rule out collisions. */
const HASH_LENGTH = 32

const isShared = ({ externalId, idIsToken }: DeviceRef): boolean => !idIsToken && isSharedId(externalId)

/** The key for a call that names only the id; matches no device if the id is shared (identity R21) or unstorable. */
export const keyOf = (ref: DeviceRef): DeviceKey =>
  keyed(ref, isShared(ref) || !isStorable(ref.externalId) ? NO_DEVICE : ref.externalId)

/**
 * The key for a registration: its id or, if many phones share the id, derived from its token (identity R21). Throws
 * `invalid` for an absent or unstorable id (R19, R22), `device_unknown` for a shared id without a token.
 */
export function registeredKey(ref: DeviceRef, token: TokenDraft | null): DeviceKey {
  const { externalId } = ref
  if (isNothing(externalId)) throw absent('A device id', 'externalId')
  requireStorable(externalId, 'The device id', 'externalId')
  if (!isShared(ref)) return keyed(ref, externalId)
  if (token) return keyed(ref, SHARED + token.hash.slice(0, HASH_LENGTH))
  throw new GatewayError(
    'device_unknown',
    'Many devices have this id, and no push token says which one is meant.',
  )
}

const keyed = ({ app }: DeviceRef, externalId: string): DeviceKey => ({
  appId: app.app.id,
  dialect: app.dialect,
  externalId,
})

export const absent = (what: string, at: string) =>
  new GatewayError('invalid', `${what} is required.`, { at })

/** Throws `invalid` if a topic name cannot be stored. */
export function requireNames(names: readonly string[]): void {
  for (const name of names) requireStorable(name, 'The name of a topic', 'topics')
}

/** Throws `invalid` for text that a store would not return unchanged (identity R22). */
export function requireStorable(text: string, what: string, at: string): void {
  if (!isStorable(text))
    throw new GatewayError('invalid', `${what} must be valid Unicode text without U+0000.`, { at })
}
