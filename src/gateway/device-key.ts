import { isNothing, isSharedId } from '../domain/absent.ts'
import type { DialectApp } from '../domain/app.ts'
import type { DeviceKey } from '../domain/device.ts'
import { GatewayError } from '../domain/error.ts'
import { isStorable } from '../domain/text.ts'
import type { TokenDraft } from '../store/store.ts'

/** A device named by its app and its id in the app's dialect. */
export interface DeviceRef {
  readonly app: DialectApp
  readonly externalId: string
  /** For dialects in which a device is its token: whatever it looks like, the id says which device it is. */
  readonly idIsToken?: boolean | undefined
}

/** No device has it: an empty id is none (identity R19). */
const NOBODY = ''
/** In front of what is made of a token; the rest is its hash, of which so much cannot be met by chance. */
const SHARED = 'shared:'
const HASH_LENGTH = 32

const isShared = ({ externalId, idIsToken }: DeviceRef): boolean => !idIsToken && isSharedId(externalId)

/** The device that a call means by its id alone: nobody where many phones have it (identity R21), or no store could. */
export const keyOf = (ref: DeviceRef): DeviceKey =>
  keyed(ref, isShared(ref) || !isStorable(ref.externalId) ? NOBODY : ref.externalId)

/**
 * The device that a registration means: by its id or, where many phones have that, by its token (identity R21). Throws
 * `invalid` where there is no id (R19, R22), `device_unknown` where it is shared and no token says more.
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

/** Throws `invalid` where a topic's name could not be stored. */
export function requireNames(names: readonly string[]): void {
  for (const name of names) requireStorable(name, 'The name of a topic', 'topics')
}

/** Throws `invalid` for a text that no store gives back as it came (identity R22). */
export function requireStorable(text: string, what: string, at: string): void {
  if (!isStorable(text))
    throw new GatewayError('invalid', `${what} must be valid Unicode text without U+0000.`, { at })
}
