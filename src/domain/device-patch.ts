import { type Details, type Device, PROFILE_FIELDS, type Profile, type UserBinding } from './device.ts'

/** The changes of a registration or an update: an absent member keeps its value, null clears it. */
export type DevicePatch = { readonly [Field in keyof Profile]?: Profile[Field] | undefined } & {
  readonly user?: UserBinding | null | undefined
  readonly enabled?: boolean | undefined
  readonly expiresAt?: Date | null | undefined
  /** Each member named here is replaced as a whole, or removed if it is null; the others stay. */
  readonly details?: Details | undefined
  /** Values to set only if the device has none. */
  readonly ifNone?: { readonly user?: UserBinding; readonly language?: string } | undefined
}

/** Whether a patch would leave the device unchanged. */
export function patchHolds(device: Device, patch: DevicePatch): boolean {
  const { user, enabled, expiresAt, details, ifNone } = patch
  return (
    (ifNone?.user === undefined || device.user !== null) &&
    (ifNone?.language === undefined || device.language !== null) &&
    (user === undefined ||
      (user?.id === device.user?.id && (user?.proved ?? false) === (device.user?.proved ?? false))) &&
    (enabled === undefined || enabled === device.enabled) &&
    (expiresAt === undefined || expiresAt?.getTime() === device.expiresAt?.getTime()) &&
    Object.entries(details ?? {}).every(([name, value]) =>
      sameDocument(value ?? null, Object.hasOwn(device.details, name) ? device.details[name] : null),
    ) &&
    PROFILE_FIELDS.every((field) => patch[field] === undefined || patch[field] === device[field])
  )
}

/** Compares JSON text; a different member order counts as a difference, which only costs a write. */
export const sameDocument = (left: unknown, right: unknown): boolean =>
  left === right || JSON.stringify(left) === JSON.stringify(right)
