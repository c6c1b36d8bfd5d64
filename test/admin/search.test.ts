import { beforeAll, describe, expect, test } from 'vitest'
import type { DialectApp } from '../../src/domain/app.ts'
import type { Harness } from '../harness/harness.ts'
import { find, open, register } from '../removals/kit.ts'
import { putMany } from '../removals/many.ts'

const TOKEN = 'AB'.repeat(32)

describe('a device is found by what its SDK shows or somebody pasted (newcomer F10)', () => {
  let h: Harness
  let id: string
  let app: DialectApp
  let phoneId: string
  beforeAll(async () => {
    const t = await open()
    h = t.h
    id = t.id
    app = await find(h, t.code)
    const tags = [
      { name: 'Plan', do: 'set', as: [{ type: 'string', value: 'pro' }] },
      { name: 'Level', do: 'set', as: [{ type: 'number', value: 3 }] },
      { name: 'Beta', do: 'set', as: [{ type: 'boolean', value: true }] },
      { name: 'Cities', do: 'set', as: [{ type: 'list', value: ['Rome', 'Bonn'] }] },
      { name: 'a=b', do: 'set', as: [{ type: 'string', value: 'c=d' }] },
    ]
    const phone = await register(h, app, 'web-1b2c', 'alice@example.com', {
      pushToken: { provider: 'apns', token: TOKEN },
      patch: {
        user: { id: 'alice@example.com', proved: false },
        model: 'iPhone15,3',
        appVersion: '3.1',
      },
      tags,
    })
    phoneId = phone.device.id
    await register(h, app, 'other', 'bob', { patch: { user: { id: 'bob', proved: false }, model: 'iPhone' } })
  })
  const ids = async (query: Record<string, string>, list = 'devices') => {
    const response = await h.admin('GET', `/apps/${id}/${list}?${new URLSearchParams(query)}`)
    expect(response.status).toBe(200)
    const found =
      await response.json<Record<string, { externalId?: string; devices?: { externalId: string }[] }[]>>()
    return (found[list] ?? []).flatMap(
      (one) => one.externalId ?? one.devices?.map((device) => device.externalId) ?? [],
    )
  }

  test.each([
    ['externalId', { externalId: 'web-1b2c' }],
    ['externalId with its dialect', { externalId: 'web-1b2c', dialect: 'echo' }],
    ['q: the external id', { q: 'web-1b2c' }],
    ['q: the external id, with blanks around it', { q: ' web-1b2c\n' }],
    ['q: the user', { q: 'alice@example.com' }],
    ['q: the token', { q: TOKEN }],
    ['q: the token in lower case', { q: TOKEN.toLowerCase() }],
    ['q: the token as Xcode prints it', { q: `<${TOKEN.toLowerCase().replace(/.{8}/g, '$& ').trim()}>` }],
    ['q, and another filter', { q: 'alice@example.com', model: 'iPhone15,3' }],
    ['a tag', { tag: 'Plan' }],
    ['a tag and its text', { tag: 'Plan=pro' }],
    ['a tag and its number', { tag: 'Level=3' }],
    ['a tag and its flag', { tag: 'Beta=true' }],
    ['a tag and an element of its list', { tag: 'Cities=Bonn' }],
    ['a tag with an equals sign in its name', { tag: 'a=b' }],
    ['a model', { model: 'iPhone15,3' }],
    ['an app version', { appVersion: '3.1' }],
  ])('%s', async (_, query) => {
    expect(await ids(query)).toEqual(['web-1b2c'])
    expect(await ids(query, 'installations')).toEqual(['web-1b2c'])
  })

  test("its own id here, too: it stands in this gateway's lists", async () => {
    expect(await ids({ q: phoneId })).toEqual(['web-1b2c'])
  })

  test.each([
    ['a part of an external id', { q: 'web-' }],
    ['an external id in another case', { externalId: 'WEB-1B2C' }],
    ['a tag of another value', { tag: 'Plan=free' }],
    ['a tag whose value another has', { tag: 'Level=pro' }],
    ['the beginning of a model', { model: 'iPhone1' }],
    ['a user who is none', { q: 'alice' }],
    ['a filter that others refuse', { q: 'bob', model: 'iPhone15,3' }],
  ])('and by nothing less: %s', async (_, query) => {
    expect(await ids(query)).toEqual([])
    expect(await ids(query, 'installations')).toEqual([])
  })

  test.each([
    'dialect=beams',
    'dialect=',
    'platform=iphone',
    'provider=gcm',
    'active=yes',
    'plattform=ios',
    'q=%20',
    'externalId=',
    'limit=0',
    'limit=101',
    'limit=1.5',
    'limit=1e1',
    `q=${'x'.repeat(10_001)}`,
    `topic=${'x'.repeat(1001)}`,
  ])('an unknown value of a filter is refused: %s (newcomer F11)', async (query) => {
    for (const list of ['devices', 'installations']) {
      expect((await h.admin('GET', `/apps/${id}/${list}?${query}`)).status).toBe(400)
    }
  })
})

describe('hostile F7: a page of a list looks at a bounded number of rows', () => {
  const MANY = 4500
  let h: Harness
  let id: string
  beforeAll(async () => {
    const t = await open()
    ;[h, id] = [t.h, t.id]
    await register(h, t.app, 'oldest', 'rare', {
      patch: { user: { id: 'rare', proved: false }, model: 'Rare' },
    })
    h.clock.advance(1000)
    await putMany(h, t.app, MANY, 'guest')
  })

  test.each(['devices', 'installations'])('short pages lead to the last row, each once: %s', async (list) => {
    for (const [query, expected] of [
      ['model=Rare', 1],
      ['model=None', 0],
      ['user=guest', MANY],
      ['q=guest', MANY],
      ['tag=tag', MANY],
    ] as const) {
      const found = new Set<string>()
      let pages = 0
      let cursor = ''
      for (;;) {
        const page = await (await h.admin('GET', `/apps/${id}/${list}?limit=100&${query}${cursor}`)).json<
          Record<string, { id: string }[]> & { nextCursor?: string }
        >()
        pages++
        for (const row of page[list] ?? []) {
          expect(found.has(row.id)).toBe(false)
          found.add(row.id)
        }
        if (page.nextCursor === undefined) break
        cursor = `&cursor=${page.nextCursor}`
      }
      expect([query, found.size]).toEqual([query, expected])
      // No more pages than the shown rows need, and one for each search path.
      expect(pages).toBeLessThanOrEqual(Math.ceil(expected / 100) + 4)
    }
  })
})
