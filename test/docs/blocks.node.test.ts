import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { strToU8, zipSync } from 'fflate'
import { exportPKCS8, generateKeyPair } from 'jose'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { pkcs12 } from '../adapters/mobilefirst/certificates.ts'
import { json, startVendor, type Vendor } from '../cli/vendor-server.ts'
import type { AppDocument } from '../harness/harness.ts'
import { postgresMissing } from '../harness/postgres/owner.ts'
import { freshDatabase } from '../harness/postgres/shared.ts'
import { run, temporaryFolder } from '../harness/process.ts'
import { ADMIN_TOKEN, type Server, startServer } from '../harness/server.ts'
import { codeOf, OPTIONS, READABLE, readBlock } from './blocks/code.ts'
import { ELSEWHERE } from './blocks/elsewhere.ts'
import { type Block, blocksOf, PAGES } from './blocks/pages.ts'
import { notedIn, programsFolder } from './blocks/programs.ts'
import { openShell } from './blocks/shell.ts'
import { type How, SHOWN, WALKS, type Walk } from './blocks/walks.ts'

const BLOCKS = PAGES.flatMap(blocksOf)
const isShell = ({ language }: Block) => /^sh\b/.test(language)
const howOf = ({ blocks = [] }: Walk, { text }: Block): How | undefined =>
  blocks.find(([words]) => text.includes(words))?.[1]
const said = ({ page, line, language }: Block) => `${page}:${line} ${language}`

test('every block has its treatment: it runs, or it is read, or something holds it', () => {
  const untreated = BLOCKS.filter((block) => {
    if (isShell(block)) return WALKS[block.page] === undefined
    if (READABLE.includes(block.language)) return false
    return !SHOWN.some(([page, words]) => page === block.page && block.text.includes(words))
  })
  expect(BLOCKS.length).toBeGreaterThan(200)
  expect(untreated.map(said)).toEqual([])
})

test('every treatment is of a block that is there', () => {
  const of = (page: string, words: string) =>
    BLOCKS.some((one) => one.page === page && one.text.includes(words))
  expect(
    Object.keys(WALKS).filter((page) => !BLOCKS.some((one) => one.page === page && isShell(one))),
  ).toEqual([])
  for (const [page, { blocks = [], fill = {} }] of Object.entries(WALKS))
    for (const words of [...blocks.map(([words]) => words), ...Object.keys(fill)])
      expect([page, words, of(page, words)]).toEqual([page, words, true])
  for (const [page, words, , heldBy] of SHOWN)
    expect([words, of(page, words), existsSync(heldBy)]).toEqual([words, true, true])
})

test('what another test runs, that test takes from the page', () => {
  for (const how of Object.values(WALKS).flatMap(({ blocks = [] }) => blocks.map(([, one]) => one)))
    if ('ranBy' in how) expect(readFileSync(how.ranBy, 'utf8')).toContain(how.takes)
})

describe.each(
  BLOCKS.filter((one) => READABLE.includes(one.language)).map((one) => [said(one), one] as const),
)('%s', (_, block) => {
  test('can be read, and leads to what the gateway serves', () => readBlock(block))
})

test.each(OPTIONS)('the option %s in the lines for the web and Node is one of %s', (option, file) => {
  const lines = BLOCKS.filter(({ language }) => language === 'js').map(({ text }) => text)
  expect(lines.join('\n')).toMatch(new RegExp(`\\b${option}\\b`))
  expect(codeOf(file)).toContain(option)
})

test('the drawing of the house has folders and files that are there', () => {
  const [drawing] = BLOCKS.filter(({ page, language }) => page === 'docs/architecture.md' && language === '')
  const named = drawing?.text.match(/\bsrc\/\w+|\badapters\b|\b\w+\.ts\b/g) ?? []
  expect(named.length).toBeGreaterThan(6)
  for (const name of named)
    expect(
      ['', 'src/store/sqlite/'].some((at) => existsSync(`${at}${name}`)),
      name,
    ).toBe(true)
})

const MFP_SECRET = 'a-secret-of-the-exporter'
const vendorAnswer = (origin: () => string) => (path: string) => {
  if (path.endsWith('/token')) return json({ access_token: 'a', token_type: 'Bearer', expires_in: 3600 })
  if (path.endsWith('/exportSegment')) return json({ task_id: 'task-1' })
  if (path.endsWith('/result'))
    return json({ status: 'completed', devices_count: 1, csv_filename: `${origin()}/files/1.zip` })
  if (path.endsWith('.zip')) {
    const table = `Hwid,User ID,Push Token,Type\nhwid-1,anna,${'z'.repeat(140)},3\n`
    return { body: zipSync({ 'export.csv': strToU8(table) }) }
  }
  if (path.endsWith('/DeviceRegistration')) return json([])
  return json({ devices: [], subscriptions: [], pageInfo: { count: '0', totalCount: '0' } })
}

let server: Server
let vendor: Vendor
let programs: string
let account: Readonly<Record<string, string>>
const RECORDED = temporaryFolder()
const SETTINGS = { ALLOW_PRIVATE_TARGETS: 'on', RATE_LIMIT: 'off', RECORD_SHARE: 'all' }
const NOTED = join(temporaryFolder(), 'noted')

beforeAll(async () => {
  const { privateKey } = await generateKeyPair('RS256', { extractable: true })
  server = await startServer({ runtime: 'node', env: { ...SETTINGS, RECORD_FOLDER: RECORDED } })
  const answer = vendorAnswer(() => vendor.origin)
  vendor = await startVendor(({ path }) => answer(path))
  account = {
    ...{ type: 'service_account', project_id: 'shop', private_key_id: '1', client_email: 'a@shop.example' },
    ...{ private_key: await exportPKCS8(privateKey), token_uri: 'https://oauth2.googleapis.com/token' },
  }
  programs = programsFolder()
})
afterAll(async () => void (await server?.stop()))

/** An app that speaks Flameup has a phone. */
async function registerPhone({ dialects }: AppDocument): Promise<string> {
  const [key] = (dialects.flameup?.apiKeys ?? []) as readonly { readonly key: string }[]
  if (!key) return ''
  const answer = await fetch(`${server.origin}/api/v1/people/ann/devices`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${key.key}`, 'Content-Type': 'application/json' },
    body: JSON.stringify({ token: 'phone-of-ann', platform: 'android' }),
  })
  expect(answer.ok).toBe(true)
  return key.key
}

/** The next page begins with its own app only. */
async function removeApps(): Promise<void> {
  const { apps } = (await server.admin('GET', '/apps?limit=100')) as { readonly apps: readonly AppDocument[] }
  for (const { id } of apps) await server.admin('DELETE', `/apps/${id}`)
}

const needsPostgres = ({ fill = {} }: Walk) => Object.values(fill).includes('$POSTGRES')

/** The folder of someone who follows a page, and an app with one phone. */
async function prepared(walk: Walk) {
  const folder = temporaryFolder()
  mkdirSync(join(folder, 'data'))
  writeFileSync(join(folder, 'data', 'admin-token'), ADMIN_TOKEN)
  writeFileSync(join(folder, 'data', 'certificate.p12'), pkcs12({ bundle: 'com.example.shop' }))
  writeFileSync(join(folder, 'data', 'service-account.json'), JSON.stringify(account))
  const app = await server.createApp(
    walk.dialects ?? { flameup: { apiKeys: [{ scopes: ['devices:write'] }] } },
    { name: 'shop' },
  )
  const apiKey = await registerPhone(app)
  const postgres = needsPostgres(walk) ? await freshDatabase({ bare: true }) : ''
  if (Object.keys(app.dialects).length === 0) await removeApps()
  const env = {
    ...{ PATH: `${programs}:${process.env.PATH}`, HOME: temporaryFolder(), PORT: '0', NOTED, APP: app.id },
    ...{ PUSHPORT_URL: server.origin, PUSHPORT_ADMIN_TOKEN: ADMIN_TOKEN, VENDOR: vendor.origin },
    ...{ ORIGIN: server.origin, POSTGRES: postgres, MOBILEFIRST_SECRET: MFP_SECRET },
    ...{ API_KEY: apiKey, RECORDED: join(RECORDED, 'recorded-000001.ndjson') },
    ...{ FLAMEUP_API_KEY: 'key', BACKENDLESS_API_KEY: 'key', PUSHWOOSH_API_TOKEN: 'token' },
  }
  return { folder, env }
}

describe.each(Object.entries(WALKS))('%s', (page, walk) => {
  test('can be followed from its first command to its last', async ({ skip }) => {
    const missing = needsPostgres(walk) ? postgresMissing() : undefined
    skip(missing !== undefined, missing)
    const blocks = BLOCKS.filter((one) => one.page === page && isShell(one))
    const { folder, env } = await prepared(walk)
    const shell = openShell(folder, env)
    const fills = Object.entries({
      ...walk.fill,
      ...{ 'https://gw.example': server.origin, '=APP_ID': '=$APP', '=… ': '=a-key ' },
      ...{ 'http://127.0.0.1:8787': server.origin, 'http://127.0.0.1:8788': server.origin },
    })
    const filled = (text: string) => fills.reduce((now, [from, to]) => now.replaceAll(from, to), text)
    try {
      const first = await shell.run(`set -o pipefail\n${walk.before ?? ''}`)
      if (first.code !== 0) throw new Error(`ends with ${first.code}: ${first.text}`)
      for (const block of blocks) {
        const how = howOf(walk, block)
        if (how && 'ranBy' in how) continue
        const text = filled(block.text)
        if (how && 'serves' in how) {
          const program = run('bash', ['-c', `cd '${folder}' && exec env ${text}`], env)
          await program.printed(how.serves, 60)
          program.signal('SIGTERM')
          await program.exited
          continue
        }
        const done = await shell.run(text)
        const told = `${said(block)}\n${text}\n${done.text.slice(0, 3000)}`
        if (how && 'refused' in how) {
          expect(told).toMatch(how.refused)
          expect([done.code === 0, told]).toEqual([false, told])
          continue
        }
        if (done.code !== 0) throw new Error(`ends with ${done.code}: ${told}`)
        if (how) expect(done.text).toMatch(how)
      }
    } finally {
      shell.end()
      await removeApps()
    }
  })
})

test('what cannot run here is what the pages say, checked as far as it can be', () => {
  const noted = notedIn(NOTED)
  const unused = new Set(ELSEWHERE)
  expect(noted.length).toBeGreaterThan(8)
  for (const one of noted) {
    const line = `${one.program} ${one.args.join(' ')}`
    const found = ELSEWHERE.find(({ command }) => command.test(line))
    expect(found, line).toBeDefined()
    found?.check(one)
    if (found) unused.delete(found)
  }
  expect([...unused].map(({ command, why }) => `${command} (${why}) is on no page`)).toEqual([])
})
