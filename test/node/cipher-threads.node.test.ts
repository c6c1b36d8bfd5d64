import { createECDH, randomBytes } from 'node:crypto'
import { pathToFileURL } from 'node:url'
import { decrypt } from 'http_ece'
import { expect, test } from 'vitest'
import { threadedEncrypt } from '../../src/node/cipher-threads.ts'
import { temporaryFolder } from '../harness/process.ts'

const PROGRAM = pathToFileURL('dist/cipher-thread.js')

/** A subscription of a browser. */
function subscription() {
  const pair = createECDH('prime256v1')
  const auth = randomBytes(16).toString('base64url')
  const keys = { p256dh: pair.generateKeys('base64url'), auth }
  const opened = (body: Uint8Array) =>
    decrypt(Buffer.from(body), { version: 'aes128gcm', privateKey: pair, authSecret: auth }).toString()
  return { keys, opened }
}

const bytes = (text: string) => new TextEncoder().encode(text)
const BROKEN = { p256dh: 'AAAA', auth: 'AAAA' }

test('a crowd of messages is encrypted on threads: each opens with its own keys, and has its own text', async () => {
  const encrypt = threadedEncrypt(PROGRAM, 2)
  const [same, phones] = [bytes('the same for many'), Array.from({ length: 200 }, subscription)]
  const bodies = await Promise.all(
    phones.map(({ keys }, n) => encrypt(n % 3 === 0 ? bytes(`for ${n} alone`) : same, keys)),
  )
  const read = bodies.map((body, n) => phones[n]?.opened(body))
  expect(read).toEqual(phones.map((_, n) => (n % 3 === 0 ? `for ${n} alone` : 'the same for many')))
})

test('keys that are none fail their own message, and no other of the same batch', async () => {
  const encrypt = threadedEncrypt(PROGRAM, 1)
  const { keys, opened } = subscription()
  const [bad, good] = await Promise.allSettled([encrypt(bytes('x'), BROKEN), encrypt(bytes('y'), keys)])
  expect(bad.status).toBe('rejected')
  expect(good.status === 'fulfilled' && opened(good.value)).toBe('y')
})

test('where a thread cannot run, messages are encrypted without it: no phone is taken for one with broken keys', async () => {
  const encrypt = threadedEncrypt(pathToFileURL(`${temporaryFolder()}/no-program.js`), 1)
  const { keys, opened } = subscription()
  for (const text of ['one', 'two']) expect(opened(await encrypt(bytes(text), keys))).toBe(text)
})
