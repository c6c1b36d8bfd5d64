import type { Profile } from '../../src/domain/device.ts'
import type { Tag, TagChange } from '../../src/domain/tag.ts'

/** Tags defined by the vendor (section 9), with their fixed types and the columns of the same meaning. */
const SYSTEM = {
  Language: ['string', 'language'],
  'Application Version': ['version', 'appVersion'],
  'Device Model': ['string', 'model'],
  'OS Version': ['version', 'osVersion'],
  'First Install': ['date', null],
  'Last Application Open': ['date', null],
  Country: ['string', null],
  City: ['string', null],
  'In-app Product': ['list', null],
  'In-app Purchase': ['price', null],
  'Last In-app Purchase date': ['date', null],
} as const satisfies Record<string, readonly [type: string, column: keyof Profile | null]>
export type SystemTag = keyof typeof SYSTEM

export const isSystemTag = (name: string): name is SystemTag => Object.hasOwn(SYSTEM, name)
export const systemType = (name: SystemTag): string => SYSTEM[name][0]

/** The profile column that a system tag changes. */
export function columnOf(change: TagChange): Partial<Profile> {
  const column = isSystemTag(change.name) ? SYSTEM[change.name][1] : null
  if (column === null) return {}
  if (change.do === 'remove') return { [column]: null }
  const value = change.do === 'set' ? change.as[0]?.value : undefined
  return typeof value === 'string' ? { [column]: value } : {}
}

/** A value that the device itself reports: whatever text, written only if it differs. */
export const reported = (name: SystemTag, value: string): TagChange => ({
  name,
  do: 'set',
  as: [{ type: systemType(name), value }],
  fixed: true,
})

/** The start of the UTC day, as text with seconds since 1970, as clients expect. */
const daySeconds = (at: Date): string => String(Math.floor(at.getTime() / 86_400_000) * 86_400)

export const lastOpen = (at: Date): TagChange => reported('Last Application Open', daySeconds(at))
export const firstInstall = (at: Date): Tag => ({
  name: 'First Install',
  type: systemType('First Install'),
  value: daySeconds(at),
})
