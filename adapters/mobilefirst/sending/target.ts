import type { Addressees, Audience } from '../../../src/domain/message.ts'
import { AUDIENCE_LIMITS } from '../../../src/domain/message.ts'
import { isStorable } from '../../../src/domain/text.ts'
import { type Json, mapOf } from '../../../src/wire/json.ts'
import { isPlatform } from '../device-tokens.ts'
import { EVERYBODY } from '../devices.ts'
import { fault } from '../errors.ts'

/** The kinds of addressing; a message has at most one (sending.md 4.2). */
const KINDS: Readonly<Record<string, (list: readonly string[]) => Audience>> = {
  deviceIds: (devices) => ({ to: { devices } }),
  userIds: (users) => ({ to: { users } }),
  // An older name.
  consumerIds: (users) => ({ to: { users } }),
  tagNames: (topics) => ({ to: topics.includes(EVERYBODY) ? ALL : { topics } }),
  platforms,
  // Reaches nobody, because text messages are not sent.
  phoneNumber: () => ({ to: NOBODY }),
}
const ALL: Addressees = { all: true }
const NOBODY: Addressees = { devices: [] }

/** The recipients of a message; everybody if it has no target. */
export function audienceOf(body: Json): Audience {
  const target = mapOf(body.target ?? {})
  if (!target) throw fault('badValue', 'target')
  const given = Object.keys(KINDS).filter((kind) => (target[kind] ?? null) !== null)
  const [kind] = given
  if (kind === undefined) return { to: ALL }
  if (given.length > 1) throw fault('badValue', 'target')
  return KINDS[kind]?.(listOf(target[kind], kind)) ?? { to: ALL }
}

function listOf(value: unknown, kind: string): readonly string[] {
  const alone = kind === 'platforms' || kind === 'phoneNumber'
  const list = alone && typeof value === 'string' ? [value] : value
  if (!Array.isArray(list) || list.length > AUDIENCE_LIMITS.entries) throw fault('badValue', kind)
  if (!list.every((one) => typeof one === 'string' && isStorable(one))) throw fault('badValue', kind)
  return list
}

/** Each entry may itself be a list, as in IBM's example `A,G`. */
function platforms(list: readonly string[]): Audience {
  const platformNames = list.flatMap((one) => one.split(',')).map((one) => one.trim())
  if (!platformNames.every(isPlatform)) throw fault('badValue', 'platforms')
  return platformNames.length === 0 ? { to: NOBODY } : { to: ALL, platformNames }
}
