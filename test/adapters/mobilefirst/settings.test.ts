import { describe, expect, test } from 'vitest'
import { legacy, pkcs12, sealedWhole } from './certificates.ts'
import { type Answer, createTenant, type Tenant } from './kit.ts'

/**
 * A file whose rounds, 2048 in each place, are raised to 16 million: deriving its keys would take minutes.
 */
function manyRounds(): Uint8Array<ArrayBuffer> {
  const file = pkcs12({ rounds: 70_000 })
  for (let i = 0; i + 4 < file.length; i++) {
    // INTEGER of three bytes: 0x011170 is 70,000.
    const found =
      file[i] === 2 && file[i + 1] === 3 && file[i + 2] === 1 && file[i + 3] === 0x11 && file[i + 4] === 0x70
    if (found) file.set([0x7f, 0xff, 0xff], i + 2)
  }
  return file
}

interface Upload {
  readonly file?: Uint8Array<ArrayBuffer> | null
  readonly password?: string
  readonly isSandBox?: string
  readonly name?: string
}

/** A multipart form, as curl sends it. */
async function upload(t: Tenant, method: string, of: Upload = {}): Promise<Response> {
  const form = new FormData()
  const { file = pkcs12(), password = 'pässword', isSandBox, name = 'apns.p12' } = of
  if (file) form.append('certificate', new File([file], name))
  form.append('password', password)
  if (isSandBox !== undefined) form.append('isSandBox', isSandBox)
  const body = new Response(form)
  const headers = { 'Content-Type': body.headers.get('content-type') ?? '' }
  return t.send(method, '/settings/apnsConf', { body: new Uint8Array(await body.arrayBuffer()), headers })
}

describe('APNs settings', () => {
  test.each(['PUT', 'POST'])('are stored by %s and read back without file and password', async (method) => {
    const t = await createTenant()
    const expected = { certificate: 'apns.p12', isSandBox: 'true', validUntil: '2027-06-30T10:20:30Z' }
    const answer = await upload(t, method, { isSandBox: 'true' })
    expect([answer.status, await answer.json<Answer>()]).toEqual([200, expected])
    expect(await t.ok('GET', '/settings/apnsConf')).toEqual(expected)
    expect(await t.ok('GET', '/settings')).toMatchObject({ mode: 'SANDBOX' })
    expect((await t.send('DELETE', '/settings/apnsConf')).status).toBe(204)
    for (const again of ['GET', 'DELETE']) {
      const gone = await t.send(again, '/settings/apnsConf')
      expect([gone.status, (await gone.json<Answer>()).code]).toEqual([404, 'FPWSE0003E'])
    }
  })

  test('take a file whose certificate is encrypted, too', async () => {
    const t = await createTenant()
    for (const file of [sealedWhole(), legacy()]) {
      const answer = await upload(t, 'PUT', { file, password: 'secret' })
      expect(answer.status).toBe(200)
    }
  })

  test('let others be served while the keys of a file are derived (issue 8)', async () => {
    const t = await createTenant()
    let served = 0
    let running = true
    const serve = () => {
      served++
      if (running) setTimeout(serve, 0)
    }
    const file = pkcs12({ rounds: 24_900 })
    setTimeout(serve, 0)
    const answer = await upload(t, 'PUT', { file })
    running = false
    expect(answer.status).toBe(200)
    // The MAC, two halves of the key and the cipher's IV cost 24,900 hashes each.
    expect(served).toBeGreaterThan((4 * 24_900) / 1000)
  })

  test.each([
    ['3DES, as Keychain Access does', {}, 'false'],
    ['AES', { aes: true }, 'false'],
    ['3DES, for development', { development: true }, 'true'],
  ])('take a file that is sealed with %s', async (_, of, isSandBox) => {
    const t = await createTenant()
    const answer = await upload(t, 'PUT', { file: pkcs12(of) })
    expect([answer.status, (await answer.json<Answer>()).isSandBox]).toEqual([200, isSandBox])
  })

  test.each<[string, Upload, string]>([
    ['no certificate', { file: null }, 'certificate'],
    ['an empty file', { file: new Uint8Array() }, 'certificate'],
    ['a file that is no certificate', { file: new Uint8Array([104, 101, 108, 108, 111]) }, 'certificate'],
    ['a cut file', { file: pkcs12().subarray(0, 300) }, 'certificate'],
    ['a file that asks for a million rounds', { file: manyRounds() }, 'certificate'],
    ['60,000 rounds in all (hostile F16)', { file: sealedWhole(20_000), password: 'secret' }, 'certificate'],
    ['51,000 rounds, without any encrypted content', { file: pkcs12({ rounds: 25_500 }) }, 'certificate'],
    ['a file of more than 128 KiB', { file: new Uint8Array(129 * 1024) }, 'certificate'],
    ['a password of more than 1,000 characters', { password: 'p'.repeat(1001) }, 'password'],
    ['a wrong password', { password: 'wrong' }, 'certificate'],
    ['an expired certificate', { file: pkcs12({ until: new Date('2026-11-25T11:59:59Z') }) }, 'certificate'],
    ['a key of another certificate', { file: pkcs12({ foreignKey: true }) }, 'certificate'],
    ['a flag that is none', { isSandBox: 'maybe' }, 'isSandBox'],
  ])('are refused with %s, and what was there stays', async (_, of, named) => {
    const t = await createTenant()
    await upload(t, 'PUT')
    const answer = await upload(t, 'PUT', of)
    expect(answer.status).toBe(400)
    const { code, message } = await answer.json<Answer>()
    expect(code).toBe('FPWSE0005E')
    expect(message).toContain(`"${named}"`)
    expect(await t.ok('GET', '/settings/apnsConf')).toMatchObject({ validUntil: '2027-06-30T10:20:30Z' })
  })

  test('are refused as JSON with 405, and as a broken form with 400', async () => {
    const t = await createTenant()
    expect((await t.send('PUT', '/settings/apnsConf', { body: {} })).status).toBe(405)
    for (const type of ['multipart/form-data', 'multipart/form-data; boundary=x']) {
      const answer = await t.send('PUT', '/settings/apnsConf', {
        body: 'nonsense',
        headers: { 'Content-Type': type },
      })
      expect([type, answer.status]).toEqual([type, 400])
    }
  })
})

const SERVICE_ACCOUNT = JSON.stringify({
  type: 'service_account',
  project_id: 'shop',
  private_key: '-----BEGIN PRIVATE KEY-----\n…',
  client_email: 'push@shop.example',
})

describe.each<[string, Record<string, unknown>]>([
  ['gcmConf', { apiKey: 'key', senderId: '123456' }],
  ['gcmConf', { apiKey: SERVICE_ACCOUNT, senderId: '123456' }],
  ['wnsConf', { clientSecret: 'secret', packageSID: 'ms-app://s-1-15' }],
  [
    'smsConf',
    {
      host: 'sms.example',
      port: '8080',
      name: 'gateway',
      programName: 'sender',
      parameters: [{ name: 'a', value: 'b', encode: 'true' }],
    },
  ],
  ['smsConf', { host: 'sms.example' }],
])('settings %s', (kind, body) => {
  test.each(['PUT', 'POST'])('are stored by %s, read back whole and deleted', async (method) => {
    const t = await createTenant()
    const path = `/settings/${kind}`
    const missing = await t.send('GET', path)
    expect([missing.status, (await missing.json<Answer>()).code]).toEqual([404, 'FPWSE0001E'])
    const answer = await t.send(method, path, { body })
    expect([answer.status, await answer.json<Answer>()]).toEqual([200, body])
    expect(await t.ok('GET', path)).toEqual(body)
    expect((await t.send('DELETE', path)).status).toBe(204)
    expect((await t.send('GET', path)).status).toBe(404)
    expect((await t.send('DELETE', path)).status).toBe(404)
  })
})

describe('settings', () => {
  test.each([
    ['gcmConf', { senderId: '1' }, 'apiKey'],
    ['gcmConf', { apiKey: 'k' }, 'senderId'],
    ['gcmConf', { apiKey: 'k', senderId: true }, 'senderId'],
    ['gcmConf', { apiKey: '{"type":"authorized_user"}', senderId: '1' }, 'apiKey'],
    ['gcmConf', { apiKey: '{nonsense', senderId: '1' }, 'apiKey'],
    ['wnsConf', { packageSID: 'x' }, 'clientSecret'],
    ['wnsConf', { clientSecret: 'x' }, 'packageSID'],
    ['smsConf', {}, 'host'],
    ['smsConf', { host: 'h', programName: 5 }, 'programName'],
    ['smsConf', { host: 'h', parameters: [{ value: 'x' }] }, 'parameters'],
    ['smsConf', { host: 'h', parameters: 'x' }, 'parameters'],
  ])('%s of %j are refused by the name of %s', async (kind, body, named) => {
    const t = await createTenant()
    const answer = await t.send('PUT', `/settings/${kind}`, { body })
    expect(answer.status).toBe(400)
    expect((await answer.json<Answer>()).message).toContain(`"${named}"`)
    expect((await t.send('GET', `/settings/${kind}`)).status).toBe(404)
  })

  test('show Android apps the sender id as a string and no key', async () => {
    const t = await createTenant()
    expect((await t.send('GET', '/settings/gcmConfPublic')).status).toBe(404)
    await t.ok('PUT', '/settings/gcmConf', { body: { apiKey: 'key', senderId: 123456 } })
    expect(await t.ok('GET', '/settings/gcmConfPublic')).toEqual({ senderId: '123456' })
  })

  test('link to each of them', async () => {
    const t = await createTenant()
    const base = `http://gateway.test/imfpush/v1/apps/${t.app}/settings`
    expect(await t.ok('GET', '/settings')).toEqual({
      applicationId: t.app,
      apnsConf: `${base}/apnsConf`,
      gcmConf: `${base}/gcmConf`,
      wnsConf: `${base}/wnsConf`,
      mode: 'PRODUCTION',
    })
  })

  test('are sealed in the store', async () => {
    const t = await createTenant()
    const body = { apiKey: `needle-${t.app}`, senderId: '1' }
    await t.ok('PUT', '/settings/gcmConf', { body })
    const statement = { text: 'SELECT sealed FROM documents WHERE app_id = ?', binds: ['app'] }
    const [rows] = await t.h.db.read([{ statement, values: { app: t.id } }])
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toContain('needle')
  })

  test('belong to one application', async () => {
    const t = await createTenant()
    const other = await createTenant({ h: t.h })
    await t.ok('PUT', '/settings/wnsConf', { body: { clientSecret: 's', packageSID: 'p' } })
    expect((await other.send('GET', '/settings/wnsConf')).status).toBe(404)
    expect((await other.send('DELETE', '/settings/wnsConf')).status).toBe(404)
    expect((await t.send('GET', '/settings/wnsConf')).status).toBe(200)
  })
})
