import { describe, expect, test } from 'vitest'
import { json, recorded } from './record-kit.ts'

const TABLES = [
  ...['mirror_copies', 'mirror_copy_subjects', 'mirror_ids', 'mirror_marks'],
  ...['mirror_diffs', 'mirror_subjects'],
]

/** A device of Anna, named in as many calls as the dialect has for it; Ben's stays. */
const CALLS: Readonly<Record<string, (call: Call, part: Part, user: 'anna' | 'ben') => Promise<unknown>>> = {
  pushwoosh: async (call, { applicationCode: application }, user) => {
    const of = (method: string, request: object) =>
      call('POST', `/json/1.3/${method}`, { request: { application, hwid: `phone of ${user}`, ...request } })
    await of('registerDevice', { device_type: 3, push_token: `token of ${user}` })
    await of('registerUser', { userId: user })
    await of('setTags', { tags: { Level: 1 } })
  },
  flameup: (call, { apiKeys }, user) =>
    call(
      'POST',
      `/api/v1/people/${user}/devices`,
      { token: `token-of-${user}`, platform: 'android' },
      { Authorization: `Bearer ${(apiKeys as { key: string }[] | undefined)?.[0]?.key}` },
    ),
}
type Call = (
  method: string,
  path: string,
  body?: unknown,
  headers?: Record<string, string>,
) => Promise<Response>
type Part = Readonly<Record<string, unknown>>

describe.each(Object.keys(CALLS))('what waits for the vendor of %s', (dialect) => {
  const pair = recorded(dialect, {}, { mode: 'shadow' })
  const call: Call = (method, path, body, headers = {}) =>
    pair().h.request(method, path, { headers, ...(body !== undefined && { body }) })
  const make = (user: 'anna' | 'ben') => CALLS[dialect]?.(call, pair().app.dialects[dialect] ?? {}, user)
  const rows = async () => {
    const { h, app } = pair()
    await h.settled()
    const all = TABLES.map((name) => ({
      statement: { text: `SELECT * FROM ${name}`, binds: [] },
      values: {},
    }))
    const found = (await h.db.read(all)) as unknown as { readonly app_id: string }[][]
    const own = found.map((of) => of.filter(({ app_id }) => app_id === app.id).length)
    return Object.fromEntries(own.map((count, at) => [TABLES[at], count]))
  }
  const erase = () => pair().h.admin('DELETE', `/apps/${pair().app.id}/users/anna`)
  const refused = () => Response.json({ code: 503, error: 'down' }, { status: 503 })

  test('of a user who is erased goes at once, and nothing of anybody else', async () => {
    pair().vendor.answer = refused
    await make('ben')
    const before = await rows()
    await make('anna')
    expect((await rows()).mirror_copies).toBeGreaterThan(before.mirror_copies ?? 0)
    const told = await json(await pair().h.admin('GET', `/apps/${pair().app.id}/users/anna`))
    const { mirror_copies: all = 0 } = await rows()
    expect(told).toMatchObject({ held: { copies: all - (before.mirror_copies ?? 0) } })
    expect((await erase()).status).toBe(204)
    expect(await rows()).toEqual(before)
    pair().vendor.asked.length = 0
    pair().h.clock.advance(60_000)
    await pair().h.copy()
    expect(pair().vendor.asked.length).toBeGreaterThan(0)
    expect(JSON.stringify(pair().vendor.asked)).not.toContain('anna')
  })

  test('differs, and was stored: goes with its user, too', async () => {
    pair().vendor.answer = () => Response.json({ strange: true })
    await make('anna')
    await pair().h.settled()
    await pair().h.copy()
    expect((await rows()).mirror_diffs).toBeGreaterThan(0)
    expect((await erase()).status).toBe(204)
    expect(await rows()).toEqual(Object.fromEntries(TABLES.map((name) => [name, 0])))
  })

  test('is under way while its user is erased: leaves nothing when the vendor answers', async () => {
    const { h, vendor } = pair()
    vendor.answer = refused
    await make('anna')
    await h.settled()
    h.clock.advance(60_000)
    vendor.answer = async () => {
      await erase()
      return Response.json({ strange: true })
    }
    await h.copy()
    expect(await rows()).toEqual(Object.fromEntries(TABLES.map((name) => [name, 0])))
  })
})
