import { describe, expect, test } from 'vitest'
import type { Db } from '../../src/store/sql/port.ts'
import { createHarness, type HarnessOptions } from '../harness/harness.ts'

let counter = 0
const unique = (prefix: string) => `${prefix}-${crypto.randomUUID().slice(0, 8)}-${counter++}`

async function withApp(options: HarnessOptions = {}) {
  const h = await createHarness(options)
  const [name, key] = [unique('app'), unique('key')]
  const secret = { kind: 'key', secret: key, readable: true, findsApp: true }
  const setup = { identifier: name, names: [name], options: {}, secrets: [secret] }
  const app = await h.gateway.directory.createApp({ name, dialects: new Map([['red', setup]]) })
  return { h, name, key, app, apps: h.gateway.apps, directory: h.gateway.directory }
}

/** Counts reads, and holds them back while the gate is closed. */
function gated() {
  const state = { reads: 0, gate: Promise.resolve(), arrived: () => {} }
  const db = (real: Db): Db => ({
    commit: real.commit,
    async read(plan) {
      state.reads++
      const answer = await real.read(plan)
      state.arrived()
      await state.gate
      return answer
    },
  })
  return { state, db }
}

describe('looking an app up', () => {
  test('costs one read, and none after that', async () => {
    const { state, db } = gated()
    const { apps, name, key } = await withApp({ db })
    const before = state.reads
    for (let turn = 0; turn < 3; turn++) {
      expect((await apps.find('red', name))?.identifier).toBe(name)
      expect((await apps.findBySecret('red', key))?.app.identifier).toBe(name)
      expect(await apps.find('red', 'nobody')).toBeNull()
      expect(await apps.find('blue', name)).toBeNull()
    }
    expect(state.reads - before).toBe(4)
  })

  test('sees at once what the administration changed', async () => {
    const { apps, directory, app, name, key } = await withApp()
    const [credential] = await directory.credentials(app.id)
    const found = await apps.find('red', name)
    if (!found || !credential) throw new Error('no app')
    expect(apps.verify(found, ['key'], key)).toMatchObject({ id: credential.id })
    await directory.removeCredential(app.id, credential.id, true)
    const after = await apps.find('red', name)
    expect(after && apps.verify(after, ['key'], key)).toBeNull()
    expect(await apps.findBySecret('red', key)).toBeNull()
    await directory.removeApp(app.id)
    expect(await apps.find('red', name)).toBeNull()
  })

  test('does not keep what was read before a change and arrived after it', async () => {
    const { state, db } = gated()
    const { apps, directory, app, name } = await withApp({ db })
    const [credential] = await directory.credentials(app.id)
    let open = () => {}
    state.gate = new Promise((resolve) => {
      open = resolve
    })
    const read = new Promise<void>((resolve) => {
      state.arrived = resolve
    })
    const stale = apps.find('red', name)
    await read
    await directory.removeCredential(app.id, credential?.id ?? '', true)
    open()
    expect((await stale)?.credentials).toHaveLength(1)
    expect((await apps.find('red', name))?.credentials).toEqual([])
  })

  test('opens readable secrets, each live value, and no others', async () => {
    const { apps, directory, app, name, key } = await withApp()
    const second = unique('key')
    await directory.addCredential(app.id, 'red', { kind: 'key', secret: second, readable: true })
    await directory.addCredential(app.id, 'red', { kind: 'key', secret: unique('hashed') })
    const found = await apps.find('red', name)
    if (!found) throw new Error('no app')
    expect(await apps.secrets(found, 'key')).toEqual([key, second])
    expect(await apps.secrets(found, 'other')).toEqual([])
  })

  test.each(['', 'KEY', 'key '])('verifies no other secret than a live one: %j', async (change) => {
    const { apps, name, key } = await withApp()
    const found = await apps.find('red', name)
    if (!found) throw new Error('no app')
    expect(apps.verify(found, ['other'], key)).toBeNull()
    expect(apps.verify(found, ['key'], change === '' ? '' : key.replace('key', change))).toBeNull()
  })
})

test('a registration for an app that has gone meanwhile is refused as unknown', async () => {
  const { h, apps, directory, app, name } = await withApp()
  const stale = await apps.find('red', name)
  if (!stale) throw new Error('no app')
  await directory.removeApp(app.id)
  const registration = h.gateway.devices.register({
    app: stale,
    externalId: 'device',
    identity: 'key',
    platform: 'android',
    pushToken: { provider: 'fcm', token: unique('token') },
    cause: 'test',
  })
  await expect(registration).rejects.toMatchObject({ code: 'app_unknown' })
  expect((await h.gateway.directory.devices(app.id, {}, { after: null, limit: 10 })).items).toEqual([])
})
