import type { MessageDraft } from '../../../src/domain/message.ts'
import { ignoredData, present } from '../../../src/domain/payload.ts'
import { isStorable, repairedDocument } from '../../../src/domain/text.ts'
import { isObject, type Json, mapOf } from '../../../src/wire/json.ts'
import { PLATFORMS } from '../devices.ts'
import { fault } from '../errors.ts'
import { MAX_USER_ID } from '../user-token.ts'

/** An audience: the name of its member in the body, and the most entries of that list (section 4). */
export const AUDIENCES = { interests: 100, users: 1000 } as const
export type Audience = keyof typeof AUDIENCES

/** Written as in the vendor's answers. */
const NAME = String.raw`^[a-zA-Z0-9_\-=@,.;]+$`
const NAMES = new RegExp(NAME)
const LONGEST_WEB_TTL = 2_419_200

/** The members of a body that are used (contracts/sending.md 3.3). */
const KNOWN = {
  fcm: ['notification', 'data', 'time_to_live', 'collapse_key', 'priority'],
  apns: ['aps', 'data', 'collapse_id', 'expiration', 'priority', 'pusher'],
  web: ['notification', 'data', 'time_to_live'],
} as const
type Part = keyof typeof KNOWN
const PARTS: readonly Part[] = ['apns', 'fcm', 'web']
const DEVICES = { fcm: PLATFORMS.fcm.devices, apns: PLATFORMS.apns.devices, web: PLATFORMS.web.devices }

/** Refusals have the wording of the JSON schema library that the vendor uses. */
function refuse(path: string, text: string): never {
  throw fault('schema', `\`${path}\`: ${text}`)
}

function typeOf(value: unknown): string {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'array'
  return Number.isInteger(value) ? 'integer' : typeof value
}

const wrongType = (path: string, expected: string, value: unknown): never =>
  refuse(path, `Invalid type. Expected: ${expected}, given: ${typeOf(value)}`)

/** The names of the audience: a list without duplicates. */
function namesOf(body: Json, audience: Audience): readonly string[] {
  const list = body[audience] ?? refuse(audience, `${audience} is required`)
  if (!Array.isArray(list)) return wrongType(audience, 'array', list)
  if (list.length === 0) refuse(audience, 'Array must have at least 1 items')
  const most = AUDIENCES[audience]
  if (list.length > most) refuse(audience, `Array must have at most ${most} items`)
  const names = list.map((name: unknown, at) => {
    const path = `${audience}.${at}`
    if (typeof name !== 'string') return wrongType(path, 'string', name)
    if (audience === 'interests' && !NAMES.test(name)) refuse(path, `Does not match pattern '${NAME}'`)
    if (name === '') refuse(path, 'String length must be greater than or equal to 1')
    if ([...name].length > MAX_USER_ID) {
      refuse(path, `String length must be less than or equal to ${MAX_USER_ID}`)
    }
    return name
  })
  if (new Set(names).size < names.length) refuse(audience, 'array items must be unique')
  return names
}

/** The part of the body for one platform, without ignored members; undefined if nothing is left. */
function partOf(body: Json, part: Part): Json | undefined {
  const given = body[part] ?? undefined
  if (given === undefined) return undefined
  if (!isObject(given)) return wrongType(part, 'object', given)
  const known = Object.fromEntries(KNOWN[part].map((name) => [name, given[name]]))
  for (const name of ['notification', 'data', 'aps', 'pusher']) {
    const inner = known[name] ?? undefined
    if (inner !== undefined && !mapOf(inner)) wrongType(`${part}.${name}`, 'object', inner)
  }
  if (part === 'apns') checkApns(known)
  if (part === 'web') checkWeb(known)
  return present(known)
}

function checkApns({ aps }: Json): void {
  const name = 'content-available'
  const available = mapOf(aps)?.[name] ?? 1
  const path = `apns.aps.${name}`
  if (available !== 1) refuse(path, `${path} must be one of the following: 1`)
}

function checkWeb({ data, time_to_live }: Json): void {
  if ((mapOf(data)?.pusher ?? undefined) !== undefined) {
    refuse('web.data', 'Additional property pusher is not allowed')
  }
  const path = 'web.time_to_live'
  const ttl = time_to_live ?? 0
  if (typeof ttl !== 'number' || !Number.isInteger(ttl)) wrongType(path, 'integer', ttl)
  if (Number(ttl) < 0) refuse(path, 'Must be greater than or equal to 0')
  if (Number(ttl) > LONGEST_WEB_TTL) refuse(path, `Must be less than or equal to ${LONGEST_WEB_TTL}`)
}

function checkWebhookUrl(url: unknown): void {
  if (url === undefined || url === null) return
  if (typeof url !== 'string' || !/^https?:\/\/[^\s/]\S*$/i.test(url))
    refuse('webhookUrl', "Does not match format 'uri'")
}

/** The paths of ignored members. The envelope replaces the key `pusher`, and the SDK drops the other one. */
function ignoredOf(body: Json, audience: Audience): readonly string[] {
  const others = (document: Json, known: readonly string[], path = '') =>
    Object.keys(present(document)).flatMap((name) => (known.includes(name) ? [] : [`${path}${name}`]))
  const parts = PARTS.flatMap((part) => others(mapOf(body[part]) ?? {}, KNOWN[part], `${part}.`))
  const data = (part: Part) => mapOf(mapOf(body[part])?.data) ?? {}
  const replaced = (['apns', 'fcm'] as const).flatMap((part) =>
    ENVELOPE.filter((key) => Object.hasOwn(data(part), key)).map((key) => `${part}.data.${key}`),
  )
  return [
    ...others(body, [audience, ...PARTS]),
    ...parts,
    ...ignoredData(data('fcm'), 'fcm.data'),
    ...replaced,
  ]
}
/** Keys of a customer's data that are not sent to phones. */
export const ENVELOPE = ['pusher', 'pusherTokenValidation'] as const

/** The message of a checked publish. Throws the refusals of contracts/sending.md 3.2, row 8, in their order. */
export function publishDraft(body: Json, audience: Audience, externalId: string): MessageDraft {
  const names = namesOf(body, audience)
  const parts = present(Object.fromEntries(PARTS.map((part) => [part, partOf(body, part)])))
  checkWebhookUrl(body.webhookUrl)
  const said = PARTS.filter((part) => part in parts)
  if (said.length === 0) refuse('(root)', 'Must validate at least one schema (anyOf)')
  return {
    externalId,
    body: repairedDocument(parts),
    audience: {
      // Ids that cannot be stored belong to no device.
      to: audience === 'users' ? { users: names.filter(isStorable), proved: true } : { topics: names },
      platforms: said.flatMap((part) => DEVICES[part]),
    },
    priority: 'high',
    ignored: ignoredOf(body, audience),
  }
}
