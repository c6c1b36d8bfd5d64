import { writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Told } from '../../src/cli/command.ts'
import { COMMANDS } from '../../src/cli/commands/index.ts'
import { temporaryFolder } from '../harness/process.ts'
import { ADMIN_TOKEN, type Server, startServer } from '../harness/server.ts'
import { at, cli, type Ran } from './kit.ts'

/** Commands that change nothing, and why. Every other one must say what it would do. */
const LEAVE_ALL: Readonly<Record<string, string>> = {
  serve: 'runs a gateway',
  'context list': 'reads',
  'app list': 'reads',
  'app show': 'reads',
  'credential list': 'reads',
  'provider list': 'reads',
  'provider probe': 'asks a push service',
  'device list': 'reads',
  'device show': 'reads',
  'user export': 'reads',
  events: 'reads',
  'webhook list': 'reads',
  'webhook show': 'reads',
  export: 'reads, and writes a new file',
  readiness: 'reads',
  backup: 'reads, and writes a new file',
  doctor: 'asks; what it registers with --register it takes away',
  'key status': 'reads',
  conformance: 'asks; what it registers it takes away',
  'token list': 'reads',
  schema: 'prints',
  completion: 'prints',
}

function leaves(told: Readonly<Record<string, Told>>, above = ''): readonly (readonly [string, Told])[] {
  return Object.entries(told).flatMap(([key, one]) => {
    const name = `${above}${key}`
    return one.subCommands ? leaves(one.subCommands, `${name} `) : [[name, one] as const]
  })
}
const ALL = leaves(COMMANDS)
const CHANGING = ALL.filter(([name]) => !(name in LEAVE_ALL))

test('every command that is said to leave all as it is is there', () => {
  expect(Object.keys(LEAVE_ALL).filter((name) => !ALL.some(([other]) => other === name))).toEqual([])
})

test.each(CHANGING)('%s has --dry-run', (_, { args }) => {
  expect(args).toHaveProperty('dry-run')
})

/** Calls that change nothing: they read, or are dry runs. */
const isHarmless = (method: string, path: string, body: string) =>
  method === 'GET' || /[?&]dryRun=true\b/.test(path) || /"dryRun":true\b/.test(body)

describe('with --dry-run', () => {
  let server: Server
  let front: ReturnType<typeof createServer>
  let calls: string[] = []
  let changed: string[] = []
  beforeAll(async () => {
    server = await startServer()
    front = createServer(async (incoming, outgoing) => {
      const parts: Buffer[] = []
      for await (const part of incoming) parts.push(part)
      const [method, path, body] = [incoming.method ?? '', incoming.url ?? '', Buffer.concat(parts)]
      calls.push(`${method} ${path}`)
      if (!isHarmless(method, path, body.toString())) changed.push(`${method} ${path}`)
      const headers = { ...(incoming.headers as Record<string, string>) }
      for (const name of ['host', 'connection', 'content-length', 'transfer-encoding', 'expect'])
        delete headers[name]
      const sent = { method, headers, ...(body.length > 0 && { body }) }
      const answer = await fetch(`${server.origin}${path}`, sent)
      const kept = [...answer.headers].filter(
        ([name]) => !/^(content-encoding|content-length|transfer-encoding|connection)$/.test(name),
      )
      outgoing.writeHead(answer.status, Object.fromEntries(kept)).end(Buffer.from(await answer.arrayBuffer()))
    })
    await new Promise<void>((resume) => front.listen(0, '127.0.0.1', resume))
  })
  afterAll(async () => {
    front.closeAllConnections()
    front.close()
    await server.stop()
  })

  const file = (name: string, text: string) => {
    const path = join(temporaryFolder(), name)
    writeFileSync(path, text)
    return path
  }
  const made = async (...args: string[]) => (await cli([...args, '--json'], at(server))).json[0]
  /** The arguments of each command. An app `shop` with one of everything exists. */
  async function cases(): Promise<Readonly<Record<string, readonly string[]>>> {
    await made('app', 'create', 'shop', '--dialects', 'pushwoosh')
    const credential = await made('credential', 'add', 'shop', 'pushwoosh')
    const token = await made('token', 'create', 'ada')
    const [kept] = (await cli(['token', 'list', '--json'], at(server))).json
    await made('webhook', 'add', 'shop', 'crm', '--to', 'https://hooks.example/')
    await made('provider', 'set', 'shop', 'webpush', '--file', file('w.json', '{"kind":"webpush"}'))
    const rows = file('rows.ndjson', '{"externalId":"one","platform":"android"}\n')
    await made('import', 'shop', rows, '--format', 'ndjson', '--dialect', 'pushwoosh')
    const [device] = (await cli(['device', 'list', 'shop', '--json'], at(server))).json
    const history = await made('device', 'show', 'shop', String(device?.id))
    const [event] = (history?.events ?? []) as readonly { readonly id: string }[]
    expect([credential?.id, token, kept?.id, device?.id, event?.id]).not.toContain(undefined)
    return {
      'app create': ['other', '--dialects', 'pushwoosh'],
      'app delete': ['shop'],
      'app limits': ['shop', '--devices', '10', '--events', '90'],
      'credential add': ['shop', 'pushwoosh'],
      'credential revoke': ['shop', String(credential?.id)],
      'provider set': ['shop', 'webpush', '--file', file('w.json', '{"kind":"webpush"}')],
      'provider remove': ['shop', 'webpush'],
      'device delete': ['shop', String(device?.id)],
      'device undo': ['shop', String(event?.id)],
      'user erase': ['shop', 'anna'],
      send: ['shop', '--title', 'Hello', '--users', 'anna'],
      'webhook add': ['shop', 'new', '--to', 'https://hooks.example/new'],
      'webhook replay': ['shop', 'crm', '--after', 'start'],
      'webhook pause': ['shop', 'crm'],
      'webhook resume': ['shop', 'crm'],
      'webhook remove': ['shop', 'crm'],
      import: ['shop', rows, '--format', 'ndjson', '--dialect', 'pushwoosh'],
      undo: ['shop', '--from', '2026-01-01T00:00:00Z'],
      'token create': ['eve', '--role', 'admin'],
      'token revoke': [String(kept?.id)],
      'login-link': [],
      // There is no previous key, so it is refused like the rotation itself.
      'key rotate': [],
    }
  }
  /** Commands that work on this machine or with a vendor; they have their own suites. */
  const ELSEWHERE = [
    'login',
    'logout',
    'context use',
    'pull backendless',
    'pull flameup',
    'pull mobilefirst',
    'pull pushwoosh',
    'restore',
    'replay',
    'migrate',
    'move',
  ]

  test('no command that calls a gateway sends it anything that changes something', async () => {
    const all = await cases()
    const remote = CHANGING.map(([name]) => name).filter((name) => !ELSEWHERE.includes(name))
    expect(Object.keys(all).toSorted()).toEqual(remote.toSorted())
    const url = {
      PUSHPORT_URL: `http://127.0.0.1:${(front.address() as AddressInfo).port}`,
      PUSHPORT_ADMIN_TOKEN: ADMIN_TOKEN,
    }
    const outcomes: Record<string, unknown> = {}
    for (const [name, args] of Object.entries(all)) {
      calls = []
      changed = []
      const ran = await cli([...name.split(' '), ...args, '--dry-run', '--json'], url)
      outcomes[name] = { ...codeOf(ran), asked: calls.length > 0, changed }
    }
    const fine = { code: 0, stderr: '', asked: true, changed: [] }
    expect(outcomes).toEqual({
      ...Object.fromEntries(Object.keys(all).map((name) => [name, fine])),
      'key rotate': { ...fine, code: 1, stderr: expect.stringContaining('No previous key') },
    })
  })

  const codeOf = ({ code, stderr }: Ran) => ({ code, stderr })

  test('tokens are neither made nor revoked, and a token that is not there is told', async () => {
    const list = async () => (await cli(['token', 'list', '--json'], at(server))).json
    await made('token', 'create', 'bob', '--role', 'read')
    const before = await list()
    const bob = before.find(({ name }) => name === 'bob')
    expect(await cli(['token', 'create', 'eve', '--dry-run'], at(server))).toMatchObject({
      code: 0,
      stdout: 'Would create a token for eve, with the role read.\n',
    })
    expect(await cli(['token', 'revoke', String(bob?.id), '--dry-run'], at(server))).toMatchObject({
      code: 0,
      stdout: 'Would revoke the token of bob.\n',
    })
    expect(await cli(['token', 'revoke', 'none', '--dry-run'], at(server))).toMatchObject({ code: 1 })
    expect(await cli(['token', 'create', 'eve', '--role', 'king', '--dry-run'], at(server))).toMatchObject({
      code: 2,
    })
    expect(await list()).toEqual(before)
  })

  test('no gateway is kept, forgotten or chosen', async () => {
    const env = {
      PUSHPORT_CONFIG: join(temporaryFolder(), 'contexts.json'),
      PUSHPORT_ADMIN_TOKEN: ADMIN_TOKEN,
    }
    const list = async () => (await cli(['context', 'list', '--json'], env)).json
    for (const name of ['one', 'two']) await cli(['login', server.origin, '--name', name], env)
    const before = await list()
    for (const args of [
      ['login', server.origin, '--name', 'three'],
      ['logout', 'one'],
      ['context', 'use', 'one'],
    ])
      expect(await cli([...args, '--dry-run'], env)).toMatchObject({
        code: 0,
        stdout: expect.stringMatching(/^Would /),
      })
    expect(await list()).toEqual(before)
    expect(before).toHaveLength(2)
  })
})
