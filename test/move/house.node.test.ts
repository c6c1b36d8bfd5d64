// A move as docs/scaling.md describes it: the old gateway first only reads, then forwards.
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { at, cli } from '../cli/kit.ts'
import type { Shop } from '../cross/dialects.ts'
import { speakers } from '../cross/speakers.ts'
import type { RequestOptions } from '../harness/harness.ts'
import { postgresMissing } from '../harness/postgres/owner.ts'
import { freshDatabase } from '../harness/postgres/shared.ts'
import { freePort, type Server, startServer } from '../harness/server.ts'

const MASTER_KEY = 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8='
const ENV = { MASTER_KEY, RATE_LIMIT: 'off', LOG_LEVEL: 'silent' }
const gateway = (env: Readonly<Record<string, string>>, folder?: string) =>
  startServer({ runtime: 'node', env: { ...ENV, ...env }, ...(folder !== undefined && { folder }) })

type App = Shop['app']

/** The app at a gateway, in the form for the dialects' speakers. */
function shopAt({ origin }: Server, app: App): Shop {
  async function request(method: string, path: string, { headers = {}, body }: RequestOptions = {}) {
    const json = body !== undefined && typeof body !== 'string'
    return fetch(`${origin}${path}`, {
      method,
      headers: { ...(json && { 'Content-Type': 'application/json' }), ...headers },
      ...(body !== undefined && { body: json ? JSON.stringify(body) : String(body) }),
    })
  }
  const setup = (dialect: string, key: string) => String(app.dialects[dialect]?.[key])
  // Only the parts that the speakers use.
  return { h: { request }, app, setup } as unknown as Shop
}

const phone = (speaker: { readonly name: string }, name: string) => ({
  id: `${speaker.name}-${name}`,
  token: `${speaker.name}-token-${name}`,
})

async function eachRegisters(shop: Shop, name: string) {
  const told: Record<string, { readonly status: number; readonly text: string }> = {}
  for (const speaker of speakers) {
    const answer = await speaker.register(shop, phone(speaker, name))
    told[speaker.name] = { status: answer.status, text: await answer.text() }
  }
  return told
}

const taken = (told: Awaited<ReturnType<typeof eachRegisters>>) =>
  Object.entries(told).map(([name, { status, text }]) => (status < 300 ? name : `${name}: ${status} ${text}`))
const everybody = speakers.map(({ name }) => name)

async function tokensAt(server: Server, { id }: App): Promise<readonly string[]> {
  const { devices } = (await server.admin('GET', `/apps/${id}/devices?limit=100`)) as {
    devices: readonly { token: string | null }[]
  }
  return devices.map(({ token }) => String(token)).toSorted()
}

const everyDialect = Object.fromEntries(speakers.map(({ name }) => [name, {}]))

async function furnished() {
  const server = await gateway({})
  const app = await server.createApp(everyDialect)
  const shop = shopAt(server, app)
  // A phone requests its MobileFirst credentials while the gateway still writes.
  expect(taken(await eachRegisters(shop, 'one'))).toEqual(everybody)
  return { server, app }
}

test('a gateway that only reads answers what changes nothing, and says "try again" to the rest, in each dialect', async () => {
  const { server, app } = await furnished()
  await server.stop()
  const reading = await gateway({ READ_ONLY: 'on' }, server.folder)
  const shop = shopAt(reading, app)

  expect(taken(await eachRegisters(shop, 'one'))).toEqual(everybody)
  const refused = await eachRegisters(shop, 'two')
  for (const { status, text } of Object.values(refused)) {
    expect(status, text).toBeGreaterThanOrEqual(500)
    expect(text).not.toMatch(/READ_ONLY|sqlite/i)
  }
  expect(await tokensAt(reading, app)).toEqual(speakers.map((one) => phone(one, 'one').token).toSorted())
  const ready = await fetch(`${reading.origin}/readyz`)
  expect([ready.status, await ready.text()]).toEqual([200, expect.stringContaining('READ_ONLY is on')])
  expect(reading.program.stderr).toContain('READ_ONLY is on')
  expect(await reading.stop()).toBe(0)

  // Unchanged: the refused phones return.
  const again = await gateway({}, server.folder)
  expect(taken(await eachRegisters(shopAt(again, app), 'two'))).toEqual(everybody)
  await again.stop()
})

test('a gateway that only reads makes no database, and changes none to its version', async () => {
  await expect(gateway({ READ_ONLY: 'on' })).rejects.toThrow(
    /schema is from another version: start once without/,
  )
})

describe.skipIf(postgresMissing())('moving house', () => {
  test('from a file to a PostgreSQL, while the gateway reads; then it passes on', async () => {
    const { server, app } = await furnished()
    const [from, to] = [`file:${server.databaseFile}`, await freshDatabase({ bare: true })]
    const move = ['move', '--from', from, '--to', to]

    const early = await cli(move)
    expect(early).toMatchObject({ code: 1, stderr: expect.stringContaining('another gateway has it open') })
    await server.stop()
    const reading = await gateway({ READ_ONLY: 'on' }, server.folder)
    const dry = await cli([...move, '--dry-run', '--json'])
    expect(dry.json.find(({ table }) => table === 'devices')).toMatchObject({ rows: 5 })
    const ran = await cli([...move, '--json'])
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    expect(ran.json.find(({ table }) => table === 'devices')).toMatchObject({
      rows: 5,
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
    const second = await cli(move)
    expect(second).toMatchObject({ code: 1, stderr: expect.stringContaining('is not empty') })
    const port = String(await freePort())
    const grown = await gateway({ DATABASE_URL: to, PORT: port })
    expect(await tokensAt(grown, app)).toHaveLength(5)
    await reading.stop()

    const passing = await gateway({ FORWARD_TO: grown.origin }, server.folder)
    const shop = shopAt(passing, app)
    expect(taken(await eachRegisters(shop, 'two'))).toEqual(everybody)
    expect(await tokensAt(grown, app)).toHaveLength(10)
    expect((await cli(['app', 'list', '--json'], at(passing))).json).toMatchObject([{ id: app.id }])

    await grown.stop()
    for (const { status, text } of Object.values(await eachRegisters(shop, 'three'))) {
      expect(status, text).toBeGreaterThanOrEqual(500)
      expect(text).not.toMatch(/ECONNREFUSED|127\.0\.0\.1/)
    }
    // It is found again without a restart.
    const back = await gateway({ DATABASE_URL: to, PORT: port })
    expect(taken(await eachRegisters(shop, 'three'))).toEqual(everybody)
    expect(await passing.stop()).toBe(0)
    await back.stop()

    // And back: to a separate file, with the data that was added meanwhile.
    const home = join(server.folder, 'home.db')
    expect(await cli(['move', '--from', to, '--to', `file:${home}`])).toMatchObject({ code: 0 })
    const last = await gateway({ DATABASE_URL: `file:${home}` })
    expect(await tokensAt(last, app)).toHaveLength(15)
    await last.stop()
  })
})
