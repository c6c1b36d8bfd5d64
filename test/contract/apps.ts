import { sql } from 'drizzle-orm'
import { describe, expect, test } from 'vitest'
import { call, statement } from '../../src/store/sql/statement.ts'
import { value } from '../../src/store/sql/statements/shared.ts'
import type { AppChange } from '../../src/store/store.ts'
import { appDraft, credentialDraft, dialectDraft, keyOf, type StoreKit, unique } from './kit.ts'

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
  statement: statement<{ found: number }>(
    sql`SELECT count(*) AS found FROM ${sql.raw(table)} WHERE app_id = ${value('app')}`,
  ),
}))
const tagsOf = statement<{ found: number }>(
  sql`SELECT count(*) AS found FROM tags WHERE device_id = ${value('device')}`,
)
const noChange: AppChange = { put: [], drop: [] }

export function appContract(kit: () => StoreKit): void {
  const apps = () => kit().store.apps
  const now = () => kit().clock.now
  const occasion = () => ({ at: now(), cause: 'test' })
  const counts = async (app: string, device: string) => {
    const results = await kit().db.read(rowsOf.map(({ statement: of }) => call(of, { app })))
    const found = results.map((rows, at) => [rowsOf[at]?.table, rows[0]?.found] as const)
    const [[tags]] = await kit().db.read([call(tagsOf, { device })])
    return Object.fromEntries([...found, ['tags', tags?.found]])
  }
  const nothing = Object.fromEntries([...TABLES, 'tags'].map((table) => [table, 0]))

  /** A device in a dialect with a row in every table. */
  async function fill(appId: string, dialect: string) {
    const key = keyOf(appId, dialect)
    const topics = { names: ['a'], when: 'created' as const }
    const { device } = await kit().register(key, { token: unique('t'), topics })
    await kit().store.tags.change(key, [{ name: 'a', do: 'set', as: [{ type: 'text', value: 'x' }] }], now())
    await kit().store.receipts.record({ key, messageId: 'm', kind: 'opened', at: now(), details: {} })
    return device
  }

  describe('apps', () => {
    test('are found by their names and their secrets', async () => {
      const lookup = unique('lookup')
      const red = {
        ...dialectDraft('red'),
        names: [unique('name'), unique('alias')],
        options: { nested: { fraction: 0.1 + 0.2 } },
        credentials: [credentialDraft('red', { lookup, name: 'n', sealed: 's', scopes: ['x', 'y'] })],
      }
      const draft = appDraft({ dialects: [red, dialectDraft('blue')] })
      expect(await apps().create(draft, now())).toMatchObject({
        id: draft.id,
        createdAt: now(),
        settings: { carryOver: true },
      })
      const [credential] = red.credentials
      const expected = {
        app: { id: draft.id, name: 'test' },
        dialect: 'red',
        identifier: red.identifier,
        options: red.options,
        credentials: [
          { id: credential?.id, hash: credential?.hash, sealed: 's', name: 'n', scopes: ['x', 'y'] },
        ],
      }
      for (const name of red.names) expect(await apps().findByName('red', name)).toMatchObject(expected)
      expect(await apps().findByLookup('red', lookup)).toMatchObject(expected)
      expect(await apps().findByName('blue', red.names[0] ?? '')).toBeNull()
      expect(await apps().findByLookup('blue', lookup)).toBeNull()
    })

    test.each(['identifier', 'lookup'] as const)('are refused whole where a %s is taken', async (what) => {
      const [name, lookup] = [unique('name'), unique('lookup')]
      const red = { ...dialectDraft('red', name), credentials: [credentialDraft('red', { lookup })] }
      const first = await kit().createApp({ dialects: [red] })
      const free = { name: unique('name'), lookup: unique('lookup') }
      const second = {
        ...dialectDraft('red', what === 'identifier' ? name : free.name),
        credentials: [credentialDraft('red', { lookup: what === 'lookup' ? lookup : free.lookup })],
      }
      const draft = appDraft({ dialects: [dialectDraft('blue'), second] })
      expect(await apps().create(draft, now())).toEqual({
        taken: [{ dialect: 'red', name: what === 'identifier' ? name : null, appId: first }],
      })
      expect(await apps().get(draft.id)).toBeNull()
      expect(await counts(draft.id, '')).toEqual(nothing)
    })

    test('created at once with one name are one app', async () => {
      const name = unique('name')
      const tries = Array.from({ length: 8 }, () =>
        apps().create(appDraft({ dialects: [dialectDraft('red', name)] }), now()),
      )
      expect((await Promise.all(tries)).filter((one) => !('taken' in one))).toHaveLength(1)
    })

    test('may move to another name, which frees the old one', async () => {
      const [before, after] = [unique('name'), unique('name')]
      const id = await kit().createApp({ dialects: [dialectDraft('red', before)] })
      const put = [dialectDraft('red', after)]
      expect(await apps().change(id, { ...noChange, put, name: 'new' }, occasion())).toMatchObject({
        name: 'new',
        dialects: [{ identifier: after }],
      })
      expect(await apps().findByName('red', before)).toBeNull()
      expect((await apps().findByName('red', after))?.app.id).toBe(id)
      await kit().createApp({ dialects: [dialectDraft('red', before)] })
    })

    test('do not change at all where the new name is taken', async () => {
      const [own, taken] = [unique('name'), unique('name')]
      const id = await kit().createApp({ dialects: [dialectDraft('red', own), dialectDraft('blue')] })
      const owner = await kit().createApp({ dialects: [dialectDraft('red', taken)] })
      const change = { name: 'new', drop: ['blue'], put: [dialectDraft('red', taken)] }
      expect(await apps().change(id, change, occasion())).toEqual({
        taken: [{ dialect: 'red', name: taken, appId: owner }],
      })
      expect(await apps().get(id)).toMatchObject({
        name: 'test',
        dialects: [{ dialect: 'blue' }, { identifier: own }],
      })
      expect((await apps().findByName('red', own))?.app.id).toBe(id)
    })

    test('that are unknown are not made by a change', async () => {
      const id = unique('app')
      const put = [{ ...dialectDraft('red'), credentials: [credentialDraft('red')] }]
      expect(await apps().change(id, { ...noChange, put }, occasion())).toBeNull()
      expect(await apps().addCredential(id, credentialDraft('red'), now())).toBeNull()
      expect(await apps().remove(id, occasion())).toBe(false)
      expect(await counts(id, '')).toEqual(nothing)
    })

    test('add credentials, several of a kind, and revoke them', async () => {
      const id = await kit().createApp()
      const [first, second] = [credentialDraft('red'), credentialDraft('red', { lookup: unique('lookup') })]
      expect(await apps().addCredential(id, first, now())).toMatchObject({ id: first.id })
      expect(await apps().addCredential(id, second, now())).toMatchObject({ id: second.id })
      expect(await apps().addCredential(id, { ...first, id: unique('c') }, now())).toBe('taken')
      expect(await apps().addCredential(id, credentialDraft('green'), now())).toBeNull()
      const other = await kit().createApp()
      const stolen = credentialDraft('red', { lookup: second.lookup })
      expect(await apps().addCredential(other, stolen, now())).toBe('taken')
      expect(await apps().removeCredential(other, first.id, true)).toBe('unknown')
      expect(await apps().removeCredential(id, first.id, false)).toBe('removed')
      expect(await apps().removeCredential(id, first.id, false)).toBe('unknown')
      expect((await apps().credentials(id)).map((one) => one.id)).toEqual([second.id])
    })

    test('keep the last credential of a dialect, also where the last two are revoked at once', async () => {
      const [one, two] = [credentialDraft('red'), credentialDraft('red')]
      const id = await kit().createApp({
        dialects: [
          { ...dialectDraft('red'), credentials: [one, two] },
          { ...dialectDraft('blue'), credentials: [credentialDraft('blue')] },
        ],
      })
      const outcomes = await Promise.all([one, two].map((of) => apps().removeCredential(id, of.id, false)))
      expect(outcomes.sort()).toEqual(['last', 'removed'])
      const [left] = (await apps().credentials(id)).filter(({ dialect }) => dialect === 'red')
      expect(await apps().removeCredential(id, left?.id ?? '', true)).toBe('removed')
    })

    test('that drop a dialect lose what belongs to it and nothing else', async () => {
      const id = await kit().createApp({
        dialects: [{ ...dialectDraft('red'), credentials: [credentialDraft('red')] }, dialectDraft('blue')],
      })
      const red = await fill(id, 'red')
      const blue = await fill(id, 'blue')
      await apps().change(id, { ...noChange, drop: ['red'] }, occasion())
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
        events: 1,
        tags: 1,
      })
    })

    test('take everything with them in every table, and nothing of another', async () => {
      const [id, other] = [await kit().createApp(), await kit().createApp()]
      const device = await fill(id, 'red')
      const kept = await fill(other, 'red')
      const before = await counts(other, kept.id)
      expect(await apps().remove(id, occasion())).toBe(true)
      expect(await counts(id, device.id)).toEqual(nothing)
      expect(await apps().get(id)).toBeNull()
      expect(await counts(other, kept.id)).toEqual(before)
    })

    test.each(['app', 'dialect'])(
      'leave nothing behind when a registration comes after the %s went',
      async (what) => {
        const id = await kit().createApp()
        if (what === 'app') await apps().remove(id, occasion())
        else await apps().change(id, { ...noChange, drop: ['red'] }, occasion())
        await expect(kit().register(keyOf(id, 'red'), { token: unique('t') })).rejects.toThrow(
          'nothing was registered',
        )
        expect(await counts(id, '')).toMatchObject({ devices: 0, push_tokens: 0, events: 0 })
      },
    )

    test('are told from none', async () => {
      await kit().createApp()
      expect(await apps().isEmpty()).toBe(false)
      expect(await kit().store.ping()).toEqual({ fault: null, warnings: [] })
      expect(await kit().store.users.erase('no such app', 'alice', occasion())).toBe(0)
    })
  })
}
