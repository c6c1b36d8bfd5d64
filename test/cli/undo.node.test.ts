import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { temporaryFolder } from '../harness/process.ts'
import { type Server, startServer } from '../harness/server.ts'
import { fcm } from '../transfer/kit.ts'
import { at, cli } from './kit.ts'

let server: Server
beforeAll(async () => {
  server = await startServer()
})
afterAll(async () => void (await server.stop()))
const run = (...args: string[]) => cli(args, at(server))

describe('pushport undo', () => {
  test('previews and takes back an import, and refuses what does not say what to take back', async () => {
    expect((await run('app', 'create', 'undo', '--dialects', 'pushwoosh')).code).toBe(0)
    const file = join(temporaryFolder(), 'rows.ndjson')
    writeFileSync(file, `${JSON.stringify({ externalId: 'one', platform: 'android', token: fcm('one') })}\n`)
    const imported = await run(
      'import',
      'undo',
      file,
      '--format',
      'ndjson',
      '--dialect',
      'pushwoosh',
      '--json',
    )
    const id = String(imported.json.at(-1)?.id)
    expect((await run('undo', 'undo', '--import', id, '--dry-run', '--json')).json).toMatchObject([
      { dryRun: true, removed: 1, kept: 0 },
    ])
    const done = await run('undo', 'undo', '--import', id, '--yes')
    expect(done.stdout).toMatch(/^devices removed +1$/m)
    expect((await run('device', 'list', 'undo', '--json')).json).toEqual([])
    expect((await run('undo', 'undo')).code).not.toBe(0)
    expect((await run('undo', 'undo', '--import', id, '--to', '2026-11-29T00:00:00Z')).code).not.toBe(0)
    const kind = ['undo', 'undo', '--from', '2026-11-01T00:00:00Z', '--kind'] as const
    expect((await run(...kind, 'imported', '--dry-run', '--json')).json).toMatchObject([
      { dryRun: true, kind: 'imported' },
    ])
    expect((await run(...kind, 'anything', '--dry-run')).code).not.toBe(0)
    expect((await run('undo', 'undo', '--import', id, '--kind', 'imported')).code).not.toBe(0)
    const unknown = await run('device', 'undo', 'undo', '999999999', '--yes')
    expect(unknown.code).not.toBe(0)
    expect(unknown.stderr).toContain('no event')
  })

  test('says before which part of a device would stay, with its value and the former one', async () => {
    expect((await run('app', 'create', 'parts', '--dialects', 'pushwoosh')).code).toBe(0)
    const file = join(temporaryFolder(), 'rows.ndjson')
    const send = async (more: object) => {
      const one = { externalId: 'one', platform: 'android', token: fcm('one'), ...more }
      writeFileSync(file, `${JSON.stringify(one)}\n`)
      const how = ['--format', 'ndjson', '--dialect', 'pushwoosh']
      expect((await run('import', 'parts', file, ...how)).code).toBe(0)
    }
    await send({})
    await send({ model: 'Pixel' })
    const [device] = (await run('device', 'list', 'parts', '--json')).json
    const [shown] = (await run('device', 'show', 'parts', String(device?.id), '--json')).json
    const events = shown?.events as readonly { readonly id: string }[]
    const preview = await run('device', 'undo', 'parts', String(events[1]?.id), '--dry-run')
    expect(preview.stdout.trim()).toBe(`device: later import (now "${device?.id}", would be none)`)
    expect((await run('device', 'undo', 'parts', String(events[0]?.id), '--dry-run')).stdout.trim()).toBe(
      'The event would be undone.',
    )
  })
})
