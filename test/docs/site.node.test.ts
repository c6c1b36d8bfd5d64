import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import type { BrowserContext } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { barriers, type Watched, watch } from '../console/watched.ts'
import { browserMissing, openBrowser } from '../harness/browser.ts'
import { type Server, startServer } from '../harness/server.ts'

const SITE = 'dist/assets/docs'
const missing = browserMissing()
let server: Server
let browser: BrowserContext
let watched: Watched

beforeAll(async () => {
  execFileSync(process.execPath, ['.scripts/docs.mjs'], { stdio: ['ignore', 'ignore', 'pipe'] })
  server = await startServer()
  if (missing !== undefined) return
  browser = await openBrowser()
  watched = await watch(browser, server.origin)
})
afterAll(async () => {
  await browser?.close()
  await server?.stop()
})

const files = () => readdirSync(SITE, { recursive: true, encoding: 'utf8' })
const pages = () => files().filter((name) => name.endsWith('.html') && name !== '404.html')
const get = (path: string) => fetch(server.origin + path, { redirect: 'manual' })

test('every page of docs is a page of the site', () => {
  const written = readdirSync('docs', { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.md') && !name.startsWith('.vitepress'),
  )
  expect(written.length).toBeGreaterThan(10)
  for (const name of written) expect(existsSync(`${SITE}/${name.replace(/\.md$/, '.html')}`), name).toBe(true)
})

describe('what is asked of /docs', () => {
  test.each([
    ['/docs', 302, undefined],
    ['/docs/', 200, 'text/html; charset=utf-8'],
    ['/docs/configuration', 200, 'text/html; charset=utf-8'],
    ['/docs/recipes/flameup', 200, 'text/html; charset=utf-8'],
    ['/docs/nothing', 404, undefined],
    ['/docs/..%2f..%2fnode.js', 404, undefined],
    ['/docs/.hidden', 404, undefined],
    ['/openapi/admin.json', 200, 'application/json'],
    ['/openapi/flameup.json', 200, 'application/json'],
    ['/docs/api/flameup.html', 200, 'text/html; charset=utf-8'],
    ['/openapi/mobilefirst.json', 200, 'application/json'],
    ['/docs/api/mobilefirst.html', 200, 'text/html; charset=utf-8'],
    ['/openapi/nothing.json', 404, undefined],
    ['/docs/compatibility', 200, 'text/html; charset=utf-8'],
    ['/docs/compatibility.json', 200, 'application/json'],
    ['/docs/compatibility.schema.json', 200, 'application/json'],
    ['/docs/badge/compatibility.svg', 200, 'image/svg+xml'],
  ])('%s is answered with %i', async (path, status, type) => {
    const answer = await get(path)
    expect(answer.status).toBe(status)
    if (type !== undefined) expect(answer.headers.get('content-type')).toBe(type)
  })

  test('/openapi/admin.json is the description in the repository', async () => {
    expect(await (await get('/openapi/admin.json')).text()).toBe(readFileSync('docs/openapi.json', 'utf8'))
  })

  test('has the same headers where Cloudflare answers and where the gateway does', async () => {
    const [, lines = ''] =
      readFileSync('dist/assets/_headers', 'utf8').match(/^\/docs\/\*\n((?: {2}.*\n)+)/m) ?? []
    const answer = await get('/docs/')
    const expected = lines
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/: (.*)/, 2))
    expect(expected.length).toBeGreaterThan(3)
    for (const [name = '', value] of expected) expect(answer.headers.get(name), name).toBe(value)
  })
})

test('no page has a script of its own in it', () => {
  for (const name of pages()) expect(readFileSync(`${SITE}/${name}`, 'utf8')).not.toMatch(/<script[^>]*>[^<]/)
})

test('every link of a page leads to a page or a place of the site', () => {
  const dead: string[] = []
  for (const name of pages()) {
    for (const [, href = ''] of readFileSync(`${SITE}/${name}`, 'utf8').matchAll(/href="(\/[^"#]*)[^"]*"/g)) {
      const path = href.replace(/^\/docs\//, '')
      const found = href.startsWith('/docs/')
        ? ['', '.html', 'index.html'].some((end) => existsSync(`${SITE}/${path}${end}`))
        : /^\/(console\/|openapi\/)/.test(href)
      if (!found) dead.push(`${name}: ${href}`)
    }
  }
  expect(dead).toEqual([])
})

test('every page opens in a browser without a violation, an error or a call to another host', async ({
  skip,
}) => {
  if (missing !== undefined) return skip(missing)
  const { page, faults } = watched
  const wrong: string[] = []
  for (const name of pages()) {
    const path = name === 'index.html' ? '' : name.replace(name.startsWith('api/') ? /$/ : /\.html$/, '')
    await page.goto(`${server.origin}/docs/${path}`)
    await page.locator('h1').first().waitFor()
    wrong.push(...faults.splice(0).map((one) => `${name}: ${one}`))
  }
  // Scalar checks whether it may create functions from text; it may not, and works without.
  expect(wrong.filter((one) => !/^api\/[a-z-]+\.html: policy script-src eval$/.test(one))).toEqual([])
})

test('the page of compatibility fits a phone of 390 pixels', async ({ skip }) => {
  if (missing !== undefined) return skip(missing)
  const { page } = watched
  await page.setViewportSize({ width: 390, height: 844 })
  await page.goto(`${server.origin}/docs/compatibility`)
  await page.locator('h1').first().waitFor()
  const wide = await page.locator('html').evaluate((html) => {
    const tables = [...html.querySelectorAll('.vp-doc table')]
    // Wider content scrolls by itself.
    const own = tables.filter(
      (one) => html.ownerDocument.defaultView?.getComputedStyle(one).overflowX !== 'auto',
    )
    return { tables: tables.length, fixed: own.length, page: html.scrollWidth }
  })
  await page.setViewportSize({ width: 1280, height: 720 })
  expect(wide).toEqual({ tables: expect.any(Number), fixed: 0, page: 390 })
  expect(wide.tables).toBeGreaterThan(8)
})

test.each(['', 'configuration', 'recipes/pusher-beams', 'compatibility'])(
  'the page /docs/%s has no barrier that the theme does not bring along',
  async (path) => {
    if (missing !== undefined) return
    const { page } = watched
    await page.goto(`${server.origin}/docs/${path}`)
    await page.locator('h1').first().waitFor()
    const found = await barriers(page)
    expect(found.filter((one) => one.includes('vp-doc'))).toEqual([])
  },
)
