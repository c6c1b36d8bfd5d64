import type { Call } from './samples.ts'

const encoder = new TextEncoder()

/**
 * A call with other bytes as its body, with a JSON content type by default, because a byte body sets none.
 */
export function withBytes(
  call: Call,
  body: string | Uint8Array,
  contentType: string | null = 'application/json',
) {
  const { 'Content-Type': _, ...headers } = call.headers ?? {}
  return {
    ...call,
    headers: { ...headers, ...(contentType !== null && { 'Content-Type': contentType }) },
    body: typeof body === 'string' ? encoder.encode(body) : body,
  }
}

/** A call whose body has a content coding. */
export function withCoding(call: Call, coding: string, body: Uint8Array): Call {
  const coded = withBytes(call, body)
  return { ...coded, headers: { ...coded.headers, 'Content-Encoding': coding } }
}

/** A call's JSON object with one additional member. */
export const withMember = ({ body }: Call, name: string, value: string): string =>
  `{${JSON.stringify(name)}:${value},${JSON.stringify(body).slice(1)}`

/** Lists nested to the given depth. */
export const nested = (levels: number): string => '['.repeat(levels) + ']'.repeat(levels)

/** A call's JSON object with a member whose text is invalid UTF-8. */
export function withInvalidUtf8(call: Call): Uint8Array {
  const bytes = encoder.encode(withMember(call, 'text', '"?"'))
  bytes[bytes.indexOf(0x3f)] = 0xff
  return bytes
}

/** Bodies that are invalid JSON. */
export const MALFORMED: readonly (readonly [string, string])[] = [
  ['an empty body', ''],
  ['a body that is cut off', '{"token":"a"'],
  ['a body that is no JSON', 'token=a'],
  ['a body with text behind its JSON', '{} {}'],
]

/** Bodies that are valid JSON but not an object. */
export const NOT_OBJECTS: readonly (readonly [string, string])[] = [
  ['null', 'null'],
  ['a list', '[{"token":"a"}]'],
  ['a number', '1'],
  ['a string', '"token"'],
]
