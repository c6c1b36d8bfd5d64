import { describe, expect, test } from 'vitest'
import type { AppChange } from '../../src/store/store.ts'
import { appDraft, credentialDraft, dialectDraft, fullDevice, keyOf, type StoreKit, unique } from './kit.ts'

const noChange: AppChange = { put: [], drop: [] }

export function appContract(kit: () => StoreKit): void {
  const apps = () => kit().store.apps
  const now = () => kit().clock.now
  const occasion = () => kit().occasion()

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

    test('are known by the servers that they are mirrored to, each server once a dialect', async () => {
      const upstream = `https://${unique('vendor')}.example`
      const mirrored = (dialect: string) => ({ ...dialectDraft(dialect), options: { mirror: { upstream } } })
      const first = await kit().createApp({ dialects: [mirrored('red'), dialectDraft('blue')] })
      await kit().createApp({ dialects: [mirrored('red')] })
      const found = (await apps().mirrored(1000)).filter((one) => one.upstream === upstream)
      expect(found).toEqual([{ dialect: 'red', upstream, appId: first }])
      expect(await apps().mirrored(0)).toEqual([])
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
      expect(await apps().credentials(draft.id)).toEqual([])
      expect(await apps().findById('blue', draft.id)).toBeNull()
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
      expect(await apps().get(id)).toBeNull()
      expect(await apps().credentials(id)).toEqual([])
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
      const red = await fullDevice(kit(), keyOf(id, 'red'))
      const blue = await fullDevice(kit(), keyOf(id, 'blue'))
      expect(await apps().counts(id, 'red')).toMatchObject({ dialects: 1, credentials: 1, devices: 1 })
      await apps().change(id, { ...noChange, drop: ['red'] }, occasion())
      expect(await apps().counts(id, 'red')).toMatchObject({ dialects: 0, credentials: 0, devices: 0 })
      expect(await kit().store.devices.findByKey(red, now())).toBeNull()
      expect(await kit().store.directory.history(id, red.id)).toEqual([])
      const after = await kit().store.devices.findByKey(blue, now())
      expect(after).toMatchObject({ topics: ['a'], tags: { a: 'x' }, pushToken: { state: 'live' } })
      expect((await apps().get(id))?.dialects.map(({ dialect }) => dialect)).toEqual(['blue'])
      const page = { after: null, limit: 10 }
      expect((await kit().store.receipts.list(id, {}, page)).items).toMatchObject([{ deviceId: blue.id }])
    })

    test('take everything with them, and nothing of another', async () => {
      const [id, other] = [await kit().createApp(), await kit().createApp()]
      const device = await fullDevice(kit(), keyOf(id))
      const kept = await fullDevice(kit(), keyOf(other))
      const before = await apps().counts(other, null)
      expect(before).toMatchObject({ dialects: 2, devices: 1, pushTokens: 1, receipts: 1, events: 2 })
      expect(await apps().remove(id, occasion())).toBe(true)
      expect(new Set(Object.values(await apps().counts(id, null)))).toEqual(new Set([0]))
      expect(await apps().get(id)).toBeNull()
      expect(await kit().store.directory.device(id, device.id)).toBeNull()
      expect(await apps().counts(other, null)).toEqual(before)
      expect(await kit().store.directory.device(other, kept.id)).not.toBeNull()
      expect(await apps().remove(id, occasion())).toBe(false)
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
        expect(await apps().counts(id, null)).toMatchObject({ devices: 0, pushTokens: 0, events: 0 })
      },
    )

    test('are told from none', async () => {
      await kit().createApp()
      expect(await apps().isEmpty()).toBe(false)
      const { fault, warnings } = await kit().store.ping()
      expect({ fault, warnings }).toEqual({ fault: null, warnings: [] })
      expect(await kit().store.users.erase('no such app', 'alice', occasion())).toBe(0)
    })
  })
}
