import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { noteServer, playedBy } from '../harness/played.ts'
import { type Server, startServer } from '../harness/server.ts'
import { sdkOf } from './installed.ts'

type Callback = (error: Error | null, response: { statusCode: number }, body: string) => void
interface Package {
  PushNotifications: {
    new (
      region: string,
      appGuid: string,
      secret: string,
    ): { send(of: unknown, done: Callback): void; sendBulk(of: unknown[], done: Callback): void }
    overrideServerHost: string | null
  }
  PushMessageBuilder: Readonly<Record<'Message' | 'Target' | 'Settings' | 'FCM' | 'APNs', Builder>>
  Notification: Builder & {
    readonly FCMPriority: Readonly<Record<string, string>>
    readonly Platform: Readonly<Record<string, string>>
  }
}
/** Each setter returns its builder, of which there is only one. */
interface Builder extends Readonly<Record<string, unknown>> {
  build(): unknown
}
const require = createRequire(import.meta.url)
// A CommonJS package without types.
const { PushNotifications, PushMessageBuilder, Notification } = require('ibm-push-notifications') as Package

let server: Server
noteServer(() => server)
playedBy(sdkOf('ibm-push-notifications'))
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

const answered = (send: (done: Callback) => void) =>
  new Promise<{ status: number; body: unknown }>((resolve, reject) =>
    send((error, response, body) =>
      error ? reject(error) : resolve({ status: response.statusCode, body: JSON.parse(body) }),
    ),
  )

const set = (builder: Builder, values: Readonly<Record<string, unknown>>) => {
  for (const [name, value] of Object.entries(values)) (builder[name] as (value: unknown) => void)(value)
  return builder.build()
}

/** A back end with the secret of a fresh app. */
async function backEnd() {
  const app = await server.createApp({ mobilefirst: {} })
  const credential = { dialect: 'mobilefirst', kind: 'appSecret' }
  const { secret } = (await server.admin('POST', `/apps/${app.id}/credentials`, credential)) as {
    secret: string
  }
  const applicationId = String(app.dialects.mobilefirst?.applicationId)
  PushNotifications.overrideServerHost = server.origin
  const read = async (messageId: string) => {
    const path = `/imfpush/v1/apps/${applicationId}/messages/${messageId}`
    const answer = await fetch(`${server.origin}${path}`, { headers: { appSecret: secret } })
    return { status: answer.status, body: await answer.json() }
  }
  return { applicationId, secret, read, service: new PushNotifications('.us-south', applicationId, secret) }
}

const ID = expect.stringMatching(/^[A-Za-z0-9]{1,8}$/)

test('ibm-push-notifications 0.9.0 sends one message with all that its builders set', async () => {
  const { service, read } = await backEnd()
  const { FCM, APNs, Settings, Target, Message } = PushMessageBuilder
  const settings = {
    fcm: set(FCM, { priority: Notification.FCMPriority.MAX, payload: { a: 1 }, timeToLive: 60 }),
    apns: set(APNs, { badge: 1, title: 'title', type: 'MIXED', payload: { a: 1 } }),
  }
  const notification = set(Notification, {
    message: set(Message, { alert: 'hello', url: 'https://example.com' }),
    target: set(Target, { platforms: [Notification.Platform.Google], deviceIds: null }),
    settings: set(Settings, settings),
  })
  const answer = await answered((done) => service.send(notification, done))
  expect(answer).toMatchObject({
    status: 202,
    body: {
      messageId: ID,
      message: {
        message: { alert: 'hello' },
        target: { platforms: ['G'] },
        settings: { apns: { badge: 1 } },
      },
    },
  })
  const { messageId } = answer.body as { messageId: string }
  expect(await read(messageId)).toMatchObject({ status: 200, body: { alert: 'hello', messageId } })
})

test('ibm-push-notifications 0.9.0 sends several messages in one call', async () => {
  const { service, read } = await backEnd()
  // The builders of this package share one object, so the list is made by hand.
  const list = ['one', 'two'].map((alert) => ({ json: { message: { alert } } }))
  const answer = await answered((done) => service.sendBulk(list, done))
  expect(answer).toMatchObject({
    status: 202,
    body: { messages: [{ alert: 'one', messageId: ID }, { alert: 'two' }] },
  })
  const { messages } = answer.body as { messages: { messageId: string; alert: string }[] }
  for (const one of messages) expect(await read(one.messageId)).toMatchObject({ status: 200, body: one })
})

test('ibm-push-notifications 0.9.0 is told by 401 that its secret is made up, and by 400 what it forgot', async () => {
  const { applicationId, service } = await backEnd()
  const other = new PushNotifications('.us-south', applicationId, 'made-up')
  const told = (of: typeof service, json: unknown) => answered((done) => of.send({ json }, done))
  expect(await told(other, { message: { alert: 'hello' } })).toMatchObject({ status: 401 })
  expect(await told(service, { message: {} })).toMatchObject({
    status: 400,
    body: { code: 'FPWSE0005E', message: expect.stringContaining('"alert"') },
  })
})
