import { isObject, type Json, mapOf, parseJsonText } from '../../../src/wire/json.ts'
import { fault } from '../errors.ts'
import { optionalFlag, optionalText } from '../values.ts'

/** The type of a setting; `words` are compared without case. */
export type Kind =
  | 'text'
  | 'number'
  | 'seconds'
  | 'flag'
  | 'object'
  | 'list'
  | 'payload'
  | { readonly words: string }

const MOST_TEXT = 10_000

/** The stored form of a member; undefined if it has no effect here. */
function kept(section: Json, name: string, kind: Kind): unknown {
  const value = section[name]
  if (value === undefined || value === null || value === '') return undefined
  if (kind === 'text') return optionalText(section, name, MOST_TEXT)
  if (kind === 'flag') return optionalFlag(section, name)
  if (kind === 'number' || kind === 'seconds') return numberOf(value, name, kind === 'seconds')
  if (kind === 'payload') return payloadOf(value, name)
  if (typeof kind === 'object') {
    const word = String(value).toLowerCase()
    return kind.words.split(' ').includes(word) ? word : undefined
  }
  if (kind === 'list' ? !Array.isArray(value) : !isObject(value)) throw fault('badValue', name)
  return value
}

/** Numbers may be given as text. */
function numberOf(value: unknown, name: string, whole: boolean): number {
  const number = typeof value === 'string' ? Number(value) : value
  const fine = typeof number === 'number' && Number.isFinite(number)
  if (!fine || (whole && !(Number.isSafeInteger(number) && number >= 0))) throw fault('badValue', name)
  return number
}

/** An object, which may be given as JSON text. */
function payloadOf(value: unknown, name: string): Json {
  const payload = mapOf(typeof value === 'string' ? parseJsonText(value) : value)
  if (!payload) throw fault('badValue', name)
  return payload
}

const members = (kind: Kind, names: string): Readonly<Record<string, Kind>> =>
  Object.fromEntries(names.split(' ').map((name) => [name, kind]))

const WEB = {
  ...members('text', 'title iconUrl'),
  timeToLive: 'seconds',
  payload: 'payload',
} as const
/** The members that have an effect, by section (mobilefirst.md 5.5). */
export const SECTIONS: Readonly<Record<string, Readonly<Record<string, Kind>>>> = {
  apns: {
    ...members(
      'text',
      'title subtitle sound category interactiveCategory iosActionKey attachmentUrl launchImage locKey titleLocKey apnsCollapseId apnsThreadId apnsGroupSummaryArg',
    ),
    ...members('number', 'badge apnsGroupSummaryArgCount'),
    ...members('list', 'locArgs titleLocArgs'),
    payload: 'payload',
    type: { words: 'default mixed silent' },
  },
  gcm: {
    ...members('text', 'sound collapseKey category interactiveCategory icon androidTitle channelId groupId'),
    ...members('flag', 'sync bridge redact'),
    ...members('object', 'lights style'),
    timeToLive: 'seconds',
    payload: 'payload',
    priority: { words: 'max high default low min' },
    visibility: { words: 'public private secret' },
    type: { words: 'default silent' },
  },
  wns: members('object', 'badge raw toast'),
  chromeWeb: WEB,
  firefoxWeb: WEB,
  chromeAppExt: { ...WEB, collapseKey: 'text' },
}

/** Checked settings, and the paths of members without effect. */
interface Settings {
  readonly settings: Json
  readonly ignored: readonly string[]
}

/** Null members count as absent; unknown ones, and values that the vendor does not know, are ignored. */
export function checkedSettings(body: Json): Settings {
  const ignored: string[] = []
  const sections = objectAt(body, 'settings').map(([name, given]): [string, Json] => {
    const section = objectAt({ [name]: given }, name)
    const kinds = Object.hasOwn(SECTIONS, name) ? SECTIONS[name] : undefined
    const values = section.map(([member]): [string, unknown] => {
      const kind = kinds && Object.hasOwn(kinds, member) ? kinds[member] : undefined
      const value = kind && kept(Object.fromEntries(section), member, kind)
      if (value === undefined) ignored.push(`settings.${name}.${member}`)
      return [member, value]
    })
    return [name, Object.fromEntries(values.filter(([, value]) => value !== undefined))]
  })
  return { settings: Object.fromEntries(sections), ignored }
}

/** The members of an optional object that are not null. */
function objectAt(body: Json, name: string): readonly (readonly [string, unknown])[] {
  const map = mapOf(body[name] ?? {})
  if (!map) throw fault('badValue', name)
  return Object.entries(map).filter(([, value]) => value !== null)
}
