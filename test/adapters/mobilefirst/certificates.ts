import forge from 'node-forge'

/** Throw-away keys of 512 bits: large enough to sign a certificate, nothing more. */
const KEYS = [
  `MIIBPAIBAAJBANKKiK7N758vZMIbs2E4fZetTk84F4RpqAxhw235RZpT3rL4yKrc
Jhdb+J+oN4KMkWrR0b99eMFUHDdZkAm4D9MCAwEAAQJBAILOOR9JqP9ghZwnc6oK
W9U5gjarpcjJj/OpZa7UuQ6oveUj43xxMbWAujknIR9dc0r571QDCrzdg5vEWkn1
QmkCIQD22F3dB4hIv6QEwnp3/+SFOFmPRqdGcUp1pOr5x4jtnQIhANpZe/bSLry2
pdP5vVxhtrL/HRkiI4gqk42nVmY78zAvAiEAnWy3z/Kx09OEgxSUjltAHkYlt95T
Z/Vwiz62LL44cXECIDmikzE0i7eucplAe7Zt6H7ZDkI7G6vuqSIkAI9d1bRrAiEA
21g1SdAuaf/6tVbWg9wSCNvEvXEBZ5evmCTsW+cE9J0=`,
  `MIIBOgIBAAJBANzFFXZuZxDr9ZaKQ1RtHuA3NAWm51SsydTj/kvUECGJecaLjzJs
M8M4cAjeg/kTuhJrHQEszqcskunwbpGm63cCAwEAAQJAF4sY/9lEOoS/Wv+BsKY2
bbjVXmjvMJOArqhlvRZvZfP9hYWWXiSC8IcthxtWZvd2HPEzRgnulqQUWYhtzog9
gQIhAPNHR4BCvxr01kGN21YdEOcU6BxUyigtwD0HV5nm2ZlBAiEA6FB8lLcWu107
dnIwlJez9YRCH/IekhZtXId44Lg03rcCIDn2zst5m80RbwdZhFwlOsTET3WIok4m
cHpaCH5L6abBAiEAnFFcIq03zIcldcPMUI/rdW6zF8/RJjeVCsfVXFBWsu0CIFvI
V4DskBkb169NiLPTtwe1TdD9MisNrgtLxzp4rW7Z`,
].map((body) => `-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----`)

const DEVELOPMENT = '1.2.840.113635.100.6.3.1'
const PRODUCTION = '1.2.840.113635.100.6.3.2'

/** A PKCS#12 file as Keychain Access exports an APNs certificate. */
export function pkcs12(
  of: {
    until?: Date
    development?: boolean
    foreignKey?: boolean
    password?: string
    aes?: boolean
    rounds?: number
  } = {},
): Uint8Array<ArrayBuffer> {
  const [own, other] = KEYS.map((pem) => forge.pki.privateKeyFromPem(pem))
  if (!own || !other) throw new Error('no keys')
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.setRsaPublicKey(own.n, own.e)
  certificate.serialNumber = '01'
  certificate.validity.notBefore = new Date('2025-01-01T00:00:00Z')
  certificate.validity.notAfter = of.until ?? new Date('2027-06-30T10:20:30Z')
  const name = [{ name: 'commonName', value: 'Apple Push Services: com.example.shop' }]
  certificate.setSubject(name)
  certificate.setIssuer(name)
  certificate.setExtensions([{ id: of.development ? DEVELOPMENT : PRODUCTION, value: '\x05\x00' }])
  certificate.sign(own, forge.md.sha256.create())
  const key = of.foreignKey ? other : own
  const algorithm = of.aes ? 'aes256' : '3des'
  const store = forge.pkcs12.toPkcs12Asn1(key, [certificate], of.password ?? 'pässword', {
    algorithm,
    count: of.rounds ?? 2048,
  })
  return Uint8Array.from(forge.asn1.toDer(store).getBytes(), (character) => character.charCodeAt(0))
}
