import { describe, expect, test } from 'vitest'
import { encrypt } from '#runtime'
import { webEncrypt } from '../../../src/delivery/providers/webpush/cipher.ts'
import { fromBase64Url, toBase64Url } from '../../../src/domain/encoding.ts'
import { opened, subscribe } from '../../fixtures/push-services/web-push.ts'

const bytes = (text: string) => fromBase64Url(text) ?? new Uint8Array()

/** RFC 8291, appendix A. */
const VECTOR = {
  text: 'When I grow up, I want to be a watermelon',
  keys: {
    p256dh: 'BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4',
    auth: 'BTBZMqHH6r4Tts7J_aSIgg',
  },
  ephemeral: {
    salt: bytes('DGv6ra1nlYgDCS1FRnbzlw'),
    privateKey: bytes('yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw'),
    publicKey: bytes(
      'BP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A8',
    ),
  },
  body: 'DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN',
}

describe.each([
  ['the runtime’s', encrypt],
  ['WebCrypto’s', webEncrypt],
])('%s cipher', (_, cipher) => {
  const text = (value: string) => new TextEncoder().encode(value)

  test('makes the message of RFC 8291, appendix A, byte for byte', async () => {
    const body = await cipher(text(VECTOR.text), VECTOR.keys, VECTOR.ephemeral)
    expect(toBase64Url(body)).toBe(VECTOR.body)
  })

  test.each(['', 'x', 'ü'.repeat(1996), '{"a":1}'])('makes what a browser opens (%#)', async (message) => {
    const subscription = await subscribe('https://push.example', 'one')
    const body = await cipher(text(message), subscription.keys)
    expect(body.length).toBe(text(message).length + 103)
    expect(await opened(body, subscription)).toBe(message)
  })

  test('uses a salt and a pair once', async () => {
    const { keys } = await subscribe('https://push.example', 'one')
    const heads = await Promise.all(
      [1, 2].map(async () => {
        const body = await cipher(text('x'), keys)
        return [toBase64Url(body.slice(0, 16)), toBase64Url(body.slice(21, 86))]
      }),
    )
    expect(new Set(heads.flat()).size).toBe(4)
  })
})
