import { getTableColumns, is, Table } from 'drizzle-orm'
import { expect, test } from 'vitest'
import { openOwnDb } from '#runtime'
import * as tables from '../../schema/tables.ts'
import { buildGateway } from '../../src/build.ts'
import { parseConfig } from '../../src/config.ts'
import type { Gateway } from '../../src/gateway/gateway.ts'
import { SEALED_CONTEXTS } from '../../src/gateway/key-rotation.ts'
import { appId, rowIds } from '../../src/store/row-ids.ts'
import { SEALED } from '../../src/store/sql/statements/vault.ts'
import { sqlStore } from '../../src/store/sql/store.ts'

const keyOf = (byte: string) => btoa(byte.repeat(32))
const [OLD, NEW, THIRD] = [keyOf('a'), keyOf('b'), keyOf('c')]
const BY = { actor: 'test', cause: 'test' }
const COLUMNS = Object.keys(SEALED)

// All keys of a database are replaced, so no other test may use it.
const database = openOwnDb('KEYS')
async function gatewayWith(masterKey: string, previous?: string): Promise<Gateway> {
  const clock = () => new Date('2026-11-25T12:00:00.000Z')
  const store = sqlStore(await database, clock)
  const config = { ...parseConfig({ ...(previous && { MASTER_KEY_PREVIOUS: previous }) }), masterKey }
  const ids = { row: rowIds(), app: appId, secret: () => crypto.randomUUID() }
  return buildGateway(store, config, { adapters: [], chance: { now: clock, ids } })
}

async function filled(gateway: Gateway) {
  const name = crypto.randomUUID()
  const app = await gateway.directory.createApp({ name, settings: {}, dialects: new Map() })
  const draft = { name: 'hook', url: 'https://hooks.example/', kinds: null, from: 'latest' } as const
  const hook = await gateway.feedHooks.create(app, draft, BY)
  return { app, id: hook.id, secret: hook.secret }
}

test('every encrypted column of the schema is among those that are sealed anew, with what it is bound to', () => {
  const sealed = Object.entries(tables).flatMap(([name, table]) =>
    is(table, Table) &&
    Object.keys(getTableColumns(table as Table)).some((of) => /^(sealed|vapidPrivate)$/.test(of))
      ? [name]
      : [],
  )
  // A mirror's key is a member of a document.
  expect(COLUMNS.toSorted()).toEqual([...sealed, 'appDialects'].sort())
  expect(Object.keys(SEALED_CONTEXTS)).toEqual(COLUMNS)
})

test('after a change of the master key, piece by piece and by two at once, the previous one is needed no more', async () => {
  const before = await gatewayWith(OLD)
  const made = []
  for (let at = 0; at < 60; at++) made.push(await filled(before))
  const mark = await before.imports.erasureMark('app', 'anna')
  expect(await before.keys.state()).toMatchObject({ state: 'none', previousNeeded: false })
  await expect(before.keys.begin(BY)).rejects.toMatchObject({ code: 'conflict' })

  const one = await gatewayWith(NEW, OLD)
  expect(await one.imports.erasureMark('app', 'anna')).toBe(mark)
  for (const { app, id, secret } of made) expect(await one.feedHooks.secret(app.id, id)).toBe(secret)
  const late = await filled(one)
  expect(await one.keys.state()).toMatchObject({ state: 'waiting', previousNeeded: true })
  await one.keys.step()
  await one.keys.step()
  expect(await one.keys.state()).toMatchObject({ state: 'running', previousNeeded: true })

  // It was interrupted there; two others continue.
  const [two, three] = [await gatewayWith(NEW, OLD), await gatewayWith(NEW, OLD)]
  while ((await Promise.all([two.keys.step(), three.keys.step()])).includes(true));
  const state = await two.keys.state()
  expect(state).toMatchObject({ state: 'completed', failed: 0, previousNeeded: false })
  expect(state.columns).toBe(state.of)
  expect(state.resealed).toBeGreaterThanOrEqual(120)

  const after = await gatewayWith(NEW)
  for (const { app, id, secret } of [...made, late])
    expect(await after.feedHooks.secret(app.id, id)).toBe(secret)
  expect(await after.directory.opensSecrets()).toBe(true)
  expect(await after.imports.erasureMark('app', 'anna')).toBe(mark)
  await expect(before.feedHooks.secret(late.app.id, late.id)).rejects.toThrow('MASTER_KEY')

  // And again: what is already re-encrypted stays, and what an old gateway has encrypted meanwhile is found.
  const again = await gatewayWith(THIRD, NEW)
  while (await again.keys.step());
  const straggler = await filled(after)
  expect(await again.keys.begin(BY)).toMatchObject({ state: 'running' })
  while (await again.keys.step());
  expect(await again.keys.state()).toMatchObject({ state: 'completed', resealed: 2, failed: 0 })
  const last = await gatewayWith(THIRD)
  expect(await last.feedHooks.secret(straggler.app.id, straggler.id)).toBe(straggler.secret)
  expect(await last.imports.erasureMark('app', 'anna')).toBe(mark)
})
