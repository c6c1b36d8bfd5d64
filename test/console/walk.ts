import { readFileSync } from 'node:fs'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserMissing, type LocalSite, openBrowser } from '../harness/browser.ts'
import { type Server, startServer } from '../harness/server.ts'
import { serveShop } from '../sdk/beams-site.ts'
import { clickOn, offer, shownBy, subscribedWith } from '../sdk/push-chain.ts'
import { barriers, shown, type Watched, watch } from './watched.ts'

interface Walk {
  readonly runtime: 'node' | 'worker'
  /** The themes and widths, in pixels, in which every page is checked. */
  readonly ways: readonly (readonly [theme: 'light' | 'dark', width: number])[]
}

interface Device {
  readonly id: string
  readonly installationId: string
}

let server: Server
let browser: BrowserContext
let shop: LocalSite
let token: string
let app: string
let devices: readonly Device[] = []
let message = ''
let importId = ''
let hook = ''
let console: Watched

/** A new user's first steps in the console, and then every page of it, in a real browser. */
export function walk({ runtime, ways }: Walk): void {
  const missing = browserMissing()
  beforeAll(async () => {
    if (missing !== undefined) return
    const env = { ADMIN_TOKEN: undefined, RATE_LIMIT: 'off', ALLOW_PRIVATE_TARGETS: 'on' }
    ;[server, browser] = await Promise.all([startServer({ runtime, env }), openBrowser()])
    token = (await server.program.printed(/admin.token .*: (\S+)/))[1] ?? ''
    console = await watch(browser, server.origin)
  })
  afterAll(async () => {
    await browser?.close()
    await shop?.close()
    await server?.stop()
  })

  test('a newcomer signs in, creates an app for Beams, sees the first device arrive, and a message read', async ({
    skip,
  }) => {
    if (missing !== undefined) return skip(missing)
    await signIn(runtime)
    const lines = await createApp()
    const phone = await openShop(lines)
    const push = await subscribedWith(await applicationServerKey())
    await offer(phone, push)
    await registersBeforeMyEyes(phone)
    await setWebPush()
    await writeMessage('Hello', 'from the console')
    expect(await shownBy(phone, await push.arrived())).toMatchObject({
      title: 'Hello',
      body: 'from the console',
    })
    await clickOn(phone)
    const { page, faults } = console
    await page.locator('.tile', { hasText: 'Received' }).getByText('1', { exact: true }).waitFor()
    await page.locator('.tile', { hasText: 'Opened' }).getByText('1', { exact: true }).waitFor()
    await phone.close()
    expect(faults).toEqual([])
  })

  test('names that were chosen to do harm are shown as text', async ({ skip }) => {
    if (missing !== undefined) return skip(missing)
    const code = 'AAAAA-11111'
    await api('PATCH', `/apps/${app}`, {
      name: HOSTILE[0],
      dialects: { pushwoosh: { applicationCode: code }, backendless: {} },
    })
    await registerHostile(code)
    const answer = (await api('GET', `/apps/${app}/devices?dialect=pushwoosh`)) as { devices: Device[] }
    devices = answer.devices
    expect(devices).toHaveLength(HOSTILE.length)
    await subscribeHostile()
    await sendHostile()
    await refuseHostile()
    await importHostile()
    const { page, faults } = console
    await page.goto(`${server.origin}/console/apps/${app}/devices`)
    for (const name of HOSTILE.slice(0, 3))
      await page
        .locator('td bdi', { hasText: name.slice(0, 40) })
        .first()
        .waitFor()
    expect(faults).toEqual([])
  })

  test('a dropped file is looked at in a dry run, and then imported', async ({ skip }) => {
    if (missing !== undefined) return skip(missing)
    const { page, faults } = console
    await page.goto(`${server.origin}/console/apps/${app}/imports`)
    await drop('devices.ndjson', [
      { externalId: 'imported-1', platform: 'android', token: 'imported-token-1' },
      { externalId: HOSTILE[0], platform: HOSTILE[0], token: 'imported-token-2' },
    ])
    await page.getByLabel('Format').selectOption('ndjson')
    await page.getByLabel('Dialect', { exact: true }).selectOption('pushwoosh')
    await page.getByRole('button', { name: 'Dry run' }).click()
    await page.getByText('would change 1 row').waitFor()
    await page.getByRole('cell', { name: 'rejected' }).waitFor()
    importId = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    await page.getByRole('button', { name: 'Import devices.ndjson' }).click()
    await page.waitForURL((url) => !url.pathname.endsWith(importId))
    await page.locator('.tile', { hasText: 'created' }).getByText('1', { exact: true }).waitFor()
    await page.getByRole('button', { name: 'Undo the import' }).click()
    await page.getByText('Devices to delete').waitFor()
    await page.getByRole('dialog').getByRole('button', { name: 'Undo it' }).click()
    await page.getByText('Undone as far as possible').waitFor()
    expect(faults).toEqual([])
  })

  test('a limit is set, reached and taken away, and what is wrong with it is said', async ({ skip }) => {
    if (missing !== undefined) return skip(missing)
    const { page, faults } = console
    await page.goto(`${server.origin}/console/apps/${app}/limits`)
    const save = page.getByRole('button', { name: 'Save limits' })
    await page.getByText('in use, no limit').waitFor()
    const devices = page.getByLabel('Devices of the app')
    await devices.fill('many')
    expect(await save.isDisabled()).toBe(true)
    await devices.fill('1')
    await save.click()
    await page.getByText('New devices are refused.').waitFor()
    await page.getByLabel('Devices of the app').fill('')
    await page.getByRole('button', { name: 'Save limits' }).click()
    await page.getByText('in use, no limit').waitFor()
    await page.getByLabel('History of devices, in days').fill('90')
    await page.getByRole('button', { name: 'Save retention' }).click()
    await page.reload()
    expect(await page.getByLabel('History of devices, in days').inputValue()).toBe('90')
    expect(faults).toEqual([])
  })

  test('a webhook is added, and what its receiver does not take is seen and told again', async ({ skip }) => {
    if (missing !== undefined) return skip(missing)
    const { page, faults } = console
    await page.goto(`${server.origin}/console/apps/${app}/settings`)
    await page.getByRole('button', { name: 'Add one' }).click()
    await page
      .getByRole('dialog')
      .getByLabel('Name')
      .fill(HOSTILE[0] ?? '')
    // No server listens there.
    await page.getByLabel('Address').fill('http://127.0.0.1:9/hook')
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('shown only once').waitFor()
    await page.locator('td a.strong', { hasText: HOSTILE[0]?.slice(0, 40) ?? '' }).click()
    await page.getByRole('button', { name: 'Replay events' }).click()
    await page.getByRole('radio', { name: 'all stored events' }).check()
    await page.getByRole('button', { name: 'Replay', exact: true }).click()
    // A Worker calls receivers from its cron trigger, which the test runs itself.
    if (runtime === 'worker') await fetch(`${server.origin}/__scheduled`)
    await page.getByText('The receiver is failing').waitFor()
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('An operator stopped it').waitFor()
    hook = new URL(page.url()).pathname.split('/').at(-1) ?? ''
    expect(faults).toEqual([])
  })

  test('how far a move has come is shown and signed off, and undos are listed', async ({ skip }) => {
    if (missing !== undefined) return skip(missing)
    const { page, faults } = console
    await page.goto(`${server.origin}/console/apps/${app}/migration?dialect=pushwoosh`)
    await page.getByText('Of active devices').waitFor()
    await page.getByRole('button', { name: 'Sign off' }).click()
    await page.getByLabel('Note').fill(HOSTILE[0] ?? '')
    await page.getByRole('dialog').getByRole('button', { name: 'Sign off' }).click()
    await page.getByRole('cell', { name: HOSTILE[0] ?? '' }).waitFor()
    await page.getByRole('cell', { name: /^import / }).waitFor()
    expect(faults).toEqual([])
  })

  test('a change is undone after a look at what stays, and a user’s former token is told of', async ({
    skip,
  }) => {
    if (missing !== undefined) return skip(missing)
    const { page, faults } = console
    const user = 'a user with a past'
    const device = await changedTwice(user)
    await page.goto(`${server.origin}/console/apps/${app}/devices/${device}`)
    await page.getByText('Got a new push token; also changed: appVersion').waitFor()
    // The newest is the first: from free and 1 to pro and 2.
    const event = page.getByRole('listitem').filter({ hasText: 'Tags changed: Plan, Level' }).first()
    await event.getByRole('button', { name: 'Undo' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('It can be, except for what has changed since:').waitFor()
    await dialog.getByText('tags.Plan: it has been changed since').waitFor()
    await dialog.getByText('Now team; it would be free.').waitFor()
    expect(await barriers(page)).toEqual([])
    await dialog.getByRole('button', { name: 'Undo it', exact: true }).click()
    await page.getByText('An operator undid an event: tagsChanged').waitFor()
    await event.getByRole('button', { name: 'Undo' }).click()
    await dialog.getByText('It has already been undone.').waitFor()
    expect(await api('GET', `/apps/${app}/devices/${device}`)).toMatchObject({
      tags: { Level: 1, Plan: 'team' },
    })
    await page.goto(`${server.origin}/console/apps/${app}/users/${encodeURIComponent(user)}`)
    await page.getByRole('heading', { name: 'Kept for an undo' }).waitFor()
    await page.getByText('pushwoosh token replaced or given up').waitFor()
    expect(await barriers(page)).toEqual([])
    expect(faults).toEqual([])
  })

  test('who answers the phones is changed, and a mistake is told at its field', async ({ skip }) => {
    if (missing !== undefined) return skip(missing)
    const { page, faults } = console
    await page.goto(`${server.origin}/console/apps/${app}/migration?dialect=pushwoosh`)
    await page.getByRole('button', { name: 'Change the mode' }).click()
    await page.getByRole('radio', { name: /^forward/ }).check()
    await page.getByLabel('The vendor’s address').fill(server.origin)
    await page.getByRole('button', { name: 'Switch to forward' }).click()
    await page.getByText('is this gateway itself').waitFor()
    // The browser logs every refused call; this one was expected.
    expect(faults.splice(0)).toEqual([expect.stringContaining('400')])
    await page.getByLabel('The vendor’s address').fill(shop.origin)
    await page.getByRole('button', { name: 'Switch to forward' }).click()
    await page.getByRole('heading', { name: 'Mode: forward' }).waitFor()
    expect(faults).toEqual([])
  })

  test.each(ways)(
    'every page stands without a barrier or a violation, %s and %i px wide',
    async (theme, width) => {
      if (missing !== undefined) return
      const { page, faults } = console
      const wrong: string[] = []
      await page.emulateMedia({ colorScheme: theme })
      await page.setViewportSize({ width, height: 900 })
      for (const path of pages()) {
        await page.goto(`${server.origin}/console${path}`)
        await shown(page)
        const found = [...(await barriers(page)), ...faults.splice(0)]
        if ((await beyond(page)) !== 0) found.push('wider than the window')
        // What a hostile name would have done to the page if it had been interpreted as markup.
        if ((await page.locator('img[src="x"]').count()) > 0) found.push('a name became an element')
        wrong.push(...found.map((one) => `${path}: ${one}`))
      }
      expect(wrong).toEqual([])
    },
  )

  test('all devices are downloaded as a file, or those that are chosen, in the form that another tool wants', async ({
    skip,
  }) => {
    if (missing !== undefined) return skip(missing)
    const { page, faults } = console
    await page.goto(`${server.origin}/console/apps/${app}/imports`)
    const lines = async () => {
      const [file] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: 'Download' }).click(),
      ])
      return readFileSync(await file.path(), 'utf8')
        .trim()
        .split('\n')
    }
    const all = (await lines()).length
    expect(all).toBeGreaterThan(HOSTILE.length)
    await page.getByLabel('On', { exact: true }).selectOption('web')
    const web = await lines()
    expect(web.length).toBeLessThan(all)
    expect(web.slice(1, -1).map((line) => JSON.parse(line).platform)).toEqual(['web'])
    await page.getByLabel('On', { exact: true }).selectOption('')
    await page.getByLabel('As', { exact: true }).selectOption('posthog-csv')
    await page.getByLabel('Push service', { exact: true }).selectOption('fcm')
    expect((await lines())[0]).toMatch(/^distinct_id,device_token\r?$/)
    await page.getByLabel('As', { exact: true }).selectOption('braze-ndjson')
    await page.getByLabel('Braze’s id of the Android app').fill('shop-android')
    expect((await lines()).join('\n')).toContain('"app_id":"shop-android"')
    expect(faults).toEqual([])
  })
}

async function api(method: string, path: string, body?: unknown): Promise<unknown> {
  const answer = await fetch(`${server.origin}/admin/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`)
  return answer.json()
}

/** With the link that a first start prints; a Worker prints none, so with the token there. */
async function signIn(runtime: Walk['runtime']): Promise<void> {
  const { page } = console
  if (runtime === 'node') {
    const [, link = ''] = await server.program.printed(/console \(.*\): (\S+)/)
    await page.goto(link)
  } else {
    await page.goto(`${server.origin}/console/`)
    await page.getByLabel('Admin token').fill(token)
    await page.getByRole('button', { name: 'Sign in' }).click()
  }
  await page.getByRole('heading', { name: 'All apps', exact: true }).waitFor()
  expect(page.url()).not.toContain('pp_link')
}

/** The lines that the console shows for the page. */
async function createApp(): Promise<string> {
  const { page } = console
  await page.getByRole('link', { name: 'New app' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Shop')
  await page.getByLabel('Pusher Beams', { exact: false }).first().check()
  await page.getByRole('button', { name: 'Create the app' }).click()
  await page.getByRole('button', { name: 'Point your SDK here' }).click()
  await page.getByText('Waiting for the first call').waitFor()
  app = new URL(page.url()).pathname.split('/')[3] ?? ''
  return (await page.locator('pre').first().textContent()) ?? ''
}

async function openShop(lines: string): Promise<Page> {
  expect(lines).toContain(`endpointOverride: '${server.origin}'`)
  const [, instanceId = ''] = lines.match(/instanceId: '([^']+)'/) ?? []
  shop = await serveShop(instanceId, server.origin, '')
  await browser.grantPermissions(['notifications'], { origin: shop.origin })
  const phone = await browser.newPage()
  await phone.goto(shop.origin)
  return phone
}

async function applicationServerKey(): Promise<string> {
  const { vapid } = (await api('GET', `/apps/${app}`)) as { vapid: { publicKey: string } }
  return vapid.publicKey
}

/** The real SDK in a second page; the console shows its device without a reload. */
async function registersBeforeMyEyes(phone: Page): Promise<void> {
  const device = await phone.evaluate(async () => {
    const { client } = globalThis as unknown as {
      client: {
        start(): Promise<void>
        addDeviceInterest(name: string): Promise<void>
        getDeviceId(): string
      }
    }
    await client.start()
    await client.addDeviceInterest('hello')
    return client.getDeviceId()
  })
  const { page } = console
  await page.getByText('A new device registered').waitFor()
  await page.getByRole('link', { name: device.slice(0, 30) }).click()
  await page.getByText('Registered for the first time').waitFor()
  await page.getByText('Subscribed to hello').waitFor()
}

async function setWebPush(): Promise<void> {
  const { page } = console
  await page.getByRole('link', { name: 'App settings' }).click()
  await page.getByRole('button', { name: 'Set a credential' }).click()
  await page.getByLabel('Push service', { exact: true }).selectOption('webpush')
  await page.getByLabel('Credential, as JSON').fill('{"subject": "mailto:ops@example.com"}')
  await page.getByRole('button', { name: 'Set', exact: true }).click()
  await page.getByRole('cell', { name: 'Web Push' }).waitFor()
}

async function writeMessage(title: string, body: string): Promise<void> {
  const { page } = console
  await page.getByRole('link', { name: 'Messages', exact: true }).click()
  await page.getByRole('link', { name: 'Write a message' }).first().click()
  await page.getByLabel('Title').fill(title)
  await page.getByLabel('Text', { exact: true }).fill(body)
  await page.getByRole('button', { name: 'Dry run' }).click()
  await page.getByRole('button', { name: 'Send to 1 phone' }).click()
  await page.locator('.tile', { hasText: 'Accepted' }).waitFor()
  message = new URL(page.url()).pathname.split('/').at(-1) ?? ''
}

const HOSTILE = [
  '<img src=x onerror="document.title=1"><script>throw 1</script>',
  '‮reversed שלום',
  '👩‍👩‍👧 emoji',
  `long ${'x'.repeat(195)}`,
]
const post = (path: string, body: unknown, headers: Readonly<Record<string, string>> = {}) =>
  fetch(`${server.origin}${path}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })

/** Registers like the Android SDK of Pushwoosh, with malicious names. */
async function registerHostile(code: string): Promise<void> {
  for (const [at, name] of HOSTILE.entries()) {
    const answer = await post('/json/1.3/registerDevice', {
      request: {
        ...{
          application: code,
          hwid: name,
          device_type: 3,
          push_token: `token-${at}`,
          userId: `user ${name}`,
        },
        ...{ device_model: name, tags: { Name: name, Long: name.repeat(80).slice(0, 4000) } },
      },
    })
    expect(await answer.json()).toMatchObject({ status_code: 200 })
  }
}

/** A phone whose tags change twice, and then its token with the version of its app. Returns the device's id. */
async function changedTwice(userId: string): Promise<string> {
  const { dialects } = (await api('GET', `/apps/${app}`)) as {
    dialects: { pushwoosh: { applicationCode: string } }
  }
  const phone = { application: dialects.pushwoosh.applicationCode, hwid: 'a phone with a past' }
  const asked = async (method: string, more: object) => {
    const answer = await post(`/json/1.3/${method}`, { request: { ...phone, ...more } })
    expect(await answer.json()).toMatchObject({ status_code: 200 })
  }
  const registered = (push_token: string, app_version: string) =>
    asked('registerDevice', { device_type: 3, push_token, userId, app_version })
  await registered('a former token', '1.0')
  for (const tags of [{ Plan: 'free', Level: 1 }, { Plan: 'pro', Level: 2 }, { Plan: 'team' }])
    await asked('setTags', { tags })
  await registered('a newer token', '2.0')
  const answer = (await api('GET', `/apps/${app}/users/${encodeURIComponent(userId)}`)) as {
    devices: Device[]
  }
  return answer.devices[0]?.id ?? ''
}

/** Channels of Backendless may have any name. */
async function subscribeHostile(): Promise<void> {
  const { dialects } = (await api('GET', `/apps/${app}`)) as {
    dialects: { backendless: { applicationId: string } }
  }
  const credentials = (await api('POST', `/apps/${app}/credentials`, {
    ...{ dialect: 'backendless', kind: 'rest' },
  })) as { secret: string }
  const path = `/${dialects.backendless.applicationId}/${credentials.secret}/messaging/registrations`
  const answer = await post(path, {
    ...{ deviceToken: 'fcm-token-of-nobody', deviceId: 'hostile-channels', os: 'ANDROID', osVersion: '14' },
    channels: HOSTILE.map((name) => name.slice(0, 45)),
  })
  expect([answer.status, await answer.text()]).toEqual([200, expect.any(String)])
}

const sendHostile = () =>
  api('POST', `/apps/${app}/messages`, {
    ...{ title: HOSTILE[0], body: HOSTILE[1], data: { [HOSTILE[2] ?? '']: HOSTILE[3] } },
    audience: { topics: [HOSTILE[0]?.slice(0, 45)] },
  })

async function refuseHostile(): Promise<void> {
  for (const name of HOSTILE) {
    const answer = await post('/json/1.3/registerDevice', { request: { application: name, hwid: 'one' } })
    expect(await answer.json()).toMatchObject({ status_code: 210 })
  }
}

/** Rows whose cells are markup; none can be imported. */
const importHostile = () =>
  api(
    'POST',
    `/apps/${app}/imports?format=ndjson&dialect=pushwoosh`,
    HOSTILE.map((name) => JSON.stringify({ type: name, externalId: name, platform: name, token: name })).join(
      '\n',
    ),
  )

/** Drops a file of JSON lines where the page accepts files. */
async function drop(name: string, rows: readonly object[]): Promise<void> {
  const { page } = console
  const text = rows.map((row) => JSON.stringify(row)).join('\n')
  // As a script, because the tests do not have the browser's types.
  const carried = await page.evaluateHandle(`(() => {
    const transfer = new DataTransfer()
    transfer.items.add(new File([${JSON.stringify(text)}], ${JSON.stringify(name)}))
    return transfer
  })()`)
  await page.locator('label.drop').dispatchEvent('drop', { dataTransfer: carried })
  await page.getByText(name).waitFor()
}

/** Every page, with devices whose names are hostile. */
const pages = () => {
  const of = `/apps/${app}`
  return [
    ...['/', '/apps/new', of, `${of}/connect`, `${of}/live`, `${of}/devices`, `${of}/phones`],
    ...['users', 'topics', 'messages', 'messages/new', 'imports', 'migration', 'limits', 'settings'].map(
      (one) => `${of}/${one}`,
    ),
    ...[`${of}/users/${encodeURIComponent(`user ${HOSTILE[0]}`)}`, `${of}/messages/${message}`],
    ...[
      `${of}/imports/${importId}`,
      `${of}/migration?dialect=pushwoosh`,
      `${of}/webhooks/${hook}`,
      '/settings',
    ],
    ...devices.map(({ id }) => `${of}/devices/${id}`).slice(0, 2),
    ...devices.map(({ installationId }) => `${of}/phones/${installationId}`).slice(0, 1),
  ]
}

/** By how much a page is wider than the window. */
const beyond = (page: Page) => page.evaluate('Math.max(0, document.documentElement.scrollWidth - innerWidth)')
