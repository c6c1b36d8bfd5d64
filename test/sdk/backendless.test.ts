import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { noteServer, playedBy } from '../harness/played.ts'
import { type Server, startServer } from '../harness/server.ts'
import { type BackendlessSdk, loadSdk, openClient, SDKS } from './backendless-client.ts'
import { sdkOf } from './installed.ts'

let server: Server
noteServer(() => server)
beforeAll(async () => {
  server = await startServer()
})
afterAll(() => server.stop())

interface AdminDevice {
  readonly externalId: string
  readonly token: string
  readonly topics: readonly string[]
  readonly platform: string
}

describe.each(SDKS)('the official JavaScript SDK %s in Node', (version, name) => {
  const { sdk, version: installed } = loadSdk(name)
  playedBy(sdkOf(name))
  const applicationId = () => randomUUID().toUpperCase()
  const FUTURE = new Date('2030-03-17T17:46:40.123Z')
  let app: { id: string; appId: string; apiKey: string }
  let client: BackendlessSdk
  let uuid: string

  async function createApp(options: object = {}) {
    const appId = applicationId()
    const apiKey = randomUUID().toUpperCase()
    const setup = { applicationId: appId, apiKeys: { js: apiKey }, ...options }
    const { id } = await server.createApp({ backendless: setup })
    return { id, appId, apiKey }
  }
  async function devices(): Promise<readonly AdminDevice[]> {
    const answer = await server.admin('GET', `/apps/${app.id}/devices`)
    return (answer as { devices: AdminDevice[] }).devices
  }
  function setup(of: BackendlessSdk) {
    of.setupDevice({ uuid, platform: 'iOS', version: '17.1' })
    return of
  }

  // A separate app for each test, with the lines of the recipe.
  beforeEach(async () => {
    app = await createApp()
    uuid = randomUUID().toUpperCase()
    const { appId, apiKey } = app
    client = setup(openClient(sdk, version, { appId, apiKey, serverURL: server.origin }))
  })

  test('is the version that it is meant to be', () => {
    expect(installed).toBe(version)
  })

  test('registers, retrieves and cancels', async () => {
    expect(await client.Messaging.registerDevice('aa11', ['news', 'sport'], FUTURE)).toEqual({
      registrationId: expect.stringMatching(/^[0-9A-F-]{36}::news,[0-9A-F-]{36}::sport$/),
    })
    expect(await devices()).toMatchObject([
      { externalId: uuid, token: 'aa11', topics: ['news', 'sport'], platform: 'ios' },
    ])
    expect(await client.Messaging.getRegistrations()).toEqual([
      {
        id: expect.stringMatching(/^[0-9A-F-]{36}$/),
        deviceToken: 'aa11',
        deviceId: uuid,
        os: 'IOS',
        osVersion: '17.1',
        channels: ['news', 'sport'],
        expiration: FUTURE.getTime(),
      },
    ])
    expect(await client.Messaging.unregisterDevice()).toEqual({ result: true })
    expect(await devices()).toEqual([])
  })

  test('learns from the code that there is no such device', async () => {
    const retrieved = client.Messaging.getRegistrations()
    await expect(retrieved).rejects.toMatchObject({ code: 5000, status: 400 })
    await expect(client.Messaging.unregisterDevice()).rejects.toMatchObject({ code: 5001, status: 400 })
    const past = client.Messaging.registerDevice('T', ['a'], new Date('2020-01-01'))
    await expect(past).rejects.toMatchObject({ code: 5004, message: expect.stringContaining('expiration') })
  })

  test('is refused what is not here, and knows it', async () => {
    await expect(client.Users.login('a@example.com', 'secret')).rejects.toMatchObject({
      code: 404,
      status: 404,
    })
  })

  test('publishes, follows and cancels a message', async () => {
    const { Messaging } = client
    // Old majors require their own classes.
    const of = (Own: (new (options: object) => object) | undefined, options: object) =>
      Own ? new Own(options) : options
    const headers = of(Messaging.PublishOptions, { headers: { 'android-content-title': 'Title' } })
    const delivery = of(Messaging.DeliveryOptions, { pushBroadcast: 3, publishAt: FUTURE.getTime() })
    const sent = await Messaging.publish('news', { order: 7 }, headers, delivery)
    const { messageId } = sent
    expect(sent).toEqual({
      errorMessage: null,
      messageId: expect.stringMatching(/^message:/),
      status: 'scheduled',
    })
    expect(await Messaging.getMessageStatus(messageId)).toMatchObject({ messageId, status: 'scheduled' })
    const cancelled = Messaging.cancel(messageId)
    const state = () => Messaging.getMessageStatus(messageId)
    // Major 4 makes this call, but never returns the answer.
    if (name === 'backendless4') {
      await expect.poll(state).toMatchObject({ messageId, status: 'cancelled' })
      return
    }
    expect(await cancelled).toMatchObject({ messageId, status: 'cancelled' })
    expect(await state()).toMatchObject({ messageId, status: 'cancelled' })
    await expect(Messaging.cancel(messageId)).rejects.toMatchObject({ code: 5040, status: 400 })
  })

  test('pushes a template', async () => {
    app = await createApp({ pushTemplates: { hi: { message: 'Hi {name}' } } })
    const own = openClient(sdk, version, { appId: app.appId, apiKey: app.apiKey, serverURL: server.origin })
    const sent = await own.Messaging.pushWithTemplate('hi', { name: 'Ann' })
    expect(sent).toMatchObject({ status: 'scheduled', messageId: expect.stringMatching(/^message:/) })
    await expect(own.Messaging.pushWithTemplate('nobody')).rejects.toMatchObject({ code: 5032 })
    if (!own.Messaging.push) return
    expect(await own.Messaging.push({ message: 'Hi' })).toMatchObject({ status: 'SCHEDULED' })
  })

  // Major 4 treats a call with only the token as synchronous, and cannot be given a user's token.
  if (name === 'backendless4') return

  test('registers with a token alone, and with an expiration in milliseconds', async () => {
    await client.Messaging.registerDevice('bb22')
    await client.Messaging.registerDevice('bb22', [], FUTURE.getTime())
    expect(await client.Messaging.getRegistrations()).toMatchObject([
      { channels: ['default'], expiration: FUTURE.getTime() },
    ])
  })

  test('finds a device whose id it leaves unescaped', async () => {
    uuid = `a+b @:=&$-${randomUUID()}`
    setup(client)
    await client.Messaging.registerDevice('cc33')
    expect(await client.Messaging.getRegistrations()).toMatchObject([{ deviceId: uuid }])
    expect(await client.Messaging.unregisterDevice()).toEqual({ result: true })
  })

  test('keeps its pushes with the token of a user who is long logged out', async () => {
    client.setCurrentUserToken('STALE')
    await client.Messaging.registerDevice('dd44')
    expect(await client.Messaging.getRegistrations()).toMatchObject([{ deviceToken: 'dd44' }])
  })

  test('is told of a wrong key', async () => {
    const wrong = { appId: app.appId, apiKey: 'WRONG', serverURL: server.origin }
    const printed = console.error
    // This SDK prints the answer to its start-up call.
    console.error = () => {}
    try {
      const other = setup(openClient(sdk, version, wrong))
      await expect(other.Messaging.registerDevice('T')).rejects.toMatchObject({ code: 2002 })
      await other.appInfoPromise?.().catch(() => undefined)
    } finally {
      console.error = printed
    }
    expect(await devices()).toEqual([])
  })

  // Features of later majors. Even with a domain, 5.9.4 calls the vendor's own host.
  if (name !== 'backendless') return

  test('reads at its start that it has no logs to send', async () => {
    expect(await client.appInfoPromise?.()).toEqual({
      appId: app.appId,
      rtURL: '',
      loggers: [{ name: 'Global logger', level: 'off' }],
    })
  })

  test('asks for templates, as the React Native SDK does at each registration', async () => {
    expect(await client.Messaging.getPushTemplates('ios')).toEqual({})
  })

  test('works on a domain of its own', async () => {
    app = await createApp({ domains: [{ host: '127.0.0.1', key: 'js' }] })
    const own = setup(sdk.initApp({ domain: server.origin, standalone: true }))
    await own.Messaging.registerDevice('ee55', ['a'])
    expect(await own.Messaging.getRegistrations()).toMatchObject([{ deviceId: uuid, channels: ['a'] }])
    expect(await devices()).toMatchObject([{ externalId: uuid }])
  })
})
