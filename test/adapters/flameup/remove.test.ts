import { expect, test } from 'vitest'
import { expectError, newPerson, newToken, openWorkspace, people } from './kit.ts'

test("a person's token is removed with 204 and no body", async () => {
  const { register, remove, list } = await openWorkspace()
  const [person, token] = [newPerson(), newToken()]
  await register(person, { token, platform: 'ios' })
  const answer = await remove(person, token)
  expect({ status: answer.status, text: answer.text }).toEqual({ status: 204, text: '' })
  expect((await list(person, '?is_active=false')).total).toBe(0)
  expect((await list(person)).total).toBe(0)
})

test('only the token that is named goes', async () => {
  const { register, remove, list } = await openWorkspace()
  const [person, one, two] = [newPerson(), newToken(), newToken()]
  await register(person, { token: one, platform: 'ios' })
  const kept = await register(person, { token: two, platform: 'ios' })
  await remove(person, one)
  expect((await list(person)).devices).toEqual([kept])
})

test.each([
  ['an unknown token', async () => {}],
  [
    'a token that was removed before',
    async (
      { register, remove }: Awaited<ReturnType<typeof openWorkspace>>,
      person: string,
      token: string,
    ) => {
      await register(person, { token, platform: 'ios' })
      await remove(person, token)
    },
  ],
])('%s: 404', async (_, prepare) => {
  const w = await openWorkspace()
  const [person, token] = [newPerson(), newToken()]
  await prepare(w, person, token)
  expectError(await w.remove(person, token), 404, 'not_found')
})

test("another person's token: 404, and it stays as it is", async () => {
  const { register, remove, list } = await openWorkspace()
  const [jane, john, token] = [newPerson(), newPerson(), newToken()]
  const device = await register(jane, { token, platform: 'ios' })
  expectError(await remove(john, token), 404, 'not_found')
  expect((await list(jane)).devices).toEqual([device])
})

test("another workspace's key: 404, and it stays as it is", async () => {
  const one = await openWorkspace()
  const two = await openWorkspace({ harness: one.h })
  const [person, token] = [newPerson(), newToken()]
  const device = await one.register(person, { token, platform: 'ios' })
  expectError(await two.remove(person, token), 404, 'not_found')
  expect((await one.list(person)).devices).toEqual([device])
})

/** Like Python's quote(safe=""): also escapes what encodeURIComponent leaves raw. */
const quoted = (text: string) =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`)

const ODD = "a:b@c+d e/f%2Fg!'()*~?#&=é漢"
test.each([
  ['encodeURIComponent of JavaScript', ODD, encodeURIComponent],
  ['quote(safe="") of Python', ODD, quoted],
  ['escapes in lower case', ODD, (text: string) => quoted(text).replace(/%../g, (one) => one.toLowerCase())],
  ['nothing, as curl, with a colon', 'a:b_c-d', (text: string) => text],
  ['nothing, with a plus that is a plus', 'a+b', (text: string) => text],
  ['nothing, with an at sign', 'a@b:c', (text: string) => text],
])('a token is given in the path through %s', async (_, token, encode) => {
  const { call, register, list } = await openWorkspace()
  const person = newPerson()
  const unique = `${token}${crypto.randomUUID()}`
  await register(person, { token: unique, platform: 'android' })
  expect((await call('DELETE', `${people(person)}/${encode(unique)}`)).status).toBe(204)
  expect((await list(person)).total).toBe(0)
})

test.each([
  ['a plus for a space', 'a b', 'a+b'],
  ['a space for a plus', 'a+b', 'a%20b'],
  ['an escape that is undone twice', 'a/b', 'a%252Fb'],
  ['other case', 'Token', 'tOKEN'],
  ['a slash that is not escaped', 'a/b', 'a/b'],
])('%s is another token', async (_, token, path) => {
  const { call, register, list } = await openWorkspace()
  const person = newPerson()
  await register(person, { token, platform: 'android' })
  expectError(await call('DELETE', `${people(person)}/${path}`), 404, 'not_found')
  expect((await list(person)).total).toBe(1)
})

test('a removal needs no content type, and one that it has is not looked at', async () => {
  const { call, register } = await openWorkspace()
  for (const headers of [{}, { 'Content-Type': 'text/plain' }]) {
    const [person, token] = [newPerson(), newToken()]
    await register(person, { token, platform: 'ios' })
    const path = `${people(person)}/${encodeURIComponent(token)}`
    expect((await call('DELETE', path, { headers })).status).toBe(204)
  }
})

test('an empty token is no token, and takes nobody away', async () => {
  const { call, register, list } = await openWorkspace()
  const person = newPerson()
  await register(person, { token: newToken(), platform: 'ios' })
  expectError(await call('DELETE', `${people(person)}/`), 404, 'not_found')
  expectError(await call('DELETE', people(person)), 405, 'method_not_allowed')
  expect((await list(person)).total).toBe(1)
})

test('of removals at once one succeeds, the others find nothing', async () => {
  const { register, remove } = await openWorkspace()
  const [person, token] = [newPerson(), newToken()]
  await register(person, { token, platform: 'ios' })
  const answers = await Promise.all(Array.from({ length: 6 }, () => remove(person, token)))
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404, 404, 404, 404])
})
