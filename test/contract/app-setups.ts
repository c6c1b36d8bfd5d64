import { describe, expect, test } from 'vitest'
import {
  appDraft,
  credentialDraft,
  dialectDraft,
  fullDevice,
  keyOf,
  type StoreKit,
  tokenDraft,
  unique,
} from './kit.ts'

/** An app's data about its dialects. */
export function appSetupContract(kit: () => StoreKit): void {
  const apps = () => kit().store.apps
  const now = () => kit().clock.now
  const optionsOf = async (appId: string) => (await apps().findById('red', appId))?.options

  describe('the setup of an app', () => {
    test('is read whole by its id, with the credentials of the dialect alone', async () => {
      const credentials = [credentialDraft('red', { sealed: 'sealed', hint: 'abcd' })]
      const blue = { ...dialectDraft('blue'), credentials: [credentialDraft('blue')] }
      const draft = appDraft({ dialects: [{ ...dialectDraft('red'), credentials }, blue] })
      await apps().create(draft, now())
      const found = await apps().findById('red', draft.id)
      expect(found?.credentials).toMatchObject([
        { id: credentials[0]?.id, sealed: 'sealed', hint: 'abcd', lastUsedAt: null, createdAt: now() },
      ])
      expect(found?.app.vapid).toEqual({ publicKey: 'public', subject: 'mailto:test@example.com' })
      expect((await apps().credentials(draft.id)).map(({ dialect }) => dialect)).toEqual(['red', 'blue'])
      expect(JSON.stringify(await apps().credentials(draft.id))).not.toContain('sealed')
      expect(await apps().findById('green', draft.id)).toBeNull()
      expect(await apps().findById('red', unique('app'))).toBeNull()
    })

    test('merges its settings and its options, member by member', async () => {
      const red = { ...dialectDraft('red'), options: { kept: 1, changed: 1, gone: 1 } }
      const id = await kit().createApp({ dialects: [red] })
      const put = [{ dialect: 'red', options: { changed: 2, gone: null, nested: { a: 1 } }, credentials: [] }]
      const after = await apps().change(id, { settings: {}, put, drop: [] }, kit().occasion())
      expect(after).toMatchObject({ settings: { carryOver: true } })
      expect(await optionsOf(id)).toEqual({ kept: 1, changed: 2, nested: { a: 1 } })
      expect(await apps().findByName('red', red.identifier)).not.toBeNull()
    })

    test('keeps its aliases when the identifier moves, and the identifier when they do', async () => {
      const [before, after, alias, other] = [unique('n'), unique('n'), unique('host'), unique('host')]
      const id = await kit().createApp({ dialects: [{ ...dialectDraft('red', before), aliases: [alias] }] })
      const idOf = async (name: string) => (await apps().findByName('red', name))?.app.id
      await apps().change(id, { put: [dialectDraft('red', after)], drop: [] }, kit().occasion())
      expect([await idOf(before), await idOf(after), await idOf(alias)]).toEqual([undefined, id, id])
      const taken = { dialect: 'red', name: alias, appId: id }
      const second = appDraft({ dialects: [dialectDraft('red', alias)] })
      expect(await apps().create(second, now())).toEqual({ taken: [taken] })
      const moved = { dialect: 'red', aliases: [other], options: {}, credentials: [] }
      await apps().change(id, { put: [moved], drop: [] }, kit().occasion())
      expect([await idOf(after), await idOf(alias), await idOf(other)]).toEqual([id, undefined, id])
    })

    test('takes changes of options at once, and each of them counts', async () => {
      const scope = { appId: await kit().createApp(), dialect: 'red' }
      const names = Array.from({ length: 8 }, (_, at) => `o${at}`)
      const outcomes = await Promise.all(names.map((name) => apps().changeOptions(scope, { [name]: 1 })))
      expect(outcomes).toEqual(names.map(() => true))
      expect(await optionsOf(scope.appId)).toEqual(Object.fromEntries(names.map((name) => [name, 1])))
      expect(await apps().changeOptions(scope, { o0: null })).toBe(true)
      expect(await optionsOf(scope.appId)).not.toHaveProperty('o0')
      expect(await apps().changeOptions({ ...scope, dialect: 'green' }, { a: 1 })).toBe(false)
      expect(await apps().changeOptions({ ...scope, appId: unique('app') }, { a: 1 })).toBe(false)
    })

    test('is cleared of all that a dialect holds but its credentials', async () => {
      const credentials = [credentialDraft('red')]
      const red = { ...dialectDraft('red'), options: { a: 1 }, credentials }
      const appId = await kit().createApp({ dialects: [red, dialectDraft('blue')] })
      const scope = { appId, dialect: 'red' }
      const [gone, kept] = [
        await fullDevice(kit(), keyOf(appId)),
        await fullDevice(kit(), keyOf(appId, 'blue')),
      ]
      const { store } = kit()
      await store.documents.put(scope, 'k', 'sealed', now())
      await store.catalogue.create(scope, { id: unique('t'), name: 'a', description: '' }, now())
      expect(await apps().clearDialect(scope, { a: null, b: 2 }, kit().occasion())).toBe(true)
      const after = await apps().findById('red', appId)
      expect(after).toMatchObject({ options: { b: 2 }, credentials: [{ id: credentials[0]?.id }] })
      expect(after?.options).toEqual({ b: 2 })
      expect(await store.devices.findByKey(gone, now())).toBeNull()
      expect(await store.devices.findByKey(kept, now())).not.toBeNull()
      expect(await store.documents.find(scope, 'k')).toBeNull()
      expect(await store.catalogue.find(scope, 'a')).toBeNull()
      const nowhere = { appId, dialect: 'green' }
      expect(await apps().clearDialect(nowhere, {}, kit().occasion())).toBe(false)
      const token = tokenDraft(unique('t')).token
      expect((await kit().register(gone, { token })).created).toBe(true)
    })

    test('is found by the public name of a credential of its kind, of however many apps', async () => {
      const name = unique('client')
      const app = (kind: string) =>
        kit().createApp({
          dialects: [{ ...dialectDraft('red'), credentials: [credentialDraft('red', { kind, name })] }],
        })
      const [first, second] = [await app('oauth'), await app('oauth')]
      await app('key')
      const find = async (dialect: string, of: string) =>
        (await apps().findByCredentialName(dialect, 'oauth', of)).map(({ app: { id } }) => id)
      expect((await find('red', name)).toSorted()).toEqual([first, second].toSorted())
      expect([await find('blue', name), await find('red', unique('client'))]).toEqual([[], []])
    })

    test('is found by the hash of a credential of its kind, of however many apps', async () => {
      const hash = unique('hash')
      const app = (kind: string, dialect = 'red') =>
        kit().createApp({
          dialects: [{ ...dialectDraft(dialect), credentials: [credentialDraft(dialect, { kind, hash })] }],
        })
      const [first, second] = [await app('token'), await app('token')]
      await app('key')
      await app('token', 'blue')
      const find = async (of: string, limit: number) =>
        (await apps().findByCredentialHash('red', 'token', of, limit)).map(({ app: { id } }) => id)
      expect((await find(hash, 9)).toSorted()).toEqual([first, second].toSorted())
      expect([await find(hash, 1), await find(unique('hash'), 9)]).toEqual([[expect.any(String)], []])
    })

    test('notes when credentials were last used, never back in time', async () => {
      const id = await kit().createApp()
      const [one, two] = [credentialDraft('red'), credentialDraft('red')]
      for (const draft of [one, two]) await apps().addCredential(id, draft, now())
      const used = (of: string, at: number) => ({ id: of, at: new Date(at) })
      await apps().noteUsed([used(one.id, 2000), used(unique('credential'), 1)])
      await apps().noteUsed([used(one.id, 1000)])
      const [first, second] = await apps().credentials(id)
      expect([first?.lastUsedAt, second?.lastUsedAt]).toEqual([new Date(2000), null])
    })

    test('gives one sealed key of any app', async () => {
      await kit().createApp()
      expect(await apps().anySealed()).toEqual({ appId: expect.any(String), sealed: expect.any(String) })
    })

    test('gives the key pair of an app, and none of an app that is not there', async () => {
      const { id, vapid } = appDraft()
      await kit().createApp({ id })
      expect(await apps().vapid(id)).toEqual(vapid)
      expect(await apps().vapid(unique('app'))).toBeNull()
    })

    test('is never given one secret twice, by however many at once', async () => {
      const id = await kit().createApp()
      const lookup = unique('lookup')
      const tries = Array.from({ length: 6 }, () =>
        apps().addCredential(id, credentialDraft('red', { lookup, hash: lookup }), now()),
      )
      expect((await Promise.all(tries)).filter((one) => one === 'taken')).toHaveLength(5)
      expect(await apps().credentials(id)).toHaveLength(1)
    })
  })
}
