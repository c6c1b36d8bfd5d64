import { expect } from 'vitest'
import { packed } from '../wire/packed.ts'
import type { Suite } from './adapter.ts'
import {
  MALFORMED,
  NOT_OBJECTS,
  nested,
  withBytes,
  withCoding,
  withInvalidUtf8,
  withMember,
} from './bodies.ts'
import type { Call, Expected } from './samples.ts'
import { adminDevices, expectAnswer, newPhone, openTenants, registered, send, stateOf } from './tenant.ts'

const PACKED = [
  ['gzip', 'gzip', 'gzip'],
  ['deflate', 'deflate', 'deflate'],
  ['bare deflate', 'Deflate', 'deflate-raw'],
] as const

/** Bodies and content types, tried on a registration. */
export function bodyCases({ adapter, samples, it }: Suite): void {
  const { answers } = samples

  /** Sends a spoilt registration of a new phone: refused it changes nothing, accepted it makes the device. */
  function spoilt(title: string, expected: Expected, spoil: (call: Call) => Call | Promise<Call>) {
    it(title, async () => {
      const tenant = await (await openTenants(adapter, samples))()
      await registered(tenant, samples, newPhone())
      const before = await stateOf(tenant)
      const phone = newPhone()
      expectAnswer(await send(tenant, await spoil(samples.register(tenant, phone))), expected, samples)
      if (expected !== 'accepted') expect(await stateOf(tenant)).toEqual(before)
      else expect((await adminDevices(tenant)).map(({ token }) => token)).toContain(phone.token)
    })
  }
  const verb = (expected: Expected) => (expected === 'accepted' ? 'accepts' : 'refuses')

  for (const [name, text] of MALFORMED) {
    spoilt(`${verb(answers.malformedBody)} ${name}`, answers.malformedBody, (call) => withBytes(call, text))
  }
  for (const [name, text] of NOT_OBJECTS) {
    spoilt(`${verb(answers.notAnObject)} ${name} for an object`, answers.notAnObject, (call) =>
      withBytes(call, text),
    )
  }
  spoilt(`${verb(answers.tooLarge)} a body of 2 MiB`, answers.tooLarge, (call) =>
    withBytes(call, withMember(call, 'pad', JSON.stringify('x'.repeat(2 * 1024 * 1024)))),
  )
  spoilt(`${verb(answers.tooLarge)} a body of 2 MiB that hides its length`, answers.tooLarge, (call) => {
    const long = withBytes(call, withMember(call, 'pad', JSON.stringify('x'.repeat(2 * 1024 * 1024))))
    return { ...long, headers: { ...long.headers, 'Content-Length': '2' } }
  })
  spoilt(`${verb(answers.tooDeep)} 33 levels of JSON`, answers.tooDeep, (call) =>
    withBytes(call, withMember(call, 'deep', nested(32))),
  )
  spoilt(`${verb(answers.tooDeep)} 100,000 levels of JSON`, answers.tooDeep, (call) =>
    withBytes(call, withMember(call, 'deep', nested(100_000))),
  )
  spoilt(`${verb(answers.notUtf8)} text that is no UTF-8`, answers.notUtf8, (call) =>
    withBytes(call, withInvalidUtf8(call)),
  )
  spoilt(`${verb(answers.unknownField)} a member that it does not know`, answers.unknownField, (call) =>
    withBytes(call, withMember(call, 'unheardOf', '{"a":[1]}')),
  )
  spoilt(
    `${verb(answers.missingContentType)} a body without a content type`,
    answers.missingContentType,
    (call) => withBytes(call, JSON.stringify(call.body), null),
  )
  for (const type of ['text/plain', 'application/x-www-form-urlencoded']) {
    spoilt(`${verb(answers.otherContentType)} JSON called ${type}`, answers.otherContentType, (call) =>
      withBytes(call, JSON.stringify(call.body), type),
    )
  }
  spoilt(
    `${verb(answers.oddContentType)} a content type in odd case with a charset`,
    answers.oddContentType,
    (call) => withBytes(call, JSON.stringify(call.body), 'Application/JSON; charset=UTF-8'),
  )
  spoilt('B22a: accepts a content type that was set twice', 'accepted', (call) =>
    withBytes(call, JSON.stringify(call.body), 'application/json, application/json; charset=utf-8'),
  )
  for (const [name, coding, format] of PACKED) {
    spoilt(`B14a, B14e: accepts a body in ${name}`, 'accepted', async (call) =>
      withCoding(call, coding, await packed(JSON.stringify(call.body), format)),
    )
    spoilt(
      `${verb(answers.tooLarge)} a body in ${name} that unpacks to 2 MiB`,
      answers.tooLarge,
      async (call) =>
        withCoding(
          call,
          coding,
          await packed(withMember(call, 'pad', JSON.stringify('x'.repeat(2 * 1024 * 1024))), format),
        ),
    )
    spoilt(
      `${verb(answers.malformedBody)} a body in ${name} that is cut off`,
      answers.malformedBody,
      async (call) =>
        withCoding(call, coding, (await packed(JSON.stringify(call.body), format)).slice(0, -5)),
    )
  }
  for (const coding of ['gzip', 'deflate', 'br']) {
    spoilt(`${verb(answers.malformedBody)} a plain body called ${coding}`, answers.malformedBody, (call) =>
      withCoding(call, coding, new TextEncoder().encode(JSON.stringify(call.body))),
    )
  }
  spoilt(`${verb(answers.trailingSlash)} a slash behind the path`, answers.trailingSlash, (call) => ({
    ...call,
    path: call.path.replace(/\/?(?=\?|$)/, '/'),
  }))
}
