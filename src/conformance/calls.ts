import {
  MALFORMED,
  NOT_OBJECTS,
  nested,
  withBytes,
  withCoding,
  withInvalidUtf8,
  withMember,
} from './bodies.ts'
import { packed } from './packed.ts'
import { Mismatch, mustHave } from './pattern.ts'
import type { Answer, Call, Expected, Phone, Samples, Tenant } from './samples.ts'

/** An invalid registration, and the expected answer. */
export interface Spoilt {
  readonly title: string
  readonly expected: Expected
  /** Whether it can only be sent without a network, because its length header is invalid. */
  readonly local?: true
  spoil(call: Call): Call | Promise<Call>
}

/** Calls of an app with a device that must all get the same answer. */
export interface Refused {
  readonly title: string
  readonly expected: Expected
  calls(tenant: Tenant, device: string): readonly Call[]
}

const PACKED = [
  ['gzip', 'gzip', 'gzip'],
  ['deflate', 'deflate', 'deflate'],
  ['bare deflate', 'Deflate', 'deflate-raw'],
] as const

const verb = (expected: Expected) => (expected === 'accepted' ? 'accepts' : 'refuses')
const long = (call: Call) => withMember(call, 'pad', JSON.stringify('x'.repeat(2 * 1024 * 1024)))
const called = (call: Call, type: string | null) => withBytes(call, JSON.stringify(call.body), type)

/** Bodies and content types that are sent as registrations. */
export function spoiltRegistrations({ answers }: Samples): readonly Spoilt[] {
  const of = (expected: Expected, what: string, spoil: Spoilt['spoil']): Spoilt => ({
    title: `${verb(expected)} ${what}`,
    expected,
    spoil,
  })
  return [
    ...MALFORMED.map(([name, text]) => of(answers.malformedBody, name, (call) => withBytes(call, text))),
    ...NOT_OBJECTS.map(([name, text]) =>
      of(answers.notAnObject, `${name} for an object`, (call) => withBytes(call, text)),
    ),
    of(answers.tooLarge, 'a body of 2 MiB', (call) => withBytes(call, long(call))),
    {
      ...of(answers.tooLarge, 'a body of 2 MiB that hides its length', (call) => {
        const whole = withBytes(call, long(call))
        return { ...whole, headers: { ...whole.headers, 'Content-Length': '2' } }
      }),
      local: true,
    },
    of(answers.tooDeep, '33 levels of JSON', (call) => withBytes(call, withMember(call, 'deep', nested(32)))),
    of(answers.tooDeep, '100,000 levels of JSON', (call) =>
      withBytes(call, withMember(call, 'deep', nested(100_000))),
    ),
    of(answers.notUtf8, 'text that is no UTF-8', (call) => withBytes(call, withInvalidUtf8(call))),
    of(answers.unknownField, 'a member that it does not know', (call) =>
      withBytes(call, withMember(call, 'unheardOf', '{"a":[1]}')),
    ),
    of(answers.missingContentType, 'a body without a content type', (call) => called(call, null)),
    ...['text/plain', 'application/x-www-form-urlencoded'].map((type) =>
      of(answers.otherContentType, `JSON called ${type}`, (call) => called(call, type)),
    ),
    of(answers.oddContentType, 'a content type in odd case with a charset', (call) =>
      called(call, 'Application/JSON; charset=UTF-8'),
    ),
    {
      title: 'B22a: accepts a content type that was set twice',
      expected: 'accepted',
      spoil: (call) => called(call, 'application/json, application/json; charset=utf-8'),
    },
    ...coded(answers, of),
    of(answers.trailingSlash, 'a slash behind the path', (call) => ({
      ...call,
      path: call.path.replace(/\/?(?=\?|$)/, '/'),
    })),
  ]
}

function coded(
  answers: Samples['answers'],
  of: (expected: Expected, what: string, spoil: Spoilt['spoil']) => Spoilt,
): readonly Spoilt[] {
  const inside = PACKED.flatMap(([name, coding, format]): readonly Spoilt[] => [
    {
      title: `B14a, B14e: accepts a body in ${name}`,
      expected: 'accepted',
      spoil: async (call) => withCoding(call, coding, await packed(JSON.stringify(call.body), format)),
    },
    of(answers.tooLarge, `a body in ${name} that unpacks to 2 MiB`, async (call) =>
      withCoding(call, coding, await packed(long(call), format)),
    ),
    of(answers.malformedBody, `a body in ${name} that is cut off`, async (call) =>
      withCoding(call, coding, (await packed(JSON.stringify(call.body), format)).slice(0, -5)),
    ),
  ])
  const plain = ['gzip', 'deflate', 'br'].map((coding) =>
    of(answers.malformedBody, `a plain body called ${coding}`, (call) =>
      withCoding(call, coding, new TextEncoder().encode(JSON.stringify(call.body))),
    ),
  )
  return [...inside, ...plain]
}

/** All other calls that are refused, or answered without a change. */
export function refusedCalls(samples: Samples): readonly Refused[] {
  const { answers } = samples
  return [
    {
      title: 'answers unknown paths under its bases',
      expected: answers.unknownPath,
      calls: (tenant) =>
        ['GET', 'POST', 'DELETE'].flatMap((method) =>
          samples.unknownPaths(tenant).map((path) => ({ method, path })),
        ),
    },
    {
      title: 'answers a verb that the path does not have',
      expected: answers.wrongVerb,
      calls: (tenant) => [samples.wrongVerb(tenant)],
    },
    {
      title: 'answers a broken escape in the path',
      expected: answers.brokenEscape,
      calls: (tenant, device) => [samples.brokenEscape(tenant, device)],
    },
    {
      title: 'answers an address that is too long',
      expected: answers.tooLong,
      calls(tenant) {
        const call = samples.register(tenant, newPhone())
        const mark = call.path.includes('?') ? '&' : '?'
        return [{ ...call, path: `${call.path}${mark}pad=${'x'.repeat(9000)}` }]
      },
    },
    {
      title: 'answers an unknown app',
      expected: answers.unknownApp,
      calls: (tenant) => [samples.unknownApp(tenant, newPhone())],
    },
    {
      title: 'answers OPTIONS',
      expected: answers.options,
      calls: (tenant) => [{ method: 'OPTIONS', path: samples.register(tenant, newPhone()).path }],
    },
    ...samples.refusals.map(({ what, call, answer }) => ({
      title: `refuses ${what}`,
      expected: answer,
      calls: (tenant: Tenant, device: string) => [call(tenant, newPhone(), device)],
    })),
  ]
}

/** A phone with a new id and token. */
export const newPhone = (): Phone => ({
  id: crypto.randomUUID(),
  token: `token-${crypto.randomUUID()}:APA91b`,
})

/** Sends a call with the tenant's headers and reads the whole answer. */
export async function send(tenant: Tenant, { method, path, headers, body }: Call): Promise<Answer> {
  const merged = { ...tenant.headers, ...headers }
  const response = await tenant.h.request(method, path, { headers: merged, body })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: jsonOf(text) }
}

/** A text as JSON; undefined if it is invalid. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Throws `Mismatch` if an answer differs from what the dialect specifies. */
export function checkAnswer(answer: Answer, expected: Expected, samples: Samples): void {
  if (expected === 'accepted') {
    if (samples.success) samples.success(answer)
    else if (answer.status < 200 || answer.status > 299)
      throw new Mismatch(`status is ${answer.status}, and no success: ${answer.text.slice(0, 200)}`)
    return
  }
  mustHave('status', answer.status, expected.status)
  if (expected.body) mustHave('body', answer.json, expected.body)
  // A preflight's answer has no body and is not a refusal.
  if (answer.status >= 300 || answer.text !== '') samples.errorForm(answer)
}

/** Registers a phone, which must succeed; returns the device's external id. */
export async function registered(tenant: Tenant, samples: Samples, phone: Phone): Promise<string> {
  const answer = await send(tenant, samples.register(tenant, phone))
  checkAnswer(answer, 'accepted', samples)
  return samples.deviceId(answer, phone)
}
