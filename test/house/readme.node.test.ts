import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { exportPKCS8, generateKeyPair } from 'jose'
import { describe, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { variablesOf } from '../../src/config.ts'
import { exampleApp, send } from '../harness/example.ts'
import { createHarness } from '../harness/harness.ts'

const read = (page: string) => readFileSync(page, 'utf8')
const readme = read('README.md')
const blocks = (text: string) =>
  [...text.matchAll(/^```sh[^\n]*\n([\s\S]*?)^```$/gm)].map(([, code = '']) => code)

test('the README opens with the two commands', () => {
  expect(blocks(readme)[0]).toBe('npm start\nnpm test\n')
})

test('every page that the README links is there', () => {
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map(([, path = '']) => path)
  expect(links.filter((path) => !existsSync(path))).toEqual([])
})

test.each(adapters.map(({ name }) => name))('the README leads to the recipe of %s', (name) => {
  expect(readme).toContain(`docs/recipes/${name}.md`)
})

test('the README answers what somebody asks who has to leave a vendor, in this order', () => {
  const titles = [...readme.matchAll(/^## (.*)$/gm)].map(([, title]) => title)
  expect(titles.slice(0, 5)).toEqual([
    'Can my app move?',
    'One minute to the first registration',
    'Move an app',
    'How a move goes, and how to go back',
    'See a push arrive',
  ])
  expect(readme.split('\n').length).toBeLessThan(240)
  for (const { name } of adapters) expect(readme).toContain(`docs/vendors/${name}.md`)
})

test('the settings that the README names are settings, and it leads to the page that has all', () => {
  const section = readme.slice(readme.indexOf('## Configuration'), readme.indexOf('## More'))
  const names = [...section.matchAll(/^\|((?: `[A-Z_]+`)+)/gm)].flatMap(([, cell = '']) =>
    [...cell.matchAll(/`([A-Z_]+)`/g)].map(([, name = '']) => name),
  )
  expect(names).toContain('MASTER_KEY')
  expect(names.filter((name) => !variablesOf(adapters).includes(name))).toEqual([])
  expect(section).toContain('(docs/configuration.md)')
})

test('every variable has a row in docs/configuration.md', () => {
  const page = read('docs/configuration.md')
  const rows = [...page.matchAll(/^\| `([A-Z_]+)` .*\| \S.*\|$/gm)].map(([, name]) => name)
  expect(rows.sort()).toEqual([...variablesOf(adapters)].sort())
})

const PAGES = [
  'README.md',
  ...readdirSync('docs', { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
]

test.each(PAGES)('what %s says to paste, zsh and a terminal take as it is (newcomer N9)', (page) => {
  for (const block of blocks(readFileSync(page, 'utf8'))) {
    // In an interactive zsh a comment is run as a command, and the text after its first semicolon as another.
    expect(block).not.toMatch(/(^|\s)#\s/m)
    // A background process of a terminal that reads keys is stopped.
    for (const line of block.split('\n').filter((one) => one.endsWith(' &')))
      expect(line).toContain('< /dev/null')
  }
})

test.each(PAGES)(
  '%s has one name for the gateway, and every shell variable of a gateway is set where it is used (newcomer 4)',
  (page) => {
    const text = readFileSync(page, 'utf8')
    expect(text).not.toMatch(/push\.example\.com\b|gateway\.example|pushport\.example/)
    const shell = blocks(text).join('\n')
    for (const name of ['GATEWAY', 'ADMIN_TOKEN']) {
      const used = shell.search(new RegExp(`\\$\\{?${name}\\b`))
      const set = shell.search(new RegExp(`export ${name}`))
      if (used >= 0) expect([name, set >= 0 && set < used]).toEqual([name, true])
    }
  },
)

describe.each(adapters)('the recipe of $name', (adapter) => {
  const recipe = readFileSync(`docs/recipes/${adapter.name}.md`, 'utf8')

  test('ends with a check, and says where refusals are (newcomer N5)', () => {
    expect(recipe).toMatch(/## Check that it works/)
    const shell = blocks(recipe).join('\n')
    expect(shell).toContain(`/devices?dialect=${adapter.name}&limit=3`)
    expect(shell).toContain(`/refusals?dialect=${adapter.name}&limit=5`)
    expect(recipe).toContain('## Limitations')
  })

  test('creates an app with placeholders that the gateway refuses as they are (newcomer F4)', async () => {
    const h = await createHarness()
    const [, body = ''] = /\/admin\/v1\/apps [\s\S]*?-d '([\s\S]*?)'\n/.exec(blocks(recipe).join('\n')) ?? []
    const response = await h.admin('POST', '/apps', JSON.parse(body))
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('placeholder')])
  })

  test('checks with commands that work', async () => {
    const h = await createHarness()
    const { id, example } = await exampleApp(h, adapter)
    await send(h, example)
    const found = await h.admin('GET', `/apps/${id}/devices?dialect=${adapter.name}&limit=3`)
    expect(await found.json()).toMatchObject({ devices: [{ dialect: adapter.name }] })
    expect((await h.admin('GET', `/refusals?dialect=${adapter.name}&limit=5`)).status).toBe(200)
  })
})

/** The file that a command of the page about credentials creates. */
function bodyFrom(program: string, file: string): Record<string, unknown> {
  const { stdout } = spawnSync(process.execPath, ['-pe', program], { input: file, encoding: 'utf8' })
  return JSON.parse(stdout) as Record<string, unknown>
}

test('the commands for credentials make bodies that the gateway takes, and refuses with their placeholders', async () => {
  const h = await createHarness()
  const app = (await (await h.admin('POST', '/apps', { name: 'shop', dialects: {} })).json()) as {
    id: string
  }
  const pem = async (algorithm: string) =>
    exportPKCS8((await generateKeyPair(algorithm, { extractable: true })).privateKey)
  const account = {
    ...{ type: 'service_account', project_id: 'shop', private_key_id: '1', client_email: 'a@shop.example' },
    ...{ private_key: await pem('RS256'), token_uri: 'https://oauth2.googleapis.com/token' },
  }
  const programs = [...read('docs/push-services.md').matchAll(/node -pe '([^']+)'/g)].map(
    ([, one = '']) => one,
  )
  expect(programs).toHaveLength(3)
  const [fcm, apns] = [
    bodyFrom(programs[0] ?? '', JSON.stringify(account)),
    bodyFrom(programs[1] ?? '', await pem('ES256')),
  ]
  const put = async (body: Record<string, unknown>) =>
    (await h.admin('PUT', `/apps/${app.id}/providers/${body.kind}`, body)).status
  expect(await put(fcm)).toBe(201)
  expect(await put(apns)).toBe(400)
  expect(await put({ ...apns, keyId: 'ABCDE12345', teamId: 'ABCDE12345', topic: 'com.example.shop' })).toBe(
    201,
  )
  expect(bodyFrom(programs[2] ?? '', 'file')).toMatchObject({ kind: 'apns', certificate: btoa('file') })
  expect(await put({ kind: 'webpush', subject: 'mailto:ops@shop.example' })).toBe(201)
})

test.each(adapters.map(({ name }) => name))(
  'the recipe of %s says how a back end is pointed here',
  (name) => {
    const recipe = read(`docs/recipes/${name}.md`)
    expect(recipe).toContain('## Point your back end here')
    expect(recipe).toContain('(../push-services.md)')
  },
)

test.each(PAGES)('every page of this repository that %s links is there', (page) => {
  const links = [...read(page).matchAll(/\]\((?!https?:)([^)#\s]+)(?:#[^)]*)?\)/g)].map(
    ([, path = '']) => path,
  )
  expect(links.filter((path) => !existsSync(join(dirname(page), path)))).toEqual([])
})

test('no command leaves a secret that git would add (newcomer F3)', () => {
  const shell = PAGES.flatMap((page) => blocks(readFileSync(page, 'utf8'))).join('\n')
  const written = [...shell.matchAll(/(?:>|\btee) ?([\w./-]+)/g)].map(([, file = '']) => file)
  const files = [...new Set(written)].filter((file) => !file.startsWith('/dev/'))
  expect(files.length).toBeGreaterThan(3)
  for (const file of [
    ...files,
    'admin-token',
    'master-key',
    'first-devices.sh',
    'apns.p8',
    'fcm.key',
    '.env',
  ]) {
    expect([file, spawnSync('git', ['check-ignore', '-q', '--no-index', file]).status]).toEqual([file, 0])
  }
})

test('the first paragraph says that messages are sent, and with whose credentials', () => {
  expect(readme.split('\n\n')[1]).toMatch(/sends,\s+too.*with\s+your own credentials/s)
})
