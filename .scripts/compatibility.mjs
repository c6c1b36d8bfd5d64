// Writes the compatibility report: runs the tests of the dialects and of the vendors' SDKs, in every runtime
// and on every engine of this machine, and writes the calls that they made as data, page and badges. `npm run
// compatibility`; `-- --project NAME` runs one project of test/vitest.config.ts and keeps the results of the
// others; `-- --render` runs none; `-- --collected` uses what an earlier run left in dist/compatibility.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'

const FACTS = join('dist', 'compatibility')
const flag = { type: 'boolean' }
const { values } = parseArgs({ options: { project: { type: 'string' }, render: flag, collected: flag } })

if (!values.render && !values.collected) {
  const projects = values.project ? [values.project] : ['node', 'workers', 'postgres', 'node-alone']
  rmSync(FACTS, { recursive: true, force: true })
  for (const project of projects) {
    const args = ['run', '--config', 'test/vitest.config.ts', '--project', project, '--passWithNoTests']
    const done = spawnSync(
      process.execPath,
      [
        join('node_modules', 'vitest', 'vitest.mjs'),
        ...args,
        project === 'node-alone' ? 'test/sdk' : 'test/adapters',
      ],
      { stdio: 'inherit', env: { ...process.env, COMPATIBILITY: FACTS } },
    )
    if (done.status !== 0) process.exitCode = 1
  }
}

await build({
  entryPoints: ['.scripts/reference/compatibility.ts'],
  outfile: 'dist/reference/compatibility.js',
  bundle: true,
  packages: 'external',
  platform: 'node',
  format: 'esm',
  logLevel: 'warning',
})
const { COMPATIBILITY, Report, compatibilityFiles, suiteReport } = await import(
  '../dist/reference/compatibility.js'
)
const json = (name) => JSON.parse(readFileSync(name, 'utf8'))
const facts =
  !values.render && existsSync(FACTS)
    ? readdirSync(FACTS)
        .sort()
        .map((name) => json(join(FACTS, name)))
    : []
const before = existsSync(COMPATIBILITY.data) ? Report.safeParse(json(COMPATIBILITY.data)).data : undefined
const files = compatibilityFiles(suiteReport(facts, before ?? null))
for (const [name, text] of Object.entries(files)) {
  mkdirSync(dirname(name), { recursive: true })
  writeFileSync(name, text)
}
