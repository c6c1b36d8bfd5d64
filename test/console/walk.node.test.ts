import { readFileSync } from 'node:fs'
import type { BrowserContext, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserMissing, type LocalSite, openBrowser } from '../harness/browser.ts'
import { type Server, startServer } from '../harness/server.ts'
import { serveShop } from '../sdk/beams-site.ts'
import { barriers, shown, type Watched, watch } from './watched.ts'

const missing = browserMissing()
let server: Server
let browser: BrowserContext
let shop: LocalSite
let token: string
let app: string
let devices: readonly Device[] = []
let console: Watched

beforeAll(async () => {
  if (missing !== undefined) return
  const env = { ADMIN_TOKEN: undefined, RATE_LIMIT: 'off' }
  ;[server, browser] = await Promise.all([startServer({ env }), openBrowser()])
  token = (await server.program.printed(/admin token .*: (\S+)/))[1] ?? ''
  console = await watch(browser, server.origin)
})
afterAll(async () => {
  await browser?.close()
  await shop?.close()
  await server?.stop()
})

interface Device {
  readonly id: string
  readonly installationId: string
}

const api = async (method: string, path: string, body?: unknown) => {
  const answer = await fetch(`${server.origin}/admin/v1${path}`, {
    method,
    headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json' },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  if (!answer.ok) throw new Error(`${method} ${path}: ${await answer.text()}`)
  return answer.json()
}

test('a newcomer opens the printed link, creates an app for Beams, and sees the first device arrive', async ({
  skip,
}) => {
  if (missing !== undefined) return skip(missing)
  const { page } = console
  const [, link = ''] = await server.program.printed(/console \(.*\): (\S+)/)
  await page.goto(link)
  await page.getByRole('heading', { name: 'All apps', exact: true }).waitFor()
  expect(page.url()).not.toContain('pp_link')

  await page.getByRole('link', { name: 'New app' }).click()
  await page.getByLabel('Name', { exact: true }).fill('Shop')
  await page.getByLabel('Pusher Beams', { exact: false }).first().check()
  await page.getByRole('button', { name: 'Create the app' }).click()
  await page.getByRole('button', { name: 'Point your SDK here' }).click()
  await page.getByText('Waiting for the first call').waitFor()
  app = new URL(page.url()).pathname.split('/')[3] ?? ''

  const lines = await page.locator('pre').first().innerText()
  expect(lines).toContain(`endpointOverride: '${server.origin}'`)
  const [, instanceId = ''] = lines.match(/instanceId: '([^']+)'/) ?? []
  shop = await serveShop(instanceId, server.origin, '')
  await browser.grantPermissions(['notifications'], { origin: shop.origin })
  const second = await browser.newPage()
  await second.goto(shop.origin)
  const device = await second.evaluate(async () => {
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
  await second.close()

  await page.getByText('A new device is here').waitFor()
  await page.getByRole('link', { name: device.slice(0, 30) }).click()
  await page.getByText('Registered for the first time').waitFor()
  await page.getByText('Subscribed to hello').waitFor()
  expect(console.faults).toEqual([])
})

const HOSTILE = [
  '<img src=x onerror="document.title=1"><script>throw 1</script>',
  '‮reversed שלום',
  '👩‍👩‍👧 emoji',
  `long ${'x'.repeat(195)}`,
]

/** Registers as the Android SDK of Pushwoosh does, with names that somebody chose to do harm. */
async function registerHostile(code: string): Promise<void> {
  for (const [at, name] of HOSTILE.entries()) {
    const request = {
      ...{ application: code, hwid: name, device_type: 3, push_token: `token-${at}`, userId: `user ${name}` },
      ...{ device_model: name, tags: { Name: name, Long: name.repeat(20).slice(0, 4000) } },
    }
    const answer = await fetch(`${server.origin}/json/1.3/registerDevice`, {
      ...{ method: 'POST', headers: { 'Content-Type': 'application/json' } },
      body: JSON.stringify({ request }),
    })
    expect(await answer.json()).toMatchObject({ status_code: 200 })
  }
}

const WAYS = [
  ['light', 1440],
  ['dark', 390],
] as const

test('names that were chosen to do harm are shown as text', async ({ skip }) => {
  if (missing !== undefined) return skip(missing)
  const code = 'AAAAA-11111'
  await api('PATCH', `/apps/${app}`, {
    name: HOSTILE[0],
    dialects: { pushwoosh: { applicationCode: code } },
  })
  await registerHostile(code)
  const answer = (await api('GET', `/apps/${app}/devices?dialect=pushwoosh`)) as { devices: Device[] }
  devices = answer.devices
  expect(devices).toHaveLength(HOSTILE.length)
  const { page, faults } = console
  await page.goto(`${server.origin}/console/apps/${app}/devices`)
  for (const name of HOSTILE.slice(0, 3))
    await page
      .locator('td bdi', { hasText: name.slice(0, 40) })
      .first()
      .waitFor()
  expect(faults).toEqual([])
})

test.each(WAYS)(
  'every page stands without a barrier or a violation, %s and %i px wide',
  async (theme, width) => {
    if (missing !== undefined) return
    const { page, faults } = console
    const wrong: string[] = []
    await page.emulateMedia({ colorScheme: theme })
    await page.setViewportSize({ width, height: 900 })
    for (const path of pages(devices)) {
      await page.goto(`${server.origin}/console${path}`)
      await shown(page)
      const found = [...(await barriers(page)), ...faults]
      if ((await beyond(page)) !== 0) found.push('wider than the window')
      wrong.push(...found.map((one) => `${path}: ${one}`))
    }
    expect(wrong).toEqual([])
  },
)

/** Every page, with each device whose name is hostile. */
const pages = (devices: readonly Device[]) => {
  const of = `/apps/${app}`
  return [
    ...['/', '/apps/new', of, `${of}/connect`, `${of}/live`, `${of}/devices`, `${of}/phones`],
    ...['users', 'topics', 'messages', 'messages/new', 'imports', 'migration', 'settings'].map(
      (one) => `${of}/${one}`,
    ),
    ...[`${of}/users/${encodeURIComponent(`user ${HOSTILE[0]}`)}`, '/settings'],
    ...devices.map(({ id }) => `${of}/devices/${id}`).slice(0, 2),
    ...devices.map(({ installationId }) => `${of}/phones/${installationId}`).slice(0, 1),
  ]
}

/** How far a page is wider than the window. */
const beyond = (page: Page) => page.evaluate('Math.max(0, document.documentElement.scrollWidth - innerWidth)')

test('all devices are downloaded as a file', async ({ skip }) => {
  if (missing !== undefined) return skip(missing)
  const { page, faults } = console
  await page.goto(`${server.origin}/console/apps/${app}/imports`)
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Download' }).click(),
  ])
  const lines = readFileSync(await file.path(), 'utf8')
    .trim()
    .split('\n')
  expect(lines.length).toBeGreaterThan(HOSTILE.length)
  expect(faults).toEqual([])
})
