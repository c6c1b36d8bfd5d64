// The encryption of Web Push alone, in one thread: the cost of RFC 8291 on this machine with Node's own
// cryptography.
import { createECDH, randomBytes } from 'node:crypto'
import { nodeEncrypt } from '../../src/node/web-push-cipher.ts'

const { messages, text }: { messages: number; text: string } = JSON.parse(process.argv[2] ?? '{}')
const theirs = createECDH('prime256v1')
theirs.generateKeys()
const keys = {
  p256dh: theirs.getPublicKey('base64url'),
  auth: randomBytes(16).toString('base64url'),
}
const bytes = new TextEncoder().encode(text)
const encrypt = async (count: number) => {
  for (let n = 0; n < count; n++) await nodeEncrypt(bytes, keys)
}
await encrypt(Math.min(500, messages))
const [from, began] = [performance.now(), process.cpuUsage()]
await encrypt(messages)
const { user, system } = process.cpuUsage(began)
const rate = (messages / (performance.now() - from)) * 1000
process.stdout.write(JSON.stringify({ rate, cpu: (user + system) / 1000 }))
