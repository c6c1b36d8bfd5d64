import { execFileSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { buildSync } from 'esbuild'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserMissing, openBrowser, serveSite } from '../harness/browser.ts'
import { noteServer, playedBy } from '../harness/played.ts'
import { run } from '../harness/process.ts'
import { type Server, startServer } from '../harness/server.ts'
import * as page from './flameup-page.ts'

const file = (name: string) => join(import.meta.dirname, name)
const iPhone = { name: "John's iPhone", model: 'iPhone16,1', osVersion: '17.2', appVersion: '2.1.0' }
const pixel = { name: 'Pixel', model: 'Pixel 8 Pro', osVersion: '14', appVersion: '2.1.0' }

let server: Server
noteServer(() => server)
playedBy({ name: 'JavaScript, Python and curl of the Devices page', version: '2026-11', evidence: 'example' })
/** The customer's changes: the base URL. The key is the shipped one. */
let shop: page.Page

beforeAll(async () => {
  server = await startServer()
  const key = `ws_live_3f2a_${randomUUID()}.${randomUUID()}`
  await server.createApp({ flameup: { workspaceId: 'ws_abc123', apiKeys: [{ key }] } })
  shop = { API: server.origin, API_KEY: key }
})
afterAll(async () => {
  await server?.stop()
})

/** In FCM's form: with a colon, which curl does not escape. */
const newToken = () => `fMhT8K9x:APA91b${randomUUID()}`

/** Skips a test with the reason if the program is not installed. */
function skipWithout(program: string, skip: (reason: string) => void): void {
  try {
    execFileSync(program, ['--version'], { stdio: 'ignore' })
  } catch {
    skip(`there is no ${program} on the PATH`)
  }
}

/** Runs a program of the page and reads its output lines. */
async function linesOf(command: string, name: string, person: string, token: string): Promise<string[]> {
  const program = run(command, [file(name), shop.API, shop.API_KEY, person, token])
  const { code } = await program.exited
  expect({ code, stderr: program.stderr }).toEqual({ code: 0, stderr: '' })
  return program.stdout.trim().split('\n')
}

test("the page's JavaScript registers, lists, updates and unregisters", async () => {
  const [person, token, other] = [randomUUID(), newToken(), newToken()]
  const device = await page.registerIOSDevice(shop, person, token, iPhone)
  expect(device).toEqual({
    id: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    workspace_id: 'ws_abc123',
    person_id: person,
    device_token: token,
    platform: 'ios',
    device_name: "John's iPhone",
    device_model: 'iPhone16,1',
    os_version: '17.2',
    app_version: '2.1.0',
    is_active: true,
    is_valid: true,
    last_used_at: null,
    created_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{3})?Z$/),
    updated_at: expect.stringMatching(/Z$/),
  })
  expect(await page.registerAndroidDevice(shop, person, other, pixel)).toMatchObject({ platform: 'android' })
  expect(await page.allDevices(shop, person)).toHaveLength(2)
  expect(await page.update(shop, person, token)).toMatchObject({
    id: (device as { id: string }).id,
    device_name: "John's iPhone",
    os_version: '17.3',
    app_version: '2.2.0',
  })
  expect(await page.unregister(shop, person, token)).toBe(true)
  expect(await page.unregister(shop, person, token)).toBe(false)
  expect(await page.allDevices(shop, person)).toMatchObject([{ device_token: other }])
})

test('a token that FCM replaced, registered by the JavaScript anew, leaves one active device', async () => {
  const [person, old, fresh] = [randomUUID(), newToken(), newToken()]
  await page.registerIOSDevice(shop, person, old, iPhone)
  await page.registerIOSDevice(shop, person, fresh, iPhone)
  const devices = (await page.allDevices(shop, person)) as { device_token: string; is_active: boolean }[]
  expect(devices.filter((one) => one.is_active).map((one) => one.device_token)).toEqual([fresh])
})

test.each(['a/b+c d:e%2F', "x!'()*y", 'é漢📱', '#?&='])(
  'the JavaScript unregisters the token %s through encodeURIComponent',
  async (form) => {
    const [person, token] = [randomUUID(), `${form}${randomUUID()}`]
    expect(await page.registerAndroidDevice(shop, person, token, pixel)).toMatchObject({
      device_token: token,
    })
    expect(await page.unregister(shop, person, token)).toBe(true)
  },
)

test.for([
  ['a plain token', () => newToken()],
  ['a token that quote() has to escape', () => `a/b+c d%2F!'()*é${randomUUID()}`],
] as const)("the page's Python registers, lists, updates and deletes %s", async ([, make], { skip }) => {
  skipWithout('python3', skip)
  const [person, token] = [randomUUID(), make()]
  const lines = (await linesOf('python3', 'flameup-page.py', person, token)).map((line) => JSON.parse(line))
  expect(lines).toMatchObject([
    { status: 201, device: { person_id: person, device_token: token, device_name: 'iPhone 15 Pro' } },
    [{ device_token: token, os_version: '17.2' }],
    { status: 200, device: { device_name: 'iPhone 15 Pro', os_version: '17.3', app_version: '2.2.0' } },
    { status: 204, ok: true },
    { status: 404, ok: false },
  ])
})

test("the page's curl registers, lists, updates and deletes a token that it does not escape", async ({
  skip,
}) => {
  skipWithout('curl', skip)
  const [person, token] = [randomUUID(), newToken()]
  const lines = await linesOf('sh', 'flameup-page.sh', person, token)
  const answers = lines.map((line) => (line === '' ? null : JSON.parse(line)))
  expect(answers).toMatchObject([
    { person_id: person, device_token: token, app_version: '2.1.0' },
    201,
    { devices: [{ device_token: token }], total: 1 },
    200,
    { device_token: token, device_name: 'iPhone 15 Pro', app_version: '2.2.0', os_version: '17.3' },
    200,
    null,
    204,
  ])
})

test("the page's web example registers, lists and unregisters from a browser on another origin", async ({
  skip,
}) => {
  const reason = browserMissing()
  if (reason !== undefined) skip(reason)
  const { outputFiles } = buildSync({
    entryPoints: [file('flameup-page.ts')],
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'page',
  })
  const html = `<!doctype html><title>shop</title><script>${outputFiles[0]?.text}</script>`
  const site = await serveSite((_, response) => {
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' }).end(html)
  })
  const browser = await openBrowser()
  try {
    const tab = await browser.newPage()
    await tab.goto(site.origin)
    const [person, token] = [randomUUID(), newToken()]
    const seen = await tab.evaluate(
      async ([of, personId, fcmToken]) => {
        const { page: shipped } = globalThis as unknown as { page: typeof page }
        const device = await shipped.registerWebDevice(of, personId, fcmToken)
        const devices = await shipped.allDevices(of, personId)
        const gone = await shipped.unregister(of, personId, fcmToken)
        const again = await shipped.unregister(of, personId, fcmToken)
        const refused = await shipped.update({ ...of, API_KEY: 'wrong' }, personId, fcmToken)
        return { device, devices, gone, again, refused }
      },
      [shop, person, token] as const,
    )
    expect(seen).toMatchObject({
      device: { platform: 'web', device_name: 'Chrome Browser', device_model: null, device_token: token },
      devices: [{ device_token: token, is_active: true }],
      gone: true,
      again: false,
      refused: { success: false, error: { code: 'unauthorized' } },
    })
  } finally {
    await browser.close()
    await site.close()
  }
})
