import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, test } from 'vitest'
import { at, cli } from '../cli/kit.ts'
import { temporaryFolder } from '../harness/process.ts'
import { startServer } from '../harness/server.ts'

/**
 * Fills the heap again and again, in the main thread and in each worker: only a collection that an allocation causes, unlike
 * one that is asked for, runs without a context.
 */
const ALLOCATOR = `
setInterval(() => {
  for (let at = 0, objects = []; at < 200_000; at++) objects.push({ at })
}, 40).unref()
`

test('garbage collection at any moment ends no start, registration, backup, check or stop (nodejs/node#65446)', async () => {
  const folder = temporaryFolder()
  const allocator = join(folder, 'allocator.mjs')
  writeFileSync(allocator, ALLOCATOR)
  const env = { NODE_OPTIONS: `--import=${pathToFileURL(allocator)}`, LOG_LEVEL: 'silent' }
  const server = await startServer({ runtime: 'node', folder, env })
  await server.createApp({ pushwoosh: { applicationCode: '11111-AAAAA' } })
  for (let number = 0; number < 20; number++) {
    const request = {
      application: '11111-AAAAA',
      hwid: `h${number}`,
      device_type: 3,
      push_token: `t${number}`,
    }
    const answer = await fetch(`${server.origin}/json/1.3/registerDevice`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ request }),
    })
    expect(answer.status).toBe(200)
  }
  const backup = join(folder, 'backup.db')
  expect(await cli(['backup', backup, '--json'], at(server))).toMatchObject({ code: 0, stderr: '' })
  const restored = join(temporaryFolder(), 'pushport.db')
  expect(await cli(['restore', backup, '--to', restored, '--json'], env)).toMatchObject({
    code: 0,
    stderr: '',
  })
  expect(await server.stop()).toBe(0)
  const second = await startServer({ runtime: 'node', folder, env })
  expect(await second.stop()).toBe(0)
})
