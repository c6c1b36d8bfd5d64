import { exportPKCS8, generateKeyPair } from 'jose'
import { describe, expect, test } from 'vitest'
import { call, statement } from '../../../src/store/sql/statement.ts'
import { sql, value } from '../../../src/store/sql/template.ts'
import { createTenant } from './kit.ts'
import { bundle, listed, put, upload } from './provider-kit.ts'

const asBefore = statement(sql`UPDATE documents SET offered = 0 WHERE app_id = ${value('app')}`)

describe('an apnsConf', () => {
  test.each([
    ['false', 'production'],
    ['true', 'sandbox'],
  ])(
    'becomes the app’s provider, with the topic of the certificate (isSandBox %s)',
    async (flag, environment) => {
      const t = await createTenant()
      await upload(t, { bundle }, flag)
      expect(await listed(t)).toMatchObject([
        { kind: 'apns', topic: bundle, environment, endpoint: null, dialect: 'mobilefirst', state: 'ok' },
      ])
    },
  )

  test('that is renewed takes the place of the one before, and goes where it is deleted', async () => {
    const t = await createTenant()
    await upload(t, { bundle })
    await upload(t, { bundle: 'com.example.next' })
    expect(await listed(t)).toMatchObject([{ topic: 'com.example.next' }])
    await t.send('DELETE', '/settings/apnsConf')
    expect(await listed(t)).toEqual([])
  })

  test('never replaces the provider that an operator set', async () => {
    const t = await createTenant()
    const { privateKey } = await generateKeyPair('ES256', { extractable: true })
    const key = await exportPKCS8(privateKey)
    const own = { keyId: 'ABC123DEFG', teamId: 'DEF123GHIJ', topic: 'com.example.own' }
    const document = { kind: 'apns', key, ...own, environment: 'production', endpoint: null }
    expect((await put(t, document)).status).toBe(201)
    const before = await listed(t)
    await upload(t, { bundle })
    expect(await listed(t)).toEqual(before)
    await t.send('DELETE', '/settings/apnsConf')
    expect(await listed(t)).toEqual(before)
  })

  test('whose certificate names no app is kept, and not used', async () => {
    const t = await createTenant()
    await upload(t, {})
    expect(await listed(t)).toEqual([])
    expect(await t.ok('GET', '/settings/apnsConf')).toMatchObject({ certificate: 'apns.p12' })
  })

  test('that an earlier version stored becomes the provider once: one that an operator deletes does not come back', async () => {
    const t = await createTenant()
    await upload(t, { bundle })
    const { h, id } = t
    await h.admin('DELETE', `/apps/${id}/providers/apns`)
    const work = () => h.gateway.maintenance.run({ milliseconds: 10_000, steps: 1000 })
    await work()
    expect(await listed(t)).toEqual([])
    // As it was stored before versions offered it.
    await h.db.commit([call(asBefore, { app: id })])
    await work()
    expect(await listed(t)).toMatchObject([{ kind: 'apns', topic: bundle, dialect: 'mobilefirst' }])
    await h.admin('DELETE', `/apps/${id}/providers/apns`)
    await work()
    expect(await listed(t)).toEqual([])
  })

  test('goes with the dialect that it came by', async () => {
    const t = await createTenant()
    await upload(t, { bundle })
    await t.h.admin('PATCH', `/apps/${t.id}`, { dialects: { mobilefirst: null } })
    expect(await listed(t)).toEqual([])
  })
})
