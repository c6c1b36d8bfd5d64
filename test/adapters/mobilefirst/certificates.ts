import forge from 'node-forge'

/** Disposable keys of 512 bits: just large enough to sign a certificate. */
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
const UID = '0.9.2342.19200300.100.1.1'

/** A PKCS#12 file as Keychain Access exports an APNs certificate. */
export function pkcs12(
  of: {
    until?: Date
    development?: boolean
    /** For both environments. */
    universal?: boolean
    /** The app's bundle id, in the subject. */
    bundle?: string
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
  certificate.setSubject([...name, ...(of.bundle ? [{ type: UID, value: of.bundle }] : [])])
  certificate.setIssuer(name)
  const marks = of.universal ? [DEVELOPMENT, PRODUCTION] : [of.development ? DEVELOPMENT : PRODUCTION]
  certificate.setExtensions(marks.map((id) => ({ id, value: '\x05\x00' })))
  certificate.sign(own, forge.md.sha256.create())
  const key = of.foreignKey ? other : own
  const algorithm = of.aes ? 'aes256' : '3des'
  const store = forge.pkcs12.toPkcs12Asn1(key, [certificate], of.password ?? 'pässword', {
    algorithm,
    count: of.rounds ?? 2048,
  })
  return Uint8Array.from(forge.asn1.toDer(store).getBytes(), (character) => character.charCodeAt(0))
}

/**
 * As OpenSSL 3 and Java write one: AES, 10,000 rounds in each of its three places, with an encrypted
 * certificate.
 */
const SEALED = `MIIGvwIBAzCCBnUGCSqGSIb3DQEHAaCCBmYEggZiMIIGXjCCAyIGCSqGSIb3DQEHBqCCAxMwggMPAgEAMIIDCAYJKoZIhvcNAQcB
MFcGCSqGSIb3DQEFDTBKMCkGCSqGSIb3DQEFDDAcBAh76Ke0bF5IkAICJxAwDAYIKoZIhvcNAgkFADAdBglghkgBZQMEASoEEEaL
12ymEfe/aaJsmkrYYAuAggKg5zpKOu6hKwN27Ml/Y5oP9ocVJA2DMgL5xZcgpEsH1Axv3vj2u4UBGxCxKChN7JSV2pizVS6hzmVV
D2zqflrTdDAyGfQ98oepPyJfEuoFV8oM2e/UAoK3WgonSFm3J9eICUPstcQnaJh7WvjA5Mbl8YAxbe00mL1+u/D7riDaMO2IYbQF
jblItx3gQUfFWj2zxtz2ac67X8lxwkHYdahFU1AXcbcQ/b/EeSBdJ+wS2CeyTX6YX3Np0fxX0zvtcZcK2WkCL9dj/9G71bjozPbH
ZkeRx4kEuBsyg5bI483efeHuOkMpr9MdySdZdPwrBvU0Zmwu8NjFQ1l/vmUKEULoG1t3PFxOUaF47NFvvB5K/1CuOlY0XwcKolBB
Ty8tlYeKpSbdvFKfSw+IBQt0aoBG+EKYqE9zhkfqqFHgTT1VHmVD+bZi9+xGeQdcoHGWq92VzizEmeVhQpn/7E9Ib4PEKmBVPjBv
NZwajvBX0B1BKtwEk/9UxsbgIlN46SM0oqwKuKXHGNDvrJt82wr5d59YYikdXoQlE8m/u9We/zRt2kL633zlPglzN4c8KoBIFbDp
wEoWbvfnd9bpwobk1OkoEQ/n7E85lEQprU787XzGOAJQd+B6pmRE4/UU2UzkAn0Ks1Hr2Q8gHNCmFDmCiUHHri8/W/9W0OYL/qHW
eBSeVo1X2uZ9SCqgMIw+Cpx/uuf3+QTkleaVqyfnedyz9L1kgGlnWTXPq3qjT7r2fXjSSTHG2gov3ZTGSU1EMo+2chRjM1SlQ8EY
xCEMFX/SPTDlHxy/euKuNeXMIjiHVLq0DUR8v6LtYICw8E4+kbmx64XZbmOKEuzMbg1/5AaW/f1b8/Ir847ZH+euwYzdfZNnS8iI
J460CKns+vheq8qNaiiMMIIDNAYJKoZIhvcNAQcBoIIDJQSCAyEwggMdMIIDGQYLKoZIhvcNAQwKAQKgggLhMIIC3TBXBgkqhkiG
9w0BBQ0wSjApBgkqhkiG9w0BBQwwHAQItiR/VHS7TVkCAicQMAwGCCqGSIb3DQIJBQAwHQYJYIZIAWUDBAEqBBBfwQ31vrUGyA6i
qle68OBUBIICgCXjH6YWqme73TTh5iTa0NSt7OpODAKTZWzSYcmeTH1prkMQ9FSFO9J94/LD9foBgc2t9+047KyBvxVfBCrCSTAA
aA1RdLZjzPI4zW0b9R9xOwHiJjrhorP2QqyLQvls/EAHxr5Tlq4DXoMI4k7gVkcSpfY9rcwkr/qEjyMX0jcoGI/uhjGzG/c9/PxF
Y1dZf58I3+VXNwhEK8wGVUkUxpiNab7IJMykUstikW/0H0hzOxftDw3MN0pTMKkTaeW6z7fkc8R0TVN8FLRrJs5Pf1CI/ePonD1o
xOnIfwDP/khddKLkfVQZNKTNB3Z+cXMDWjPzBcEH3fzZrpDXou7OXfD/ZCMS/M83EEfcPhDW8lqaHDOoWowVOQgnhm1DRz7p8Ctt
hn3s7GI9v/1OsjufMs1Gn4PaMRaS7laddpLZr2GndwahKSp31TkUTvxHtvKIXGmqaa6Y6nwLZxKkoxlSlDxiULWkZIOMkOEBWOb7
DohUGIOhCf3td0juC9qQrRrb7qKvZ0D8SiZXo53NDDPExyo5MxXpaiQIOqVDnQASIQubVYpvExkaPE5dWvhLgy7G7s3VBeMNwPvD
I72SGnSxGLMTW4ncLOjBpdy8IrQSlsW+lEdVxjcXyvHHPU6UL2BcRUoMQdNAfi3nbSW2ir8KJFEOgQznc1hfvdJrTGNkRBsfk2Oi
/Zykq9lebu6T7fNq5/bpBphtEXWQx3EM9pnZC8P+M//Cs5Qst5pc91quPect37E+W98BDISeTiSZxLNLVnA0GGQ6knMobysvGF3j
YfLEG10fliEB8VeLRD7x5ukUoPJTd8hhPtwJMQ+aUjag84FLYU7F5Q0qq17LtewXNDQxJTAjBgkqhkiG9w0BCRUxFgQUlXDr7grg
L7jflt9InH4hIv1g9FowQTAxMA0GCWCGSAFlAwQCAQUABCB+ZAJoHMIf6d+CntfoTNfWmWe7ZqQVjImjSXfZ08CYDAQIs5aUq+HS
4IwCAicQ`

/** As Keychain Access and OpenSSL 1 write one: RC2 of 40 bits around the certificate, 3DES around its key. */
const LEGACY = `MIIEcQIBAzCCBDcGCSqGSIb3DQEHAaCCBCgEggQkMIIEIDCCAj8GCSqGSIb3DQEHBqCCAjAwggIsAgEAMIICJQYJKoZIhvcNAQcB
MBwGCiqGSIb3DQEMAQYwDgQIXJOqbKkY4oICAggAgIIB+Jjm8umiMH8q8oz8YfmW424vokQB4IZFY+kvWJuW3c4DrXqYQ9lTtqZZ
mOcC4laI1P6l1V0VZbGg79Nl6TNRAmlgELQAz71RN0+TOtia9kWjc48Mc5cKbho8JxSf79rMyvIQVI4CTapeW00eKD/tXYE3SDPX
XmGdSkIuqVNWHuKOgytMhj0fSrWSgnIQachZ4QhEvhul8/VD3K/8wzHzFRybAPZGmAU6SE99z3IGCQjMK5/rGVPFsTUKBhc0d+PR
rw5d1/YgnIfEvQsbqua6vusjTauBnnEBXu3Tr7I4pXsuggtEez48o45VoFQFNiRbMlIS7WBjF9sWtoj7vwo5ASKw1qGhDklMFRVw
JF8D+r5tzKpdDt5H15Yi655DChxqPjh1r80/p0gkmJSOyFMSLLXnBtXJNNnCV+EA5s4t54VTXLh2ZPfbO3NukkpcpDQo+b7XqLwO
EyHJ0j+hz1JAJQLi3tjYatXh/+VPa1piqku4Ps0yqFCo2F/WVn4hJ2Jw5pL8182A80zQLpmTkYKSrYBnn5S3vC+ZMvtcr/kyUcTi
3fHaJNVvH/uhg+pyTwYAevnegiwHi/K6xLy2DVFl8SJR6DZEphtr8qUPVrJGwcOJinF68rTARZOWmz++ZC9xGuBt3XXNoXRrk17S
AZYmJbRQRvSewfhdHDCCAdkGCSqGSIb3DQEHAaCCAcoEggHGMIIBwjCCAb4GCyqGSIb3DQEMCgECoIIBhjCCAYIwHAYKKoZIhvcN
AQwBAzAOBAiBFxweP+bIOwICCAAEggFgkMz5rVgAK7gFgfxZPJaNLXSsON9puholyuFBjK7U4tZ0tNu2XBCqmHDGXaLgU0mSrAQZ
llKWFo51St1JSH3EVhtUQ2nSq2QJsNB/j6a0IkE/ei1vvVUC8P0+xJ5lP3/Pn19HgyhRxDRweo9VyFcLslKRuGKqia9iWa9XxbHV
ipDsVxlHeqaqcT5dO8f4jZVOBIQgvpgvhzXllwuXeaWG7cXDDncsbmxi/FfMRf7Fn8Sz+ka9L69X7l5dxIMh6ftEOovXSv3ze4UR
fB1iLjdBNxlkdOh+BE6IwfR7Y0gPTqIKeji1vDVJQxsGqsmu8SYsx6cIGbtw9VXjtwgS4H75m9ARMB5XHU6daVdQNf7gL1d8I0FZ
e6yfYO+O3YcH16DZkRA3JaFoNelJzWVtjAYukgRzHWhaS11NQELRlYUBWmmvTGeMVBoCb/2ZSVGRZUVSM/74VXIl/+BfhYwbFJpR
7jElMCMGCSqGSIb3DQEJFTEWBBTzN2LIUNBypSTgvDe/IHaPBE0/UTAxMCEwCQYFKw4DAhoFAAQUYptCUv0UWtCV9GHx7Hq8JCLp
EWsECPQFGUw1uusXAgIIAA==`

const decoded = (text: string) =>
  Uint8Array.from(atob(text.replaceAll('\n', '')), (character) => character.charCodeAt(0))

/** That file, whose password is `secret`, too. */
export const legacy = () => decoded(LEGACY)

/**
 * The one with AES, whose password is `secret`; like 10,000, `rounds` must fit into two bytes in each place.
 */
export function sealedWhole(rounds = 10_000): Uint8Array<ArrayBuffer> {
  const file = decoded(SEALED)
  for (let at = 0; at + 3 < file.length; at++) {
    const found = file[at] === 2 && file[at + 1] === 2 && file[at + 2] === 0x27 && file[at + 3] === 0x10
    if (found) file.set([rounds >> 8, rounds & 0xff], at + 2)
  }
  return file
}
