import { describe, expect, test } from 'vitest'
import { apns } from '../../../src/delivery/providers/apns/index.ts'
import { toBase64Url } from '../../../src/domain/encoding.ts'
import { pkcs12 } from '../../adapters/mobilefirst/certificates.ts'
import { apnsError } from '../../fixtures/push-services/apns.ts'
import { BUNDLE, newToken, openApns, rules, toToken } from './kit.ts'

const now = () => new Date('2026-11-28T12:00:00Z')
const bundled = { bundle: BUNDLE }

const document = (file: Uint8Array, change = {}) => ({
  ...{ kind: 'apns', certificate: toBase64Url(file), passphrase: 'pässword', environment: 'production' },
  endpoint: null,
  ...change,
})

const parsed = (given: unknown, more = {}) => apns.schema({ ...rules, now, ...more }).safeParseAsync(given)

/** A lane with a certificate instead of a key. */
async function openWith(of: Parameters<typeof pkcs12>[0]) {
  const { certificate, passphrase } = document(pkcs12({ ...bundled, ...of }))
  const opened = await openApns({ credential: { certificate, passphrase } })
  opened.production.certificate = [BUNDLE]
  opened.sandbox.certificate = [BUNDLE]
  return opened
}

describe('a certificate', () => {
  test('is taken as a PKCS#12 file in base64, and shown without its key', async () => {
    const { data, error } = await parsed(document(pkcs12(bundled)))
    expect(error).toBeUndefined()
    expect(apns.show(data)).toEqual({
      ...{ kind: 'apns', topic: BUNDLE, environment: 'production', endpoint: null },
      notAfter: '2027-06-30T10:20:30.000Z',
    })
  })

  test('is kept as a document of plain JSON', async () => {
    const { data } = await parsed(document(pkcs12(bundled)))
    expect(JSON.parse(JSON.stringify(data))).toEqual(data)
    expect(apns.show(JSON.parse(JSON.stringify(data)))).toEqual(apns.show(data))
  })

  test('may have the usual alphabet of base64, and line breaks', async () => {
    const base64 = btoa(String.fromCharCode(...pkcs12(bundled))).replace(/(.{64})/g, '$1\r\n')
    expect((await parsed({ ...document(pkcs12()), certificate: base64 })).success).toBe(true)
  })

  test('needs a topic, if it names none', async () => {
    const { error } = await parsed(document(pkcs12()))
    expect(error?.issues).toMatchObject([{ path: ['topic'], message: 'is not in the certificate' }])
    const { data } = await parsed(document(pkcs12(), { topic: 'com.example.named' }))
    expect(apns.show(data)).toMatchObject({ topic: 'com.example.named' })
  })

  test.each<[string, object, string]>([
    ['a wrong passphrase', { passphrase: 'wrong' }, 'certificate'],
    ['no passphrase', { passphrase: undefined }, 'passphrase'],
    ['a text that is no base64', { certificate: 'ä' }, 'certificate'],
    ['a file that is no certificate', { certificate: toBase64Url(new Uint8Array(40)) }, 'certificate'],
    [
      'an expired certificate',
      { certificate: toBase64Url(pkcs12({ ...bundled, until: new Date('2026-11-28T11:59:59Z') })) },
      'certificate',
    ],
    [
      'the key of another',
      { certificate: toBase64Url(pkcs12({ ...bundled, foreignKey: true })) },
      'certificate',
    ],
    [
      'more rounds than a person needs',
      { certificate: toBase64Url(pkcs12({ ...bundled, rounds: 25_500 })) },
      'certificate',
    ],
    ['a key besides', { keyId: 'ABC123DEFG' }, ''],
  ])('is refused with %s, and the member is named', async (_, change, path) => {
    const { error } = await parsed({ ...document(pkcs12(bundled)), ...change })
    expect(error?.issues.map((issue) => issue.path.join('.'))).toContain(path)
  })

  test('is refused where the runtime cannot present it', async () => {
    const { error } = await parsed(document(pkcs12(bundled)), { certificates: false })
    expect(error?.issues).toMatchObject([{ path: ['certificate'], message: expect.stringContaining('Node') }])
  })
})

describe('a lane with a certificate', () => {
  test('sends no token of its own, and the certificate’s topic', async () => {
    const { lane, production } = await openWith({})
    expect(await lane.send(toToken({ token: newToken() }))).toMatchObject({ class: 'accepted' })
    const [request] = production.requests
    expect([request?.headers.get('authorization'), request?.headers.get('apns-topic')]).toEqual([
      null,
      BUNDLE,
    ])
  })

  test.each([
    ['for production', {}, [1, 0], 'mismatch'],
    ['for development', { development: true }, [0, 1], 'mismatch'],
    ['for both', { universal: true }, [1, 1], 'dead'],
  ] as const)(
    '%s asks the environments that it is for, about a token that is bad',
    async (_, of, asked, expected) => {
      const { lane, production, sandbox } = await openWith(of)
      const token = newToken()
      production.foreign.add(token)
      sandbox.foreign.add(token)
      expect(await lane.send(toToken({ token, environment: 'unknown' }))).toMatchObject({ class: expected })
      expect([production.requests.length, sandbox.requests.length]).toEqual(asked)
    },
  )

  test('that has expired sends nothing, and says so', async () => {
    const { lane, deps, production } = await openWith({ until: new Date(Date.now() + 3_600_000) })
    deps.clock.pass(3601)
    expect(await lane.send(toToken({ token: newToken() }))).toMatchObject({
      class: 'credential',
      reason: 'the certificate has expired',
    })
    expect(await lane.probe()).toEqual({ state: 'refused', reason: 'the certificate has expired' })
    expect(production.requests).toEqual([])
  })

  test('cannot send what needs a key', async () => {
    const { lane } = await openWith({})
    const delivery = toToken({ token: newToken() }, { headers: { 'apns-push-type': 'liveactivity' } })
    expect(await lane.send(delivery)).toEqual({ class: 'payload', reason: 'needs-a-key' })
  })

  test('that APNs refuses opens the circuit', async () => {
    const { lane, delivery } = await openWith({})
    expect(await lane.send(await delivery(apnsError(403, 'BadCertificate')))).toMatchObject({
      class: 'credential',
    })
  })
})
