// Takes the screenshots of docs/console.md with a separate gateway, made-up devices, and Chromium from the
// PATH. `node .scripts/console-pictures.mjs`, after `node .scripts/prepare.mjs`.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'

const TOKEN = 'a-token-for-pictures-0123456789'
const CODE = 'SHOP1-00001'
const folder = mkdtempSync(join(tmpdir(), 'pushport-pictures-'))
const gateway = spawn(process.execPath, ['--enable-source-maps', 'dist/node.js'], {
  env: {
    ...{ PATH: process.env.PATH, PORT: '0', ADMIN_TOKEN: TOKEN, RATE_LIMIT: 'off' },
    DATABASE_URL: `file:${join(folder, 'pushport.db')}`,
  },
  stdio: ['ignore', 'pipe', 'pipe'],
})
const origin = await new Promise((resolve) => {
  for (const stream of [gateway.stdout, gateway.stderr]) {
    stream.on('data', (text) => {
      const [, found] = String(text).match(/listens on (http:\S+)/) ?? []
      if (found) resolve(found)
    })
  }
})

async function call(path, body, headers = {}) {
  const answer = await fetch(origin + path, {
    ...(body && { method: 'POST', body: JSON.stringify(body) }),
    headers: { 'Content-Type': 'application/json', ...headers },
  })
  return answer.json()
}

const app = await call(
  '/admin/v1/apps',
  { name: 'Corner shop', dialects: { 'pusher-beams': {}, pushwoosh: { applicationCode: CODE } } },
  { Authorization: `Bearer ${TOKEN}` },
)
const operator = { Authorization: `Bearer ${TOKEN}` }
const hwid = (at) => `${((at * 7919) % 65536).toString(16)}-a4d1-43f0-b9f2`
const pushToken = (at) =>
  at % 5 === 1 || at % 5 === 3 ? at.toString(16).padStart(64, 'b') : `fcm-token-${at}`
/** The vendor's export of two weeks ago: the phones that call below, and 60 that have not called so far. */
const exported = (count, from = 0) =>
  Array.from({ length: count }, (_, i) => from + i)
    .map((at) => ({
      ...{ externalId: hwid(at), platform: at % 5 === 1 || at % 5 === 3 ? 'ios' : 'android' },
      ...{ token: pushToken(at), lastSeenAt: new Date(Date.now() - (at % 40) * 86_400_000).toISOString() },
    }))
    .map((row) => JSON.stringify(row))
    .join('\n')
const day = new Date(Date.now() - 14 * 86_400_000).toISOString()
const imports = `/admin/v1/apps/${app.id}/imports?dialect=pushwoosh&format=ndjson&exportedAt=${day}`
await fetch(origin + imports, { method: 'POST', headers: operator, body: exported(220) })
await new Promise((resume) => setTimeout(resume, 1500))
const models = ['Pixel 8', 'iPhone 15', 'Galaxy S24', 'iPhone 13 mini', 'Moto G54']
for (let at = 0; at < 160; at += 1) {
  const apple = at % 5 === 1 || at % 5 === 3
  const request = {
    ...{
      application: CODE,
      hwid: hwid(at),
      userId: `customer-${at % 70}`,
    },
    ...{
      device_type: apple ? 1 : 3,
      push_token: pushToken(at),
    },
    ...{ device_model: models[at % 5], app_version: `4.${at % 4}`, language: 'en', timezone: 3600 },
    tags: { Plan: at % 3 ? 'free' : 'plus' },
  }
  if (at % 23 === 22) request.device_type = 99
  await call('/json/1.3/registerDevice', { request })
}
const { devices } = await call(`/admin/v1/apps/${app.id}/devices?limit=1`, undefined, operator)

const browser = await chromium.launch({
  executablePath: '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu'],
})
mkdirSync('docs/console', { recursive: true })
const of = `/console/apps/${app.id}`
const dryRun = async (page) => {
  await page.getByLabel('Title').fill('Your order is on its way')
  await page.getByLabel('Text', { exact: true }).fill('It arrives between 9 and 11.')
  await page.getByRole('button', { name: 'Dry run' }).click()
  await page.getByText('Send to').waitFor()
}
const importing = async (page) => {
  const rows = [
    exported(40, 300),
    '{"externalId":"old-phone","platform":"ios","token":"not a token of Apple"}',
  ]
  const file = {
    name: 'devices.ndjson',
    mimeType: 'application/x-ndjson',
    buffer: Buffer.from(rows.join('\n')),
  }
  await page.locator('input[type=file]').setInputFiles(file)
  await page.getByLabel('Format').selectOption('ndjson')
  await page.getByLabel('Dialect', { exact: true }).selectOption('pushwoosh')
  await page.getByRole('button', { name: 'Dry run' }).click()
  await page.getByText('This was a dry run').first().waitFor()
}
const PICTURES = [
  ['overview', of, { width: 1280, height: 900 }, 'light'],
  ['connect', `${of}/connect?dialect=pusher-beams`, { width: 1280, height: 900 }, 'light'],
  ['device', `${of}/devices/${devices[0].id}`, { width: 1280, height: 820 }, 'dark'],
  ['message', `${of}/messages/new`, { width: 1280, height: 900 }, 'light', dryRun],
  ['import', `${of}/imports`, { width: 1280, height: 820 }, 'light', importing],
  ['migration', `${of}/migration?dialect=pushwoosh`, { width: 1280, height: 900 }, 'light'],
  ['phone', of, { width: 390, height: 844 }, 'dark'],
]
for (const [name, path, viewport, colorScheme, act] of PICTURES) {
  const page = await browser.newPage({ viewport, colorScheme })
  await page.goto(`${origin}/console/`)
  await page.getByLabel('Admin token').fill(TOKEN)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'All apps' }).waitFor()
  await page.goto(origin + path)
  await page.locator('h1').waitFor()
  await page.waitForLoadState('networkidle', { timeout: 2500 }).catch(() => {})
  await act?.(page)
  const file = `docs/console/${name}.png`
  await page.screenshot({ path: file })
  console.log(file, statSync(file).size)
  await page.close()
}
await browser.close()
gateway.kill()
rmSync(folder, { recursive: true, force: true })
