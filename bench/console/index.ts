import { chromium, type Page } from 'playwright-core'
import { FLAGS, findChromium } from '../../test/harness/chromium.ts'
import { type Gateway, startGateway } from '../kit/gateway.ts'
import { cpuTime } from '../kit/memory.ts'
import { median, milliseconds } from '../kit/numbers.ts'
import type { Options } from '../options.ts'
import { seeded } from '../seed/kept.ts'

/** Most milliseconds that an answer to a page may take. */
const GOAL = 300
/** How long the gateway's CPU time is measured without pages and with open pages. */
const IDLE_SECONDS = 30

/** A request of a page, and how long the browser waited for it. */
interface Asked {
  readonly page: string
  readonly call: string
  readonly ms: number
}

/**
 * Opens each page of the console over a large database in a real browser, and reports how long its data took.
 */
export async function consolePages(options: Options, say: (line: string) => void): Promise<null> {
  const seed = await seeded(options.devices, say)
  const gateway = await startGateway(seed.file)
  const browser = await chromium.launch({ executablePath: findChromium() ?? '', args: FLAGS, headless: true })
  try {
    const page = await (await browser.newContext()).newPage()
    await signIn(page, gateway)
    const paths = await pagesOf(gateway, seed.documents.app)
    const asked: Asked[] = []
    for (let round = 0; round < options.rounds; round++)
      for (const path of paths) asked.push(...(await look(page, gateway, path)))
    report(asked, options, say)
    await idle(page, gateway, seed.documents.app, say)
  } finally {
    await browser.close()
    await gateway.stop()
    seed.remove()
  }
  return null
}

const originOf = ({ port }: Gateway) => `http://127.0.0.1:${port}`

async function signIn(page: Page, gateway: Gateway): Promise<void> {
  await page.goto(`${originOf(gateway)}/console/`)
  await page.getByLabel('Admin token').fill(gateway.adminToken)
  await page.getByRole('button', { name: 'Sign in' }).click()
  await page.getByRole('heading', { name: 'All apps', exact: true }).waitFor()
}

/** Every page that reads devices, with filters that match many, one and none. */
async function pagesOf(gateway: Gateway, app: string): Promise<readonly string[]> {
  const at = `/apps/${app}`
  const { devices } = await gateway.admin<{
    devices: { id: string; installationId: string; userId: string | null; topics: string[] }[]
  }>('GET', `${at}/devices?limit=50`)
  const [first] = devices
  const user = devices.find(({ userId }) => userId)?.userId
  const topic = devices.find(({ topics }) => topics.length > 0)?.topics[0]
  if (!first) throw new Error('no device')
  return [
    ...['/', '/settings', at, `${at}?hours=720`, `${at}/connect`, `${at}/live`, `${at}/devices`],
    ...[`${at}/devices?platform=ios`, `${at}/devices?q=${first.id}`, `${at}/devices?q=nobody-has-this`],
    ...(topic ? [`${at}/devices?topic=${encodeURIComponent(topic)}`] : []),
    ...[`${at}/devices/${first.id}`, `${at}/phones`, `${at}/phones/${first.installationId}`],
    ...(user ? [`${at}/users/${encodeURIComponent(user)}`] : []),
    ...['users', 'topics', 'messages', 'messages/new', 'imports', 'migration', 'limits', 'settings'].map(
      (one) => `${at}/${one}`,
    ),
  ]
}

async function look(page: Page, gateway: Gateway, path: string): Promise<readonly Asked[]> {
  await page.goto(`${originOf(gateway)}/console${path}`)
  await page.locator('h1').first().waitFor()
  await page
    .locator('[aria-label="Loading"]')
    .first()
    .waitFor({ state: 'detached', timeout: 60_000 })
    .catch((error: unknown) => {
      throw new Error(`${path} is not there after a minute`, { cause: error })
    })
  const entries = (await page.evaluate(
    'performance.getEntriesByType("resource").map(({ name, duration }) => ({ name, duration }))',
  )) as { name: string; duration: number }[]
  return entries
    .filter(({ name }) => name.includes('/admin/v1/') && !name.includes('/live'))
    .map(({ name, duration }) => ({ page: path, call: new URL(name).pathname, ms: duration }))
}

function report(asked: readonly Asked[], { devices, rounds }: Options, say: (line: string) => void): void {
  say(`${devices.toLocaleString('en')} devices, ${rounds} rounds: the slowest answer of each page, in ms`)
  for (const page of new Set(asked.map((one) => one.page))) {
    const calls = asked.filter((one) => one.page === page)
    const slowest = [...new Set(calls.map(({ call }) => call))]
      .map((call) => ({ call, ms: median(calls.filter((one) => one.call === call).map(({ ms }) => ms)) }))
      .toSorted((one, other) => other.ms - one.ms)[0]
    if (!slowest) continue
    const over = slowest.ms > GOAL ? `  over ${GOAL}` : ''
    say(`  ${milliseconds(slowest.ms).padStart(7)}  ${page}  (${slowest.call})${over}`)
  }
}

/** The gateway's CPU time without a page, and with two open pages. */
async function idle(page: Page, gateway: Gateway, app: string, say: (line: string) => void): Promise<void> {
  await page.goto('about:blank')
  const without = await spent(gateway)
  await page.goto(`${originOf(gateway)}/console/apps/${app}`)
  const live = await page.context().newPage()
  await live.goto(`${originOf(gateway)}/console/apps/${app}/live`)
  await live.locator('h1').first().waitFor()
  await page.bringToFront()
  const open = await spent(gateway)
  const share = (ms: number) => `${((ms / (IDLE_SECONDS * 1000)) * 100).toFixed(2)} % of a core`
  say(`left alone for ${IDLE_SECONDS} s: ${share(without)}; with the overview and Live open: ${share(open)}`)
}

async function spent({ pid }: Gateway): Promise<number> {
  await pause(2)
  const before = cpuTime(pid)
  await pause(IDLE_SECONDS)
  return cpuTime(pid) - before
}

const pause = (seconds: number) => new Promise((resume) => setTimeout(resume, seconds * 1000))
