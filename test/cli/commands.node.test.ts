import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { AppDocument } from '../harness/harness.ts'
import { run, temporaryFolder } from '../harness/process.ts'
import { ADMIN_TOKEN, type Server, startServer } from '../harness/server.ts'
import { at, cli, startCli } from './kit.ts'

const HWID = 'cli-hwid-1'

describe.each(['node', 'worker'] as const)('against a gateway on %s', (runtime) => {
  let server: Server
  beforeAll(async () => {
    server = await startServer({ runtime })
  })
  afterAll(async () => void (await server.stop()))

  const json = async (...args: string[]) => (await cli([...args, '--json'], at(server))).json

  async function register(made: unknown, more: Readonly<Record<string, unknown>> = {}) {
    const { applicationCode } = (made as AppDocument).dialects.pushwoosh ?? {}
    const request = {
      application: applicationCode,
      hwid: HWID,
      device_type: 3,
      push_token: 'cli-token',
      ...more,
    }
    const response = await fetch(`${server.origin}/json/1.3/registerDevice`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ request }),
    })
    expect(response.status).toBe(200)
  }

  test('an app is made, listed, shown by its name, and deleted with what it has', async () => {
    const [made] = await json('app', 'create', 'shop', '--dialects', 'pushwoosh,flameup')
    await register(made, { userId: 'anna' })

    expect((await json('app', 'list')).map(({ id }) => id)).toContain(made?.id)
    expect(await json('app', 'show', 'shop')).toMatchObject([{ id: made?.id, devices: { total: 1 } }])
    const [device] = await json('device', 'list', 'shop', '--external-id', HWID)
    expect(device).toMatchObject({ externalId: HWID, userId: 'anna' })
    expect(await json('device', 'show', 'shop', String(device?.id))).toMatchObject([
      { id: device?.id, events: [{ kind: 'registered' }] },
    ])
    const [held] = await json('user', 'export', 'shop', 'anna')
    expect(held).toMatchObject({ userId: 'anna', devices: [{ id: device?.id }] })

    expect(await json('app', 'delete', 'shop', '--dry-run')).toMatchObject([{ would: { devices: 1 } }])
    expect(await json('app', 'show', 'shop')).toMatchObject([{ devices: { total: 1 } }])
    expect(await cli(['app', 'delete', 'shop'], at(server))).toMatchObject({ code: 2 })
    expect(await cli(['app', 'delete', 'shop', '--yes'], at(server))).toMatchObject({ code: 0 })
    expect(await cli(['app', 'show', 'shop'], at(server))).toMatchObject({
      code: 1,
      stderr: 'There is no app shop.\n',
    })
  })

  test('an app is limited, and keeps things for as long as it is told', async () => {
    const [made] = await json('app', 'create', 'bounded', '--dialects', 'pushwoosh')
    await register(made)
    const none = { devices: null, devicesPerUser: null }
    expect(await json('app', 'limits', 'bounded')).toMatchObject([{ inUse: 1, limits: none }])
    const some = ['--devices', '10', '--inactive-devices', '90']
    expect(await json('app', 'limits', 'bounded', ...some, '--dry-run')).toEqual([
      { would: { limits: { devices: 10 }, retention: { inactiveDevices: 90 } } },
    ])
    expect(await json('app', 'limits', 'bounded')).toMatchObject([{ limits: none }])
    expect(await json('app', 'limits', 'bounded', ...some)).toMatchObject([
      { inUse: 1, limits: { devices: 10 }, retention: { inactiveDevices: 90, events: null } },
    ])
    expect(await json('app', 'limits', 'bounded', '--devices', 'none')).toMatchObject([
      { limits: none, retention: { inactiveDevices: 90 } },
    ])
    expect(await cli(['app', 'limits', 'bounded', '--devices', 'many'], at(server))).toMatchObject({
      code: 2,
    })
    expect(await cli(['app', 'limits', 'bounded', '--events', '1'], at(server))).toMatchObject({ code: 1 })
  })

  test('another system is told events, and told again, by a webhook that is added, shown and removed', async () => {
    await json('app', 'create', 'hooks', '--dialects', 'pushwoosh')
    const to = 'https://hooks.example/push'
    const [made] = await json('webhook', 'add', 'hooks', 'crm', '--to', to, '--events', 'registered')
    expect(made).toMatchObject({ name: 'crm', url: to, events: ['registered'], secret: expect.any(String) })
    expect(await json('webhook', 'list', 'hooks')).toMatchObject([{ id: made?.id, stopped: null, dead: 0 }])
    expect(await json('webhook', 'show', 'hooks', 'crm')).toMatchObject([{ secret: made?.secret }])
    expect(await json('webhook', 'show', 'hooks', 'crm', '--state', 'dead')).toEqual([])
    expect(await json('webhook', 'pause', 'hooks', 'crm')).toMatchObject([{ stopped: 'operator' }])
    expect(await json('webhook', 'replay', 'hooks', 'crm', '--after', 'start', '--yes')).toMatchObject([
      { stopped: null },
    ])
    expect(await cli(['webhook', 'replay', 'hooks', 'crm'], at(server))).toMatchObject({ code: 2 })
    expect(await json('webhook', 'remove', 'hooks', 'crm', '--yes')).toMatchObject([{ removed: made?.id }])
    expect(await json('webhook', 'list', 'hooks')).toEqual([])
  })

  test('a user is erased, and a device deleted, where it is said twice', async () => {
    const [made] = await json('app', 'create', 'erase', '--dialects', 'pushwoosh')
    await register(made, { userId: 'anna' })
    await register(made, { hwid: 'cli-hwid-2', push_token: 'cli-token-2' })

    expect(await json('user', 'erase', 'erase', 'anna', '--dry-run')).toMatchObject([
      { would: { devices: 1 } },
    ])
    expect(await json('user', 'erase', 'erase', 'anna', '--yes')).toMatchObject([{ erased: 'anna' }])
    const [left] = await json('device', 'list', 'erase')
    expect(left).toMatchObject({ externalId: 'cli-hwid-2' })
    expect(await json('device', 'delete', 'erase', String(left?.id), '--yes')).toMatchObject([
      { deleted: left?.id },
    ])
    expect(await json('device', 'list', 'erase')).toEqual([])
  })

  test('a credential is added beside another, and revoked', async () => {
    await json('app', 'create', 'keys', '--dialects', 'pushwoosh')
    const [added] = await json('credential', 'add', 'keys', 'pushwoosh')
    expect(added).toMatchObject({ dialect: 'pushwoosh', secret: expect.any(String) })
    expect(await json('credential', 'list', 'keys')).toHaveLength(2)
    await json('credential', 'revoke', 'keys', String(added?.id), '--yes')
    const [last] = await json('credential', 'list', 'keys')
    const refused = await cli(
      ['credential', 'revoke', 'keys', String(last?.id), '--yes', '--json'],
      at(server),
    )
    expect(refused.code).toBe(1)
    expect(JSON.parse(refused.stderr)).toMatchObject({ error: { status: 409, title: 'Conflict' } })
  })

  test('a push service is set and asked; one that does not take the credential deserves attention', async () => {
    await json('app', 'create', 'push', '--dialects', 'pushwoosh')
    const file = join(temporaryFolder(), 'webpush.json')
    writeFileSync(file, '{"kind":"webpush"}')
    const set = await cli(['provider', 'set', 'push', 'webpush', '--file', file], at(server))
    expect(set).toMatchObject({ code: 0, stdout: expect.stringMatching(/^state +ok$/m) })
    expect(await json('provider', 'probe', 'push', 'webpush')).toMatchObject([
      { kind: 'webpush', state: 'ok' },
    ])
    expect(await cli(['provider', 'probe', 'push', 'fcm'], at(server))).toMatchObject({ code: 1 })
  })

  test('a message is rehearsed, and a sent one is told once for a key', async () => {
    await json('app', 'create', 'news', '--dialects', 'pushwoosh')
    const say = ['send', 'news', '--title', 'Hello', '--users', 'anna']
    expect(await json(...say, '--dry-run')).toHaveLength(1)
    const [first] = await json(...say, '--key', 'one')
    expect(first).toMatchObject({ id: expect.any(String), audience: { users: 1 } })
    expect(await json(...say, '--key', 'one')).toMatchObject([{ id: first?.id }])
  })

  test('events are shown, and followed until it is interrupted', async () => {
    const [made] = await json('app', 'create', 'feed', '--dialects', 'pushwoosh')
    await register(made)
    expect(await json('events', 'feed')).toMatchObject([{ kind: 'registered', device: { externalId: HWID } }])
    const following = startCli(['events', 'feed', '--follow', '--after', 'start'], at(server))
    await following.printed(/registered/)
    await register(made, { hwid: 'cli-hwid-2', push_token: 'cli-token-2' })
    await following.printed(/registered +pushwoosh +cli-hwid-2/)
    following.signal('SIGINT')
    expect(await following.exited).toMatchObject({ signal: 'SIGINT' })
  })

  test('whoever logs in keeps the token to himself, and needs no variables afterwards', async () => {
    const file = join(temporaryFolder(), 'own', 'contexts.json')
    const env = { PUSHPORT_CONFIG: file }
    const wrong = await cli(['login', server.origin], {
      ...env,
      PUSHPORT_ADMIN_TOKEN: 'wrong-token-0123456789',
    })
    expect(wrong).toMatchObject({ code: 1, stdout: '' })
    await cli(['login', server.origin, '--name', 'here'], { ...env, PUSHPORT_ADMIN_TOKEN: ADMIN_TOKEN })
    expect(statSync(file).mode & 0o777).toBe(0o600)
    expect(await cli(['app', 'list'], env)).toMatchObject({ code: 0 })
    expect((await cli(['context', 'list', '--json'], env)).json).toEqual([
      { name: 'here', url: server.origin, current: true },
    ])
    await cli(['logout', 'here'], env)
    expect(readFileSync(file, 'utf8')).not.toContain(ADMIN_TOKEN)
    expect(await cli(['app', 'list'], env)).toMatchObject({ code: 2 })
  })
})

describe('on its own', () => {
  const NOWHERE = { PUSHPORT_URL: 'http://127.0.0.1:9', PUSHPORT_ADMIN_TOKEN: 'x' }
  test.each([
    ['an unknown command', ['devices'], 2, 'Unknown command: devices. See --help.\n'],
    ['a misspelt option', ['app', 'delete', 'shop', '--dryrun'], 2, 'Unknown option: --dryrun.\n'],
    ['an argument too many', ['app', 'list', 'shop'], 2, 'Unexpected argument: "shop".\n'],
    ['an argument too few', ['app', 'show'], 2, 'Missing required positional argument: APP. See --help.\n'],
    ['a gateway that is not there', ['app', 'list'], 3, 'No answer from http://127.0.0.1:9: '],
  ])('%s ends with a code of its own and a sentence', async (_, args, code, sentence) => {
    const ran = await cli(args, NOWHERE)
    expect(ran).toMatchObject({ code, stdout: '' })
    expect(ran.stderr.slice(0, sentence.length)).toBe(sentence)
  })

  test('every command has help with examples, in plain text where nobody looks at it', async () => {
    const { stdout } = await cli(['device', 'list', '--help'])
    expect(stdout).toContain('EXAMPLES\n\n  pushport device list shop --user alice\n')
    expect(stdout).not.toMatch(/\p{Cc}\[/u)
    expect((await cli(['help'])).stdout).toContain('COMMANDS')
  })

  test('the shell completes commands and options', async () => {
    const { stdout } = await cli(['completion', 'bash'])
    const file = join(temporaryFolder(), 'completion')
    writeFileSync(file, stdout)
    const asked = run('bash', [
      '-c',
      `. ${file}; for words in "pushport de" "pushport device li" "pushport device list shop --us"; do
         COMP_WORDS=($words); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _pushport; echo "\${COMPREPLY[@]}"; done`,
    ])
    await asked.exited
    expect(asked.stdout.split('\n')).toEqual(['device', 'list', '--user', ''])
  })
})
