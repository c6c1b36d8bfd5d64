import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Server, startServer } from '../harness/server.ts'

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
  PushMessageBuilder: { Message: { alert(text: string): { build(): unknown } } }
  Notification: { message(of: unknown): { build(): unknown } }
}
const require = createRequire(import.meta.url)
// A CommonJS package without types.
const { PushNotifications, PushMessageBuilder, Notification } = require('ibm-push-notifications') as Package

let server: Server
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

test('ibm-push-notifications 0.9.0 is told by 404 in the dialect’s shape that nothing is sent yet', async () => {
  const app = await server.createApp({ mobilefirst: {} })
  const { applicationId } = app.dialects.mobilefirst ?? {}
  PushNotifications.overrideServerHost = server.origin
  const service = new PushNotifications('.ng.bluemix.net', String(applicationId), 'secret')
  const notification = Notification.message(PushMessageBuilder.Message.alert('hello').build()).build()
  const refusal = { status: 404, body: { code: 'FPWSE0001E', message: expect.stringMatching(/./) } }
  expect(await answered((done) => service.send(notification, done))).toMatchObject(refusal)
  expect(await answered((done) => service.sendBulk([notification], done))).toMatchObject(refusal)
})
