// Writes the types of the client (src/client/paths.d.mts) from docs/openapi.json: part of `npm run openapi`.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

const tool = join('dist', 'client-types')
const generator = join(tool, 'node_modules', 'openapi-typescript', 'dist', 'index.mjs')

if (!existsSync(generator)) {
  cpSync(join('.scripts', 'client'), tool, { recursive: true })
  const installed = spawnSync('npm', ['ci', '--no-audit', '--no-fund'], {
    cwd: tool,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (installed.status !== 0) process.exit(1)
}
const text = readFileSync('docs/openapi.json', 'utf8')
const { default: openapiTS, astToString } = await import(pathToFileURL(generator).href)
const types = astToString(await openapiTS(text, { silent: true }))
writeFileSync(
  join('src', 'client', 'paths.d.mts'),
  `// Written by \`npm run openapi\` from docs/openapi.json, whose SHA-256 is\n// ${createHash('sha256').update(text).digest('hex')}\n\n${types}`,
)
