import { describe, expect, test } from 'vitest'
import { holds } from '../../src/store/sql/forms.ts'
import type { Db } from '../../src/store/sql/port.ts'
import { call, type Statement, statement } from '../../src/store/sql/statement.ts'
import { columns, integer, raw, sql, value } from '../../src/store/sql/template.ts'
import { appDraft, credentialDraft, dialectDraft, fullDevice, keyOf, type StoreKit, unique } from './kit.ts'

const TABLES = [
  'app_dialects',
  'credentials',
  'devices',
  'events',
  'identifiers',
  'push_tokens',
  'receipts',
  'subscriptions',
]
const rowsOf = TABLES.map((table) => ({
  table,
  statement: statement(
    sql`SELECT ${columns({ found: integer(sql`count(*)`) })} FROM ${raw(table)} WHERE app_id = ${value('app')}`,
  ),
}))
const tagsOf = statement(
  sql`SELECT ${columns({ found: integer(sql`count(*)`) })} FROM tags WHERE device_id = ${value('device')}`,
)
const nothing = Object.fromEntries([...TABLES, 'tags'].map((table) => [table, 0]))
const traces: Statement<{ found: number }> = statement(sql`
  SELECT (SELECT count(*) FROM events WHERE app_id = ${value('app')} AND ${holds(raw('detail'), value('userId'))})
    + (SELECT count(*) FROM devices WHERE app_id = ${value('app')} AND user_id = ${value('userId')}) AS found`)

/** What no method of the store shows: that no row is left in a table. */
export function rowContract(db: () => Db, kit: () => StoreKit): void {
  const counts = async (app: string, device = '') => {
    const results = await db().read(rowsOf.map(({ statement: of }) => call(of, { app })))
    const found = results.map((rows, at) => [rowsOf[at]?.table, rows[0]?.found] as const)
    const [[tags]] = await db().read([call(tagsOf, { device })])
    return Object.fromEntries([...found, ['tags', tags?.found]])
  }
  const change = (
    appId: string,
    more: { put?: readonly ReturnType<typeof dialectDraft>[]; drop?: string[] },
  ) => kit().store.apps.change(appId, { put: [], drop: [], ...more }, kit().occasion())
  const remove = (appId: string) => kit().store.apps.remove(appId, kit().occasion())

  describe('the rows', () => {
    test.each(['identifier', 'lookup'] as const)(
      'of an app that is refused are none, where a %s is taken',
      async (what) => {
        const [name, lookup] = [unique('name'), unique('lookup')]
        const red = { ...dialectDraft('red', name), credentials: [credentialDraft('red', { lookup })] }
        await kit().createApp({ dialects: [red] })
        const second = {
          ...dialectDraft('red', what === 'identifier' ? name : unique('name')),
          credentials: [credentialDraft('red', { lookup: what === 'lookup' ? lookup : unique('lookup') })],
        }
        const draft = appDraft({ dialects: [dialectDraft('blue'), second] })
        expect(await kit().store.apps.create(draft, kit().clock.now)).toHaveProperty('taken')
        expect(await counts(draft.id)).toEqual(nothing)
      },
    )

    test('of an unknown app are not made by a change', async () => {
      const id = unique('app')
      const put = [{ ...dialectDraft('red'), credentials: [credentialDraft('red')] }]
      await change(id, { put })
      await kit().store.apps.addCredential(id, credentialDraft('red'), kit().clock.now)
      await remove(id)
      expect(await counts(id)).toEqual(nothing)
    })

    test('of a dialect that is dropped go, and no others', async () => {
      const id = await kit().createApp({
        dialects: [{ ...dialectDraft('red'), credentials: [credentialDraft('red')] }, dialectDraft('blue')],
      })
      const red = await fullDevice(kit(), keyOf(id, 'red'))
      const blue = await fullDevice(kit(), keyOf(id, 'blue'))
      await change(id, { drop: ['red'] })
      expect(await counts(id, red.id)).toMatchObject({
        devices: 1,
        push_tokens: 1,
        credentials: 0,
        app_dialects: 1,
        tags: 0,
      })
      expect(await counts(id, blue.id)).toMatchObject({
        identifiers: 1,
        receipts: 1,
        subscriptions: 1,
        // Its registration and its tag, and the removal of the other one.
        events: 3,
        tags: 1,
      })
    })

    test('of an app that is removed go in every table, and none of another', async () => {
      const [id, other] = [await kit().createApp(), await kit().createApp()]
      const device = await fullDevice(kit(), keyOf(id))
      const kept = await fullDevice(kit(), keyOf(other))
      const before = await counts(other, kept.id)
      expect(await remove(id)).toBe(true)
      expect(await counts(id, device.id)).toEqual(nothing)
      expect(await counts(other, kept.id)).toEqual(before)
    })

    test.each(['app', 'dialect'])('of a registration that comes after the %s went are none', async (what) => {
      const id = await kit().createApp()
      if (what === 'app') await remove(id)
      else await change(id, { drop: ['red'] })
      await expect(kit().register(keyOf(id), { token: unique('t') })).rejects.toThrow('nothing was')
      expect(await counts(id)).toMatchObject({ devices: 0, push_tokens: 0, events: 0 })
    })

    test('of a user who is erased go, and the history of the devices they left no longer names them', async () => {
      const appId = await kit().createApp()
      const alice = unique('alice')
      const keys = [keyOf(appId), keyOf(appId), keyOf(appId, 'blue')]
      const bind = (key: (typeof keys)[number], id: string) =>
        kit().store.users.bind(key, { id, proved: true }, { replace: true, limit: null }, kit().occasion())
      for (const key of keys) {
        await kit().register(key, { token: unique('t') })
        await bind(key, alice)
      }
      for (const key of keys.slice(0, 1)) await bind(key, 'bob')
      expect(await kit().store.users.erase(appId, alice, kit().occasion())).toBe(2)
      expect(await db().read([call(traces, { app: appId, userId: alice })])).toEqual([[{ found: 0 }]])
    })
  })
}
