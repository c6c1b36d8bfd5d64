import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { adapters } from '../../adapters/index.ts'
import { createHarness } from '../harness/harness.ts'
import { run } from '../harness/process.ts'

const FOLDER = 'docs/vendors'
const GUIDES = adapters.map(({ name }) => name)
const read = (name: string) => readFileSync(join(FOLDER, `${name}.md`), 'utf8')

/** The commands of a page, one per line. */
const commandsOf = (page: string): string[] =>
  [...page.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block
      .replaceAll('\\\n', ' ')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('export ')),
  )

/** The words of a command, split as a shell does. */
const wordsOf = (command: string): string[] =>
  [...command.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, bare]) => double ?? single ?? bare ?? '',
  )

interface Curl {
  readonly method: string
  readonly path: string
  readonly query: readonly string[]
  readonly body: string | null
}

function curlOf(command: string): Curl {
  const [, ...words] = wordsOf(command)
  const after = (name: string) => words[words.indexOf(name) + 1]
  const target = words.find((word) => word.startsWith('$GATEWAY')) ?? ''
  const url = new URL(target.replace('$GATEWAY', 'http://gateway.test'))
  const body = words.includes('-d') ? (after('-d') ?? '') : null
  const method = words.includes('-X') ? (after('-X') ?? '') : body === null ? 'GET' : 'POST'
  return { method, path: url.pathname, query: [...url.searchParams.keys()], body }
}

type Operation = { readonly parameters?: readonly { readonly in: string; readonly name: string }[] }
const described = JSON.parse(readFileSync('docs/openapi.json', 'utf8')) as {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
}

/** The description of a call of the admin API; undefined if there is none. */
function operationOf({ method, path }: Curl): Operation | undefined {
  const parts = path.replace('/admin/v1', '').split('/')
  const fits = (pattern: string) => {
    const wanted = pattern.split('/')
    return (
      wanted.length === parts.length && wanted.every((part, at) => part.startsWith('{') || part === parts[at])
    )
  }
  const [, found] = Object.entries(described.paths).find(([pattern]) => fits(pattern)) ?? []
  return found?.[method.toLowerCase()]
}

const commandsWith = (name: string, start: string) =>
  commandsOf(read(name)).filter((one) => one.startsWith(start))

test('there is a guide for every vendor, and the README leads to it', () => {
  expect(readdirSync(FOLDER).sort()).toEqual(GUIDES.map((name) => `${name}.md`).sort())
  const readme = readFileSync('README.md', 'utf8')
  for (const name of GUIDES) expect(readme).toContain(`${FOLDER}/${name}.md`)
})

describe.each(GUIDES)('the guide of %s', (name) => {
  const rows = read(name)
    .split('\n')
    .filter((line) => /^\| +[0-9]+(?:–[0-9]+)? +\|/.test(line))
    .map((line) => line.split('|').map((cell) => cell.trim()))

  test('says of every week what to do, what to wait for, what users see, and how to go back', () => {
    expect(read(name)).toMatch(
      /^\| week +\| example +\| do +\| go on when +\| users see +\| the way back +\|$/m,
    )
    expect(rows.length).toBeGreaterThan(5)
    // The last week is the end: nothing has to be waited for.
    for (const cells of rows) expect(cells.filter((cell) => cell === '').length).toBeLessThan(4)
    for (const [, , , what, , users, back] of rows) expect([what, users, back]).not.toContain('')
  })

  test('has example dates that are Mondays, as many weeks apart as it says', () => {
    const first = Date.parse('2027-01-04T00:00:00Z')
    for (const [, week = '', example] of rows) {
      const weeks = Number.parseInt(week, 10)
      const date = new Date(first + weeks * 7 * 86_400_000)
      const told = date.toLocaleDateString('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' })
      expect([week, example]).toEqual([week, told])
    }
  })

  test('asks the admin API for what it has', () => {
    const curls = commandsWith(name, 'curl')
      .map(curlOf)
      .filter(({ path }) => path.startsWith('/admin/v1'))
    expect(curls.length).toBeGreaterThan(4)
    for (const curl of curls) {
      const names = operationOf(curl)?.parameters?.flatMap((one) => (one.in === 'query' ? [one.name] : []))
      expect(names, `${curl.method} ${curl.path}`).toBeDefined()
      expect(names).toEqual(expect.arrayContaining([...curl.query]))
    }
  })

  test('sets mirrors that a gateway takes, in the order of the path, and signs off', async () => {
    const h = await createHarness({ env: { ALLOW_PRIVATE_TARGETS: 'on' } })
    const app = await h.createApp({ [name]: {} })
    const modes: unknown[] = []
    for (const { method, path, body } of commandsWith(name, 'curl').map(curlOf)) {
      if (body === null || !path.startsWith('/admin/v1')) continue
      const own = path.replace('/admin/v1', '').replace('$APP', app.id)
      const answer = await h.admin(method, own, JSON.parse(body.replace('INSTANCE_ID', crypto.randomUUID())))
      const text = await answer.text()
      expect([own, answer.status, text]).toEqual([own, method === 'PATCH' ? 200 : 201, text])
      if (method === 'PATCH') modes.push(JSON.parse(body).dialects[name].mirror.mode)
    }
    const all = ['forward', 'record', 'shadow', 'local']
    expect(modes).toEqual(all.filter((mode) => modes.includes(mode)))
    expect(modes).toEqual(expect.arrayContaining(['forward', 'record', 'local']))
  })

  test('calls the dialect by routes that are there', async () => {
    const h = await createHarness({ dialect: name })
    for (const { method, path, body } of commandsWith(name, 'curl').map(curlOf)) {
      if (path.startsWith('/admin/v1')) continue
      const answer = await h.request(method, path, body === null ? {} : { body: JSON.parse(body) })
      // Without a credential; an unknown route is a 404.
      expect([path, answer.status]).toEqual([path, 401])
    }
  })

  test('uses commands and options that the command line has', async () => {
    const commands = commandsWith(name, 'npx pushport').map(wordsOf)
    expect(commands.length).toBeGreaterThan(1)
    for (const [, , first = '', second = '', ...rest] of commands) {
      const path = first === 'pull' ? [first, second] : [first]
      const help = await helpOf(['.scripts/pushport.mjs', ...path, '--help'])
      const given = [second, ...rest].filter((word) => word.startsWith('--'))
      for (const option of given)
        expect(help, `${path.join(' ')} ${option}`).toMatch(new RegExp(`${option}[=, \n]`))
    }
  })

  test('rehearses by an option that the rehearsal has', async () => {
    const [command = ''] = commandsWith(name, 'npm run demo:migration')
    const help = await helpOf(['--enable-source-maps', 'dist/demo-migration.js', '--help'])
    const given = wordsOf(command).filter((word) => /^--./.test(word))
    expect(given).toContain('--dialects')
    for (const option of given) expect(help).toContain(`  ${option} `)
    expect(command).toContain(`--dialects ${name}`)
  })

  test('says what can go wrong, what that costs, and what to do', () => {
    expect(read(name)).toMatch(/^## Risks\n\n\| risk +\| what it costs +\| what to do +\|$/m)
  })
})

const helps = new Map<string, Promise<string>>()

/** Requested once for each command. */
function helpOf(args: readonly string[]): Promise<string> {
  const key = args.join(' ')
  const known = helps.get(key) ?? asked(args)
  helps.set(key, known)
  return known
}

async function asked(args: readonly string[]): Promise<string> {
  const program = run(process.execPath, args, { NO_COLOR: '1' })
  expect((await program.exited).code).toBe(0)
  return program.stdout
}
