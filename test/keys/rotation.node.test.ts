import { expect, onTestFinished, test } from 'vitest'
import { at, cli } from '../cli/kit.ts'
import { type Server, startServer } from '../harness/server.ts'

const keyOf = (byte: string) => btoa(byte.repeat(32))
const [OLD, NEW] = [keyOf('a'), keyOf('b')]

test('a gateway that is killed while it changes its key goes on, and later starts without the previous one', async () => {
  let server: Server | undefined
  onTestFinished(async () => void (await server?.kill()))
  const start = async (key: string, previous?: string) => {
    const env = { MASTER_KEY: key, MASTER_KEY_PREVIOUS: previous }
    server = await startServer({ runtime: 'node', env, ...(server && { folder: server.folder }) })
    return server
  }
  const first = await start(OLD)
  const hooks: { app: string; id: string; secret: string }[] = []
  for (let made = 0; made < 200; made++) {
    const { id: app } = await first.createApp({})
    const draft = { name: 'hook', url: 'https://hooks.example/', events: ['registered'] }
    const hook = (await first.admin('POST', `/apps/${app}/webhooks`, draft)) as { id: string; secret: string }
    hooks.push({ app, ...hook })
  }
  expect(await cli(['key', 'rotate'], at(first))).toMatchObject({ code: 1 })
  await first.stop()
  const masterKeyOf = async ({ origin }: Server) =>
    ((await (await fetch(`${origin}/readyz`)).json()) as { masterKey?: Record<string, unknown> }).masterKey
  await (await start(NEW, OLD)).kill()
  const second = await start(NEW, OLD)
  // Its progress is visible without a token.
  expect(await masterKeyOf(second)).toMatchObject({ columnsLeft: expect.any(Number), failed: 0 })
  // The work of a killed process is free again after a minute.
  const state = async () => (await cli(['key', 'status', '--json'], at(second))).json[0]
  await expect
    .poll(state, { timeout: 100_000, interval: 500 })
    .toMatchObject({ state: 'completed', failed: 0, previousNeeded: false })
  expect(await cli(['key', 'rotate', '--json'], at(second))).toMatchObject({
    code: 0,
    json: [{ state: 'completed', resealed: 0, failed: 0 }],
  })
  expect(await masterKeyOf(second)).toEqual({
    ...{ state: 'completed', columnsLeft: 0, failed: 0, previousNeeded: false },
  })
  await second.stop()
  const last = await start(NEW)
  expect(await masterKeyOf(last)).toBeUndefined()
  for (const { app, id, secret } of hooks)
    expect(await last.admin('GET', `/apps/${app}/webhooks/${id}`)).toMatchObject({ secret })
})
