import type { Platform } from '../../../src/domain/device.ts'
import { knownType, platformOf } from '../device-types.ts'
import { argument } from '../errors.ts'

/** All platforms that can receive a push; addresses cannot. */
export const PUSHED: readonly Platform[] = ['ios', 'android', 'macos', 'windows', 'web', 'amazon', 'huawei']

/** Platform names in lower case, with their device types. */
const NAMES: Readonly<Record<string, number>> = {
  ios: 1,
  android: 3,
  osx: 7,
  macos: 7,
  windows: 8,
  amazon: 9,
  safari: 10,
  chrome: 11,
  firefox: 12,
  huawei: 17,
  huawei_android: 17,
}

export const typeNamed = (name: unknown): number | undefined =>
  typeof name === 'string' && Object.hasOwn(NAMES, name.toLowerCase()) ? NAMES[name.toLowerCase()] : undefined

/** The platforms of a filter, by name. */
export function namedPlatforms(given: unknown): readonly Platform[] {
  const names: readonly unknown[] = Array.isArray(given) ? given : [given]
  const types = names.map(typeNamed).filter((type) => type !== undefined)
  return [...new Set(types.map(platformOf))]
}

/** Device types of `platforms`; undefined for all. */
export function typesOf(given: unknown): readonly number[] | undefined {
  if (given === undefined || given === null) return undefined
  const values: readonly unknown[] = Array.isArray(given) ? given : [given]
  if (values.length === 0) return undefined
  return values.map((value) => {
    const type = knownType(value) ?? typeNamed(value)
    if (type === undefined) throw argument(`platform ${JSON.stringify(value)} is unknown`)
    return type
  })
}
