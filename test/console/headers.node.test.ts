import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { startServer } from '../harness/server.ts'

/** For the files that Cloudflare serves without the Worker (.scripts/console.mjs). */
function headersOfAssets(): Record<string, string> {
  const [, lines = ''] =
    readFileSync('dist/assets/_headers', 'utf8').match(/^\/console\/\*\n((?: {2}.*\n)+)/) ?? []
  return Object.fromEntries(
    lines
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/: (.*)/, 2) as [string, string]),
  )
}

test('the files of the console have the same headers where Cloudflare answers them and where the gateway does', async () => {
  const server = await startServer()
  const answer = await fetch(`${server.origin}/console/`)
  expect(answer.status).toBe(200)
  const expected = headersOfAssets()
  expect(expected['Content-Security-Policy']).toContain("default-src 'none'")
  for (const [name, value] of Object.entries(expected)) expect(answer.headers.get(name), name).toBe(value)
  await server.stop()
})

test('the root leads a browser to the console, and tells a program what it told before', async () => {
  const server = await startServer()
  const ask = (accept: string) => fetch(server.origin, { headers: { Accept: accept }, redirect: 'manual' })
  const browser = await ask('text/html,application/xhtml+xml,*/*;q=0.8')
  expect([browser.status, browser.headers.get('location')]).toEqual([302, '/console/'])
  expect((await ask('*/*')).status).toBe(404)
  await server.stop()
})
