import type { Mutable } from '../../src/domain/mutable.ts'
import type { TagChange } from '../../src/domain/tag.ts'
import type { DevicePatch } from '../../src/gateway/devices.ts'
import type { Json } from '../../src/wire/json.ts'
import { type Call, described, wholeNumber } from './request.ts'
import { reported, type SystemTag } from './system-tags.ts'

/** What a request reports about the sending device: columns, and the system tags with the same meaning. */
export interface ReportedProfile {
  readonly patch: DevicePatch
  readonly tags: readonly TagChange[]
}

const NOTHING: ReportedProfile = { patch: {}, tags: [] }

/** Maps request members to columns and system tags. */
const MEMBERS = [
  ['app_version', 'appVersion', 'Application Version'],
  ['device_model', 'model', 'Device Model'],
  ['os_version', 'osVersion', 'OS Version'],
] as const satisfies readonly (readonly [string, keyof DevicePatch, SystemTag])[]

/** Server tools that act for a device can ask to leave its system tags unchanged (section 6). */
const keepsSystemTags = ({ c }: Call): boolean => c.req.header('no-auto-tags')?.toLowerCase() === 'true'

/** The complete profile that a device reports. */
export function reportedProfile(call: Call): ReportedProfile {
  const { request } = call
  const sdkVersion = described(request, 'v')
  const name = described(request, 'device_name')
  const patch: Mutable<DevicePatch> = timezonePatch(request)
  if (sdkVersion !== undefined) patch.sdkVersion = sdkVersion
  if (name !== undefined) patch.name = name
  if (keepsSystemTags(call)) return { patch, tags: [] }
  const language = reportedLanguage(request)
  Object.assign(patch, language.patch)
  const tags = [...language.tags]
  for (const [member, column, tag] of MEMBERS) {
    const value = described(request, member)
    if (value === undefined) continue
    patch[column] = value
    tags.push(reported(tag, value))
  }
  return { patch, tags }
}

/** Only language and time zone: for addresses, which the sending device does not describe. */
export function reportedByAddress(call: Call): ReportedProfile {
  const language = keepsSystemTags(call) ? NOTHING : reportedLanguage(call.request)
  return { patch: { ...language.patch, ...timezonePatch(call.request) }, tags: language.tags }
}

/**
 * Normalizes a language tag (section 6): the first subtag in lower case; Chinese keeps script and region. Undefined for
 * other texts, such as `English`.
 */
export function normalLanguage(given: string): string | undefined {
  const [first = '', ...rest] = given.trim().replaceAll('_', '-').split('-')
  const language = first.toLowerCase()
  if (!/^[a-z]{2,3}$/.test(language)) return undefined
  const more = rest.filter((one) => /^[A-Za-z]{4}$|^[A-Za-z]{2}$|^[0-9]{3}$/.test(one)).map(canonicalCase)
  return language === 'zh' ? [language, ...more].join('-') : (TODAY[language] ?? language)
}

/** Current codes for withdrawn ones that Android still sends. */
const TODAY: Readonly<Record<string, string>> = { iw: 'he', in: 'id', ji: 'yi' }

/** Canonical case: scripts like `Hans`, regions like `CN` (RFC 5646, section 2.1.1). */
const canonicalCase = (subtag: string): string =>
  subtag.length === 4 ? subtag[0]?.toUpperCase() + subtag.slice(1).toLowerCase() : subtag.toUpperCase()

function reportedLanguage(request: Json): ReportedProfile {
  const given = described(request, 'language')
  if (given === undefined) return NOTHING
  const language = normalLanguage(given)
  if (language !== undefined) return { patch: { language }, tags: [reported('Language', language)] }
  const { name, as } = { name: 'Language', as: [{ type: 'string', value: 'en' }] }
  return { patch: { ifNone: { language: 'en' } }, tags: [{ name, do: 'default', as, fixed: true }] }
}

/** The UTC offset in seconds, under any of three member names that SDKs use. */
function timezonePatch(request: Json): DevicePatch {
  for (const member of ['timezone', 'tz_offset', 'ts_offset']) {
    const offset = clockOffset(request[member]) ?? wholeNumber(request[member])
    if (offset !== undefined && Math.abs(offset) < 86_400) return { timezone: String(offset) }
  }
  return {}
}

/** Hours and minutes such as `+0530` or `-03:30`; without a sign, only forms that cannot be seconds. */
const CLOCK = /^(?:([+-])(0[0-9]|1[0-4])|(0[0-9]))(:?)([0-5][0-9])$/

/** Converts hours and minutes to seconds; undefined for anything else. */
function clockOffset(value: unknown): number | undefined {
  const [, sign, signed, bare, , minutes] = (typeof value === 'string' && CLOCK.exec(value.trim())) || []
  if (minutes === undefined) return undefined
  const seconds = Number(signed ?? bare) * 3600 + Number(minutes) * 60
  return sign === '-' ? -seconds : seconds
}
