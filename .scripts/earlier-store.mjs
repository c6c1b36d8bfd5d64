// Run before a release: saves the data that this version stores, so that the tests of later versions can
// upgrade it (test/store/upgrade.node.test.ts). Starts a gateway, registers the demo's phone in every dialect
// with the commands that the gateway prints, and writes the database as SQL, with its keys: `node
// .scripts/earlier-store.mjs`. With the address of an empty PostgreSQL database as an argument, it writes the
// output of `pg_dump` (the same tests).
import { execFileSync, spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'

const root = join(dirname(fileURLToPath(import.meta.url)), '..')
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const keys = {
  adminToken: 'earlier-admin-token-0123456789',
  masterKey: 'AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=',
}
const folder = mkdtempSync(join(tmpdir(), 'pushport-earlier-'))
const file = join(folder, 'pushport.db')
const address = process.argv[2]

const server = spawn(process.execPath, [join(root, 'dist', 'node.js'), '--demo'], {
  env: {
    PORT: '0',
    DATABASE_URL: address ?? `file:${file}`,
    ADMIN_TOKEN: keys.adminToken,
    MASTER_KEY: keys.masterKey,
  },
})
let told = ''
server.stderr.setEncoding('utf8').on('data', (text) => {
  told += text
})
const ended = new Promise((resolve) => server.once('close', resolve))
while (!/# See it[^\n]*\n[^\n]*\n/.test(told)) await new Promise((resume) => setTimeout(resume, 50))
const [, origin] = /listens on (\S+)/.exec(told)
const [, app] = /A demo app was created \((\S+)\)/.exec(told)
const commands = Object.fromEntries(
  [...told.matchAll(/^# (\S+)\n((?:[^#\n].*\n)+)/gm)].map(([, dialect, command]) => [dialect, command]),
)
for (const command of Object.values(commands))
  execFileSync('bash', ['-ec', command.replaceAll('curl ', 'curl --fail-with-body ')], { stdio: 'pipe' })
server.kill('SIGTERM')
await ended

const out = join(root, 'test', 'fixtures', 'stores', ...(address ? ['postgres'] : []))
mkdirSync(out, { recursive: true })
writeFileSync(
  join(out, `${version}.sql`),
  address ? dumpOf(address) : dumped(new Database(file, { readonly: true })),
)
const portable = Object.entries(commands).map(([name, text]) => [name, text.replaceAll(origin, 'ORIGIN')])
const note = { ...keys, app, commands: Object.fromEntries(portable) }
writeFileSync(join(out, `${version}.json`), `${JSON.stringify(note, null, 2)}\n`)
rmSync(folder, { recursive: true })

/** Plain SQL for any client: without psql commands and settings of newer servers. */
function dumpOf(url) {
  const how = ['--inserts', '--no-owner', '--no-privileges', '--no-comments']
  const text = execFileSync('pg_dump', [...how, url], { encoding: 'utf8', maxBuffer: 1 << 26 })
  const kept = text.split('\n').filter((line) => !/^(--|\\|SET transaction_timeout)/.test(line))
  return `${kept.join('\n').replace(/\n{2,}/g, '\n')}\n`
}

function dumped(client) {
  const quoted = (name) => `"${name}"`
  const made = client
    .prepare(
      "SELECT type, name, sql FROM sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .all()
  const tables = made.filter(({ type }) => type === 'table')
  const rows = [...tables.map(({ name }) => name), 'sqlite_sequence'].flatMap((name) => {
    const columns = client.prepare('SELECT name FROM pragma_table_info(?)').pluck().all(name)
    const values = columns.map((column) => `quote(${quoted(column)})`).join(" || ', ' || ")
    return client
      .prepare(`SELECT ${values} FROM ${quoted(name)}`)
      .pluck()
      .all()
      .map((row) => `INSERT INTO ${quoted(name)} (${columns.map(quoted).join(', ')}) VALUES (${row});`)
  })
  const others = made.filter(({ type }) => type !== 'table')
  const text = ({ sql }) => `${sql};`
  return `${[...tables.map(text), ...rows, ...others.map(text)].join('\n')}\n`
}
