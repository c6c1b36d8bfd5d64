import { randomBytes, randomUUID } from 'node:crypto'
import PushNotifications from '@pusher/push-notifications-server'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { noteServer, playedBy } from '../harness/played.ts'
import { type Program, run } from '../harness/process.ts'
import { type Server, startServer } from '../harness/server.ts'
import { sdkOf } from './installed.ts'

let server: Server
noteServer(() => server)
playedBy(sdkOf('@pusher/push-notifications-server'))
let instanceId: string
let secretKey: string
let beams: PushNotifications

beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => {
  await server?.stop()
})
beforeEach(async () => {
  instanceId = randomUUID()
  secretKey = randomBytes(32).toString('hex').toUpperCase()
  await server.createApp({ 'pusher-beams': { instanceId, secretKey } })
  beams = client()
})

/** `port` is an option that the SDK reads but its types omit. */
const client = (more: { instanceId?: string; secretKey?: string } = {}) => {
  const options = { instanceId, secretKey, endpoint: '127.0.0.1', port: server.port, ...more }
  return new PushNotifications(options)
}

const devicePath = (id = '') =>
  `${server.origin}/device_api/v1/instances/${instanceId}/devices/fcm${id && `/${id}`}`

async function register(): Promise<string> {
  const response = await fetch(devicePath(), {
    method: 'POST',
    headers: { 'Content-Type': 'application/json; charset=UTF-8' },
    body: JSON.stringify({
      token: randomUUID(),
      knownPreviousClientIds: [],
      metadata: { sdkVersion: '1.9.2' },
    }),
  })
  return ((await response.json()) as { id: string }).id
}

const signIn = (id: string, token: string) =>
  fetch(`${devicePath(id)}/user`, { method: 'PUT', headers: { Authorization: `Bearer ${token}` } })

const read = async (id: string) => {
  const response = await fetch(devicePath(id))
  return { status: response.status, body: (await response.json()) as Record<string, unknown> }
}

test.each([
  ['plain', 'alice'],
  ['an e-mail address', 'alice+news@example.com'],
  ['of another script', 'アリス'],
  ['with slashes and blanks', 'a/b c?d#e%20'],
  ['as long as can be', 'u'.repeat(164)],
])(
  'generateToken() opens PUT user, for a user id that is %s; deleteUser() removes the devices',
  async (_, user) => {
    const [phone, tablet, other] = [await register(), await register(), await register()]
    for (const id of [phone, tablet]) {
      expect((await signIn(id, beams.generateToken(user).token)).status).toBe(200)
      expect(await read(id)).toMatchObject({ status: 200, body: { id, userId: user } })
    }
    expect((await signIn(other, beams.generateToken('someone else').token)).status).toBe(200)
    expect(await beams.deleteUser(user)).toBeUndefined()
    for (const id of [phone, tablet]) {
      expect(await read(id)).toMatchObject({ status: 404, body: { error: 'Device not found' } })
    }
    expect(await read(other)).toMatchObject({ status: 200, body: { userId: 'someone else' } })
  },
)

test('deleteUser() of a user never seen succeeds', async () => {
  expect(await beams.deleteUser('nobody')).toBeUndefined()
})

test('a token signed with the key of another instance opens nothing', async () => {
  const id = await register()
  const stranger = client({ secretKey: randomBytes(32).toString('hex').toUpperCase() })
  expect((await signIn(id, stranger.generateToken('alice').token)).status).toBe(401)
  const elsewhere = client({ instanceId: randomUUID() })
  expect((await signIn(id, elsewhere.generateToken('alice').token)).status).toBe(403)
  expect(await read(id)).toMatchObject({ body: { userId: '' } })
})

test.each([
  ['a wrong key', () => client({ secretKey: 'wrong' }), '401 Unauthorized - Incorrect Secret Key'],
  [
    'an unknown instance',
    () => client({ instanceId: randomUUID() }),
    '404 Instance not found - Could not find the instance.',
  ],
  [
    'an instance id that is none',
    () => client({ instanceId: 'shop' }),
    '400 Bad Request - `instance-id` given is not valid.',
  ],
])('deleteUser() with %s rejects with the reason', async (_, make, message) => {
  await expect(make().deleteUser('alice')).rejects.toThrow(message)
})

const everything = {
  web: { notification: { title: 'Sale', body: 'Today', deep_link: 'https://shop.example' } },
  fcm: { notification: { title: 'Sale', body: 'Today' }, data: { cart: '7' }, priority: 'high' as const },
  apns: { aps: { alert: { title: 'Sale', body: 'Today' } } },
}
const PUBLISHED = { publishId: expect.stringMatching(/^pubid-[0-9a-f-]{36}$/) }

test('publishToInterests() and publishToUsers() resolve to the id of the publish', async () => {
  expect(await beams.publishToInterests(['news', 'a=@,.;-_'], everything)).toEqual(PUBLISHED)
  expect(await beams.publishToUsers(['alice', 'a b/ü'], everything)).toEqual(PUBLISHED)
})

test('publishing takes 100 interests and 1000 users', async () => {
  const names = (count: number) => Array.from({ length: count }, (_, n) => `n${n}`)
  expect(await beams.publishToInterests(names(100), everything)).toEqual(PUBLISHED)
  expect(await beams.publishToUsers(names(1000), everything)).toEqual(PUBLISHED)
})

test('what is refused rejects with the reason, and the process of the customer lives on', async () => {
  const options = { instanceId, secretKey, endpoint: '127.0.0.1', port: server.port }
  const script = `
    const PushNotifications = require('@pusher/push-notifications-server')
    const open = (more) => new PushNotifications({ ...${JSON.stringify(options)}, ...more })
    const web = { notification: { title: 'Sale', body: 'Today' } }
    const told = (error) => console.log(error.message)
    const large = { web: { notification: { body: 'x'.repeat(10240) } } }
    open().publishToInterests(['news'], { nothing: 1 }).catch(told)
      .then(() => open().publishToInterests(['news'], large)).catch(told)
      .then(() => open({ secretKey: 'wrong' }).publishToUsers(['alice'], { web })).catch(told)
      .then(() => open({ instanceId: '${randomUUID()}' }).publishToUsers(['alice'], { web })).catch(told)
      .then(() => console.log('alive'))`
  const program: Program = run(process.execPath, ['-e', script])
  expect(await program.exited).toEqual({ code: 0, signal: null })
  expect(program.stderr).toBe('')
  expect(program.stdout.trim().split('\n')).toEqual([
    '422 Unprocessable Entity - `(root)`: Must validate at least one schema (anyOf)',
    '400 Bad request - body too large (max 10KiB)',
    '401 Unauthorized - Incorrect API Key',
    '404 Instance not found - Could not find the instance.',
    'alive',
  ])
})
