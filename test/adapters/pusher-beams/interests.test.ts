import { describe, expect, test } from 'vitest'
import { expectError, expectVoid, numbered, openBeams, PLATFORMS, stateOf, withDevice } from './kit.ts'

const INVALID = [400, 'Invalid interest name', '`interest-name` given is not valid.'] as const
const TOO_LARGE = [
  400,
  'Interest set too large',
  'Too many interests are being set for this device. Only 5000 interests per device are allowed.',
] as const
describe('an interest is added and removed', () => {
  test.each(PLATFORMS)('on %s', async (platform) => {
    const beams = await openBeams()
    const { path } = await beams.register(platform)
    for (let n = 0; n < 2; n++) expectVoid(await beams.call('POST', `${path}/interests/news`))
    expect(await beams.interests(path)).toEqual(['news'])
    for (let n = 0; n < 2; n++) expectVoid(await beams.call('DELETE', `${path}/interests/news`))
    expect(await beams.interests(path)).toEqual([])
  })

  test.each([
    ['escaped, as the web SDK sends it', 'a%3D%40%2C%3Bb', 'a=@,;b'],
    ['raw, as iOS and Android send it', 'a=@,;b', 'a=@,;b'],
    ['all of its characters', 'AZaz09_-=@,.;', 'AZaz09_-=@,.;'],
    ['letters escaped', '%6Eews', 'news'],
    ['one character', 'x', 'x'],
    ['164 characters', 'x'.repeat(164), 'x'.repeat(164)],
    ['three dots', '...', '...'],
    ['dots and a parameter', 'a;b=..;c', 'a;b=..;c'],
    ['upper case', 'News', 'News'],
  ])('by a name with %s', async (_, segment, name) => {
    const { beams, path } = await withDevice()
    expectVoid(await beams.call('POST', `${path}/interests/${segment}`))
    expect(await beams.interests(path)).toEqual([name])
    expectVoid(await beams.call('DELETE', `${path}/interests/${segment}`))
    expect(await beams.interests(path)).toEqual([])
  })

  test.each([
    ['no content type', {}],
    ['JSON', { 'Content-Type': 'application/json' }],
    ['any other', { 'Content-Type': 'text/plain' }],
  ])('with %s', async (_, headers) => {
    const { beams, path } = await withDevice()
    expectVoid(await beams.call('POST', `${path}/interests/news`, { headers }))
    expectVoid(await beams.call('DELETE', `${path}/interests/news`, { headers }))
  })

  test('in whatever case is another interest', async () => {
    const { beams, path } = await withDevice()
    for (const name of ['news', 'News']) await beams.call('POST', `${path}/interests/${name}`)
    expect(await beams.interests(path)).toEqual(['News', 'news'])
  })
})

const BAD_NAMES = [
  ['a blank', 'no good'],
  ['a line feed behind', 'news\n'],
  ['a carriage return behind', 'news\r'],
  ['a slash', 'a/b'],
  ['a colon, which Ruby allows', 'a:b'],
  ['a plus', 'a+b'],
  ['an ampersand', 'a&b'],
  ['a letter beyond ASCII', 'é'],
  ['an emoji', '😀'],
  ['a digit beyond ASCII', '٣'],
  ['a NUL', 'a\u0000'],
  ['a percent sign', '100%'],
  ['a caret', 'a^b'],
  ['165 characters', 'x'.repeat(165)],
] as const

describe('a name is refused with', () => {
  test.each(BAD_NAMES)('%s', async (_, name) => {
    const { beams, path } = await withDevice()
    await beams.setInterests(path, ['kept'])
    const before = await stateOf(beams)
    const segment = encodeURIComponent(name)
    expectError(await beams.call('POST', `${path}/interests/${segment}`), ...INVALID)
    const body = { interests: ['good', name] }
    expectError(await beams.call('PUT', `${path}/interests`, { body }), ...INVALID)
    // The seed has no row that refuses it here, and no device can have it.
    expectVoid(await beams.call('DELETE', `${path}/interests/${segment}`))
    expect(await stateOf(beams)).toEqual(before)
  })

  test.each([
    ['no characters', ''],
    ['a number', 1],
    ['null', null],
    ['a list', ['a']],
    ['an object', { name: 'a' }],
    ['true', true],
  ])('%s, in a set', async (_, name) => {
    const { beams, path } = await withDevice()
    await beams.setInterests(path, ['kept'])
    const body = { interests: ['good', name] }
    expectError(await beams.call('PUT', `${path}/interests`, { body }), ...INVALID)
    expect(await beams.interests(path)).toEqual(['kept'])
  })
})

describe('a set of interests', () => {
  test.each<[string, string[], string[]]>([
    ['replaces what was there', ['b', 'c'], ['b', 'c']],
    ['collapses duplicates', ['b', 'b', 'a', 'b'], ['a', 'b']],
    ['clears when it is empty', [], []],
    ['may hold dots alone', ['.', '..', '...'], ['.', '..', '...']],
    ['comes back in byte order', ['b', 'B', '_', '9', 'a'], ['9', 'B', '_', 'a', 'b']],
  ])('%s', async (_, set, after) => {
    const { beams, path } = await withDevice()
    await beams.setInterests(path, ['a', 'old'])
    await beams.setInterests(path, set)
    expect(await beams.interests(path)).toEqual(after)
  })

  test.each([
    ['absent', {}],
    ['null', { interests: null }],
    ['text', { interests: 'a' }],
    ['an object', { interests: { 0: 'a' } }],
    ['a number', { interests: 1 }],
  ])('is refused where it is %s', async (_, body) => {
    const { beams, path } = await withDevice()
    await beams.setInterests(path, ['kept'])
    expectError(await beams.call('PUT', `${path}/interests`, { body }), 400, 'Bad request')
    expect(await beams.interests(path)).toEqual(['kept'])
  })

  test.each([
    ['JSON', { 'Content-Type': 'application/json' }],
    ['JSON with a charset', { 'Content-Type': 'application/json; charset=UTF-8' }],
    ['text', { 'Content-Type': 'text/plain' }],
  ])('is taken when it is called %s: no row asks for a type', async (_, headers) => {
    const { beams, path } = await withDevice()
    expectVoid(await beams.call('PUT', `${path}/interests`, { headers, body: '{"interests":["a"]}' }))
    expect(await beams.interests(path)).toEqual(['a'])
  })

  test('is taken without a content type', async () => {
    const { beams, path } = await withDevice()
    const body = new TextEncoder().encode('{"interests":["a"]}')
    expectVoid(await beams.call('PUT', `${path}/interests`, { body }))
    expect(await beams.interests(path)).toEqual(['a'])
  })

  test('may hold 5,000 names of 164 characters, and 5,001 with one of them twice', async () => {
    const { beams, path } = await withDevice()
    const names = numbered(5000).map((name) => name.padEnd(164, 'x'))
    await beams.setInterests(path, names)
    expect((await beams.admin())[0]?.topics).toEqual(names)
    await beams.setInterests(path, [...names, ...names.slice(0, 1)])
  })

  test('with 5,001 names is refused and changes nothing', async () => {
    const { beams, path } = await withDevice()
    await beams.setInterests(path, ['kept'])
    const body = { interests: numbered(5001) }
    expectError(await beams.call('PUT', `${path}/interests`, { body }), ...TOO_LARGE)
    expect(await beams.interests(path)).toEqual(['kept'])
  })

  test('of exactly 1 MiB is read, and one byte more is refused', async () => {
    const { beams, path } = await withDevice()
    const sized = (bytes: number) => `{"interests":["a"],"pad":"${'x'.repeat(bytes - 28)}"}`
    expect(sized(1024 * 1024)).toHaveLength(1024 * 1024)
    expectVoid(await beams.call('PUT', `${path}/interests`, { body: sized(1024 * 1024) }))
    expectError(
      await beams.call('PUT', `${path}/interests`, { body: sized(1024 * 1024 + 1) }),
      400,
      'Bad request',
    )
    expect(await beams.interests(path)).toEqual(['a'])
  })

  test('set twice at once leaves one of the two whole', async () => {
    const { beams, path } = await withDevice()
    const sets = [numbered(60), numbered(60, 500)]
    await Promise.all(sets.map((set) => beams.setInterests(path, set)))
    expect(sets).toContainEqual(await beams.interests(path))
  })
})

describe('at the limit of 5,000', () => {
  test('the 5,001st is refused, one that is there is not, and there is room after a removal', async () => {
    const { beams, path } = await withDevice()
    await beams.setInterests(path, numbered(5000))
    expectError(await beams.call('POST', `${path}/interests/more`), ...TOO_LARGE)
    expectVoid(await beams.call('POST', `${path}/interests/i0000`))
    expectVoid(await beams.call('DELETE', `${path}/interests/i0000`))
    expectVoid(await beams.call('POST', `${path}/interests/more`))
    expect((await beams.admin())[0]?.topics).toHaveLength(5000)
  })

  test('of 12 names added at once, only those that fit are', async () => {
    const { beams, path } = await withDevice()
    await beams.setInterests(path, numbered(4995))
    const names = Array.from({ length: 12 }, (_, n) => `more${n}`)
    const answers = await Promise.all(names.map((name) => beams.call('POST', `${path}/interests/${name}`)))
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(5)
    for (const answer of answers.filter(({ status }) => status !== 200)) expectError(answer, ...TOO_LARGE)
    expect((await beams.admin())[0]?.topics).toHaveLength(5000)
  })
})
