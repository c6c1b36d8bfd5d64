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

describe('pushport readiness', () => {
  test('tells people and programs the same, and refuses what it does not know', async () => {
    expect((await run('app', 'create', 'ready', '--dialects', 'pushwoosh')).code).toBe(0)
    const file = join(temporaryFolder(), 'rows.ndjson')
    const rows = ['one', 'two'].map((externalId) => ({
      externalId,
      platform: 'android',
      token: fcm(externalId),
    }))
    writeFileSync(file, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
    expect((await run('import', 'ready', file, '--format', 'ndjson', '--dialect', 'pushwoosh')).code).toBe(0)
    const told = await run('readiness', 'ready', '--dialect', 'pushwoosh')
    expect(told.code).toBe(0)
    expect(told.stdout).toMatch(/^pushwoosh: running\n {2}100 % of the active devices have not been seen\n/)
    expect(told.stdout).toMatch(/^billed rows +2$/m)
    expect(told.stdout).toMatch(/^99\.0 % +no date: too few days$/m)
    const { json } = await run('readiness', 'ready', '--json')
    expect(json).toMatchObject([
      { counting: [], dialects: [{ dialect: 'pushwoosh', totals: { imported: 2 } }] },
    ])
    const refused = await run('readiness', 'ready', '--dialect', 'flameup')
    expect(refused.code).not.toBe(0)
    expect(refused.stderr).toContain('dialect')
  })
})
